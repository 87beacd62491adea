import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { isMeantFor } from "../../../webapp/static/shared/keyboard.js";
import { layOut, page } from "../fakes.js";

const MARKUP = `
  <section>
    <input type="text" /><textarea></textarea><select></select><p contenteditable><b></b></p>
    <input type="checkbox" /><input type="file" /><button></button>
  </section>
  <dialog><button></button></dialog>`;

let container;

beforeEach(() => {
  layOut();
  container = page(MARKUP);
});
afterEach(() => vi.restoreAllMocks());

/** Whether a key pressed on the element that `selector` names is meant for the section. */
function meant(selector, options = {}) {
  let answer;
  const hear = (event) => (answer = isMeantFor(container.querySelector("section"), event));
  document.addEventListener("keydown", hear, { once: true });
  const event = new KeyboardEvent("keydown", { key: "1", bubbles: true, ...options });
  container.querySelector(selector).dispatchEvent(event);
  return answer;
}

test("a key is meant for a part unless somebody types or answers a question", () => {
  for (const selector of ["section", "button", "[type=checkbox]", "[type=file]"]) expect(meant(selector)).toBe(true);
  for (const selector of ["[type=text]", "textarea", "select", "[contenteditable] b", "dialog button"]) {
    expect(meant(selector), selector).toBe(false);
  }
});

test("keys of the browser and of other parts are not", () => {
  expect(meant("section", { ctrlKey: true })).toBe(false);
  expect(meant("section", { metaKey: true })).toBe(false);
  expect(meant("section", { altKey: true })).toBe(false);
  container.querySelector("section").hidden = true;
  expect(meant("button")).toBe(false);
});
