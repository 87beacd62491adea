import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { versionResult } from "../../../webapp/static/train/version-result.js";
import { fakeServer, page } from "../fakes.js";
import { complaint, offer, tidy, turn } from "../person.js";
import { cardOf, metricsOf, stateOf, versionOf } from "./runs.js";

/** @import { Card, MistakenFace } from "../../../webapp/static/shared/api" */

const actions = { use: vi.fn(), changed: vi.fn() };
const AFTER = metricsOf(0.5, {
  recall: { fear: 0.5, wink: null },
  confusion: [
    [1, 1],
    [0, 0],
  ],
});

/** @type {HTMLElement} */
let shown;

/**
 * @param {number} number
 * @param {Partial<Card>} fields
 * @param {MistakenFace[]} wrong
 */
function show(number, fields, wrong = []) {
  const data = {
    ...stateOf().data,
    labels: ["fear", "wink"].map((name) => ({ name, color: "#0072b2", images: 9, left_out: false })),
  };
  const state = stateOf({
    data,
    active: 1,
    versions: [versionOf(3, { held_out: 0.5 }), versionOf(2, { held_out: 0.4 })],
  });
  const version = { number, card: cardOf(fields), colors: { fear: "#111111", wink: "#222222" }, wrong };
  shown.replaceChildren(...versionResult(version, state, actions));
}

beforeEach(() => {
  vi.useFakeTimers();
  actions.use.mockReset();
  actions.changed.mockReset();
  shown = /** @type {HTMLElement} */ (page());
});

afterEach(tidy);

test("why a version waits is said, and it can be used anyway", () => {
  show(3, { after: AFTER, verdict: { activate: false, reason: "It is no better." } });
  expect(shown.querySelector(".train-verdict")?.textContent).toBe("It is no better.");
  const use = [...shown.querySelectorAll("button")].find(({ textContent }) => textContent === "Use it anyway");
  use?.click();
  expect(actions.use).toHaveBeenCalledWith(3);
});

test("the version in use cannot be chosen again", () => {
  show(1, { after: AFTER, verdict: { activate: true, reason: "" } });
  expect(shown.querySelector(".mien-badge")?.textContent).toBe("in use");
  expect([...shown.querySelectorAll("button")].map(({ textContent }) => textContent)).not.toContain("Use it");
});

test("a version that was not measured has no figures of labels", () => {
  show(0, {});
  expect(shown.querySelector(".train-recalls")).toBeNull();
  expect(shown.textContent).toContain("It comes with Mien and names fear, wink.");
});

test("names are text, whatever they are made of", () => {
  show(3, { name: "<img src=x>", labels: ["<b>fear</b>", "wink"], after: AFTER });
  expect(shown.querySelector(".train-heading img, .train-confusion b")).toBeNull();
  expect(shown.querySelector(".train-heading h2")?.textContent).toBe("Version 3 · <img src=x>");
});

test("a version is held against the one before, or another that was measured", async () => {
  show(3, { before: metricsOf(0.25), after: AFTER });
  const all = () => shown.querySelector(".train-recall .number")?.textContent;
  expect(all()).toBe("25\u00a0% → 50\u00a0%");
  fakeServer({
    "GET /data/train/versions/2": { number: 2, card: cardOf({ after: metricsOf(0.4) }), colors: {}, wrong: [] },
  });
  const choose = /** @type {HTMLSelectElement} */ (shown.querySelector("[aria-label='Compare with']"));
  expect([...choose.options].map(({ value }) => value)).toEqual(["", "2"]);
  choose.value = "2";
  choose.dispatchEvent(new Event("change"));
  await turn();
  expect(all()).toBe("40\u00a0% → 50\u00a0%");
  choose.value = "";
  choose.dispatchEvent(new Event("change"));
  expect(all()).toBe("25\u00a0% → 50\u00a0%");
});

describe("a face that it got wrong", () => {
  const wrong = [{ image: 7, label: "fear", now: "fear", predicted: "wink", certainty: 0.7 }];
  const figure = () => /** @type {HTMLElement} */ (shown.querySelector("[data-image='7']"));
  const choice = () => /** @type {HTMLSelectElement} */ (figure().querySelector("select"));
  const relabel = async () => {
    choice().value = "wink";
    choice().dispatchEvent(new Event("change"));
    await turn();
  };

  test("can get another label, and its own back", async () => {
    const asked = fakeServer({ "POST /data/annotate": { action: "a1" }, "POST /data/undo": { ids: [7] } });
    show(3, { after: AFTER }, wrong);
    expect(figure().textContent).toContain("says wink, 70\u00a0%");
    await relabel();
    expect(asked[0].body).toEqual({ ids: [7], label: "wink", kind: "label" });
    expect(figure().className).toBe("relabelled");
    expect(actions.changed).toHaveBeenCalledOnce();
    offer()?.querySelector("button")?.click();
    await turn();
    expect(asked[1].body).toEqual({ action: "a1" });
    expect(choice().value).toBe("fear");
    expect(figure().className).toBe("");
    expect(actions.changed).toHaveBeenCalledTimes(2);
  });

  test("keeps its label where it cannot get another", async () => {
    fakeServer({ "POST /data/annotate": Response.json({ error: "That image is gone." }, { status: 404 }) });
    show(3, { after: AFTER }, wrong);
    await relabel();
    expect(complaint()).toBe("That image is gone.");
    expect(choice().value).toBe("fear");
    expect(actions.changed).not.toHaveBeenCalled();
  });

  test("may have lost its label meanwhile", () => {
    show(3, { after: AFTER }, [{ ...wrong[0], now: null }]);
    expect(choice().selectedOptions[0].textContent).toBe("no label");
    expect(figure().className).toBe("relabelled");
  });
});
