// What a person does and sees. Timers are fake where these are used.

import { vi } from "vitest";

import { FakeObserver } from "./fakes.js";

/**
 * What happens once `element` can be seen.
 * @param {HTMLElement} element
 */
export async function comeIntoView(element) {
  FakeObserver.intersect(element);
  await turn();
}

/** Lets everything happen that waits for nothing but its turn; timers are fake. */
export const turn = () => vi.advanceTimersByTimeAsync(0);

/**
 * @param {string} key
 * @param {Element} target
 * @param {KeyboardEventInit} options
 */
export const press = (key, target = document.body, options = {}) =>
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options }));

/** What went wrong, as it is said at the foot of the page. */
export const complaint = () => document.querySelector(".mien-toast.bad.shown")?.textContent;

/** What is said at the foot of the page with a way back. */
export const offer = () => document.querySelector(".mien-toast.offer.shown");

/** What is said at the foot of the page without one. */
export const said = () => document.querySelector(".mien-toast.shown:not(.offer)")?.textContent;

/** @param {string} text of the button in the question that is asked */
export async function reply(text) {
  const buttons = [...document.querySelectorAll("dialog button")];
  /** @type {HTMLButtonElement} */ (buttons.find(({ textContent }) => textContent === text)).click();
  await turn();
}

/** jsdom has no dialogs. */
export function withDialogs() {
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
    this.dispatchEvent(new Event("close"));
  };
}

/** Leaves the page as it was: the test files of a worker share it. */
export async function tidy() {
  vi.runOnlyPendingTimers(); // the lines at the foot of the page go
  document.body.replaceChildren();
  await turn(); // what lived on the page ends
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
}
