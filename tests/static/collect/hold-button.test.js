import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { HoldButton } from "../../../webapp/static/collect/hold-button.js";
import { page } from "../fakes.js";

/** @type {HTMLButtonElement} */
let element;
/** @type {string[]} */
let said;
/** @type {HoldButton} */
let button;

beforeEach(() => {
  vi.useFakeTimers();
  page("<button><span></span></button>");
  element = /** @type {HTMLButtonElement} */ (document.querySelector("button"));
  element.setPointerCapture = vi.fn();
  said = [];
  let holding = false;
  const turn = (/** @type {string} */ what, /** @type {boolean} */ now) => () => {
    if (holding !== now) said.push(what);
    holding = now;
  };
  const actions = { press: turn("press", true), release: turn("release", false), holding: () => holding };
  button = new HoldButton(element, /** @type {HTMLElement} */ (element.firstElementChild), actions);
});
afterEach(() => vi.useRealTimers());

const key = (/** @type {string} */ type, options = {}) =>
  element.dispatchEvent(new KeyboardEvent(type, { key: "Enter", cancelable: true, ...options }));

test("Enter captures while it is held; what it repeats meanwhile does nothing", () => {
  expect(key("keydown")).toBe(false); // and no click comes of it
  vi.advanceTimersByTime(500);
  key("keydown", { repeat: true });
  expect(said).toEqual(["press"]);
  key("keyup");
  expect(said).toEqual(["press", "release"]);
});

test("a tap of Enter captures until the next one", () => {
  for (let taps = 0; taps < 3; taps += 1) {
    key("keydown");
    vi.advanceTimersByTime(100);
    key("keyup");
    vi.advanceTimersByTime(1000);
  }
  expect(said).toEqual(["press", "release", "press"]);
});

test("who leaves the button while Enter is down has let it go", () => {
  key("keydown");
  element.dispatchEvent(new Event("blur"));
  expect(said).toEqual(["press", "release"]);
});

test("a screen reader's click turns it on and off, a mouse's is no press of its own", () => {
  const click = (/** @type {number} */ detail) => element.dispatchEvent(new MouseEvent("click", { detail }));
  click(1);
  expect(said).toEqual([]);
  click(0);
  click(0);
  expect(said).toEqual(["press", "release"]);
});

test("it says what it captures, and a name is no markup", () => {
  button.show("<i>wink</i>", false);
  expect(element.textContent).toBe("Hold to capture <i>wink</i>");
  expect(element.querySelector("b")?.textContent).toBe("<i>wink</i>");
  button.show("wink", true);
  expect(element.textContent).toBe("Capturing wink");
});
