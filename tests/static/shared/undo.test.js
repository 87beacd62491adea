import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { fakeServer } from "../fakes.js";
import { complaint, offer, press, said, tidy, turn } from "../person.js";
import { reviewPanel } from "../review/review-page.js";

/** @typedef {typeof import("../../../webapp/static/shared/undo.js")} Undo */

/** @type {Undo} */
let undo;
/** @type {ReturnType<typeof fakeServer>} */
let asked;
/** @type {Record<string, object>} */
let answers;

const actions = () => asked.map(({ body }) => body.action);

/** The page is loaded anew: what scripts held is gone. */
const reload = async () => {
  vi.resetModules();
  undo = await import("../../../webapp/static/shared/undo.js");
};

beforeEach(async () => {
  vi.useFakeTimers();
  sessionStorage.clear();
  reviewPanel("gallery");
  answers = {};
  asked = fakeServer({
    "POST /data/undo": ({ body }) => answers[body.action] ?? { ids: [1, 2], later: 0, label: null },
  });
  await reload();
});

afterEach(tidy);

test("what was done is taken back by the line that says so", async () => {
  const heard = vi.fn();
  window.addEventListener("mien:changed", heard);
  undo.offerUndo("2 images relabelled.", "a");
  offer()?.querySelector("button")?.click();
  await turn();
  window.removeEventListener("mien:changed", heard);
  expect(actions()).toEqual(["a"]);
  expect(said()).toBe("Undone: 2 images as before.");
  expect(undo.nextUndo()).toBeNull();
  expect(heard).toHaveBeenCalledOnce();
});

test("one thing after the other is taken back, the last one first, over a reload too", async () => {
  undo.offerUndo("first", "a");
  undo.offerUndo("second", "b");
  await reload();
  expect(undo.nextUndo()?.text).toBe("second");
  await undo.undoLast();
  await undo.undoLast();
  await undo.undoLast();
  expect(actions()).toEqual(["b", "a"]);
});

test("two quick presses take two things back", async () => {
  undo.offerUndo("first", "a");
  undo.offerUndo("second", "b");
  await Promise.all([undo.undoLast(), undo.undoLast()]);
  expect(actions()).toEqual(["b", "a"]);
});

test("what was undone elsewhere is said and forgotten; what cannot be done yet stays", async () => {
  answers.gone = Response.json({ error: "There is nothing to undo any more." }, { status: 404 });
  answers.later = Response.json({ error: "There is another label “wink” by now." }, { status: 422 });
  undo.offerUndo("first", "later");
  undo.offerUndo("second", "gone");
  await undo.undoLast();
  expect(complaint()).toBe("There is nothing to undo any more.");
  await undo.undoLast();
  expect(complaint()).toBe("There is another label “wink” by now.");
  expect(undo.nextUndo()?.text).toBe("first");
});

test("what the page itself takes back is not promised over a reload", async () => {
  const back = vi.fn(async () => "Back.");
  undo.offerUndo("named", back);
  await undo.undoLast();
  expect(back).toHaveBeenCalledOnce();
  expect(said()).toBe("Back.");
  undo.offerUndo("named", back);
  await reload();
  expect(undo.nextUndo()).toBeNull();
});

test("what a browser tab has stored wrongly is left alone", async () => {
  for (const stored of ["{", "7", '[{"back": 3}, {"text": "x"}, null]']) {
    sessionStorage.setItem("mien-undo", stored);
    await reload();
    expect(undo.nextUndo()).toBeNull();
  }
});

test.each([
  [{ ids: [1], later: 0, label: null }, "Undone: 1 image as before."],
  [
    { ids: [1, 2], later: 3, label: null },
    "Undone: 2 images as before. 3 images answered again since: left as they are.",
  ],
  [{ ids: [], later: 1, label: null }, "Nothing left to undo. 1 image answered again since: left as it is."],
  [{ ids: [], later: 0, label: "wink" }, "“wink” is back."],
])("%o is said as %s", (done, sentence) => {
  expect(undo.undoneText(done)).toBe(sentence);
});

test("Review's button says what U would take back, where nobody is typing", async () => {
  const { undoButton } = await import("../../../webapp/static/review/undo-button.js");
  const tab = /** @type {HTMLElement} */ (document.querySelector(".review"));
  undoButton(tab);
  const button = /** @type {HTMLButtonElement} */ (tab.querySelector("[data-undo-last]"));
  expect(button.hidden).toBe(true);
  undo.offerUndo("2 images moved to the trash.", "a");
  expect(button.hidden).toBe(false);
  expect(button.querySelector("span")?.textContent).toBe("Undo: 2 images moved to the trash");
  press("u", /** @type {Element} */ (tab.querySelector("select")));
  await turn();
  expect(actions()).toEqual([]);
  press("u");
  await turn();
  expect(actions()).toEqual(["a"]);
  expect(button.hidden).toBe(true);
});
