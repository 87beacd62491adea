import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import html from "../../../webapp/static/train/train.html?raw";
import { mount } from "../../../webapp/static/train/train.js";
import { FakeObserver, fakeServer, layOut, page } from "../fakes.js";
import { comeIntoView, complaint, reply, tidy, turn, withDialogs } from "../person.js";
import { detailOf, runOf, stateOf, trainableLabel, versionOf } from "./runs.js";

/** @import { TrainingState } from "../../../webapp/static/shared/api" */

const SECOND = 1000;

/** @type {HTMLElement} */
let element;
/** @type {TrainingState} what the server would say now */
let state;
/** @type {ReturnType<typeof fakeServer>} */
let asked;

const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(`[data-${name}]`));
const asks = () => asked.filter(({ path }) => path === "/data/train").length;
const posts = () => asked.filter(({ method }) => method === "POST").map(({ path, body }) => [path, body]);
const row = (/** @type {number} */ number) =>
  /** @type {HTMLElement} */ (element.querySelector(`tr[data-version="${number}"]`));
const pressIn = (/** @type {HTMLElement} */ place, /** @type {string} */ text) =>
  [...place.querySelectorAll("button")].find(({ textContent }) => textContent === text)?.click();

/** @param {Parameters<typeof fakeServer>[0]} answers */
async function open(answers = {}) {
  asked = fakeServer({
    "GET /data/train": () => state,
    ...Object.fromEntries([0, 1, 2].map((number) => [`GET /data/train/versions/${number}`, detailOf(number)])),
    ...answers,
  });
  mount({ element });
  await comeIntoView(element);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("IntersectionObserver", FakeObserver);
  layOut();
  withDialogs();
  Element.prototype.scrollIntoView = () => {};
  element = /** @type {HTMLElement} */ (page(html));
  state = stateOf();
});

afterEach(tidy);

test("what is missing is said, and nothing can be started before it is there", async () => {
  state = stateOf({ data: { ...state.data, missing: "No labels yet: collect some faces first.", unlabelled: 3 } });
  await open();
  expect(part("missing").textContent).toContain("No labels yet");
  expect(part("unlabelled").textContent).toContain("3 images wait for a label.");
  expect(part("retrain")).toHaveProperty("disabled", true);
  state = stateOf();
  await vi.advanceTimersByTimeAsync(4 * SECOND);
  expect(part("missing").hidden).toBe(true);
  expect(part("retrain")).toHaveProperty("disabled", false);
});

describe("a run", () => {
  test("is started once, watched every second, and its version shown when it is done", async () => {
    await open({
      "POST /data/train/start": () => {
        state = { ...state, run: runOf({ state: "queued" }) };
        return state.run;
      },
    });
    /** @type {HTMLInputElement} */ (part("go-on")).checked = true;
    part("retrain").click();
    part("retrain").click();
    await turn();
    expect(posts()).toEqual([["/data/train/start", { go_on: true, hold_out: [] }]]);
    expect(part("run-title").textContent).toBe("Starting");
    const before = asks();
    state = { ...state, run: runOf({ stage: "training", epoch: 2, epochs: 4 }) };
    await vi.advanceTimersByTimeAsync(3 * SECOND);
    expect(asks()).toBe(before + 3);
    expect(part("stage").textContent).toMatch(/^Epoch 2 of 4/);
    expect(element.querySelector("progress")?.value).toBe(0.3);
    const changed = vi.fn();
    window.addEventListener("mien:changed", changed, { once: true });
    state = stateOf({
      run: runOf({ state: "done", open: false, version: 1 }),
      active: 1,
      versions: [versionOf(1), versionOf(0)],
    });
    await vi.advanceTimersByTimeAsync(SECOND);
    expect(element.querySelector(".train-heading")).toHaveProperty("dataset.version", "1");
    expect(part("stage").textContent).toBe("Version 1 is in use now.");
    expect(changed).toHaveBeenCalledOnce();
  });

  test("holds out whom somebody ticks, and the labels say at once what that means", async () => {
    const labels = [trainableLabel("wink", { images: 9, takes: 3 })];
    state = stateOf({ data: { ...state.data, labels, people: [{ name: "Ada", images: { wink: 4 } }], fair: 5 } });
    await open({ "POST /data/train/start": runOf() });
    element.querySelector("fieldset input")?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    expect(part("counts").textContent).toContain("4 of 9 held out.");
    part("retrain").click();
    await turn();
    expect(posts()).toEqual([["/data/train/start", { go_on: false, hold_out: ["Ada"] }]]);
  });

  test("that cannot be started is said, and can be tried again", async () => {
    await open({ "POST /data/train/start": Response.json({ error: "It is under way already." }, { status: 409 }) });
    part("retrain").click();
    await turn();
    expect(complaint()).toBe("It is under way already.");
    expect(part("retrain")).toHaveProperty("disabled", false);
  });

  test("is cancelled by its number, and can be started again", async () => {
    state = stateOf({ run: runOf({ id: 7 }) });
    await open({ "POST /data/train/cancel/7": runOf({ id: 7, state: "cancelled", open: false }) });
    expect(part("cancel").hidden).toBe(false);
    part("cancel").click();
    await turn();
    expect(part("run-title").textContent).toBe("Cancelled");
    expect(part("again").hidden).toBe(false);
    expect(part("cancel").hidden).toBe(true);
  });
});

test("two answers that are under way at once are one question", async () => {
  await open();
  const before = asks();
  window.dispatchEvent(new CustomEvent("mien:changed", { detail: {} }));
  window.dispatchEvent(new CustomEvent("mien:changed", { detail: {} }));
  await turn();
  expect(asks()).toBe(before + 1);
});

test("nothing is asked any more once the tab is gone", async () => {
  state = stateOf({ run: runOf() });
  await open();
  const before = asks();
  document.body.replaceChildren();
  await vi.advanceTimersByTimeAsync(5 * SECOND);
  window.dispatchEvent(new CustomEvent("mien:changed", { detail: {} }));
  await turn();
  expect(asks()).toBe(before);
});

describe("versions", () => {
  beforeEach(() => {
    state = stateOf({ active: 1, versions: [versionOf(2), versionOf(1, { name: "winks" }), versionOf(0)] });
  });

  test("are shown, used, described and deleted", async () => {
    await open({
      "POST /data/train/versions/2/use": { active: 2 },
      "POST /data/train/versions/2/describe": ({ body }) => ({ ...versionOf(2), ...body }),
      "POST /data/train/versions/2/delete": { deleted: 2 },
    });
    pressIn(row(2), "Version 2");
    await turn();
    expect(row(2).className).toBe("shown");
    pressIn(row(2), "Use");
    await turn();
    pressIn(row(2), "Name and note");
    await turn();
    /** @type {HTMLInputElement} */ (document.querySelector("dialog input")).value = "smirks";
    await reply("Save");
    pressIn(row(2), "Delete");
    await turn();
    await reply("Delete");
    expect(posts()).toEqual([
      ["/data/train/versions/2/use", undefined],
      ["/data/train/versions/2/describe", { name: "smirks", note: "" }],
      ["/data/train/versions/2/delete", undefined],
    ]);
  });

  test("another one in use is shown as such, whoever chose it", async () => {
    await open();
    expect(row(1).textContent).toContain("in use");
    const changed = vi.fn();
    window.addEventListener("mien:changed", changed, { once: true });
    state = { ...state, active: 2 };
    await vi.advanceTimersByTimeAsync(4 * SECOND);
    expect(row(2).textContent).toContain("in use");
    expect(changed).toHaveBeenCalledOnce();
  });

  test("stay as they are drawn while nothing changes, so that no click is lost", async () => {
    await open();
    const drawn = row(2);
    await vi.advanceTimersByTimeAsync(8 * SECOND);
    expect(row(2)).toBe(drawn);
  });
});
