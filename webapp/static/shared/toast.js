// The lines at the foot of the page that say what became of an action.

import { make } from "./elements.js";

const SHOWN = 4000; // ms
const OFFERED = 8000;

class Toast {
  #timer = 0;

  /** @param {string} className */
  constructor(className) {
    this.element = make("div", `mien-toast ${className}`, "", { role: "status", "aria-live": "polite" });
  }

  /**
   * @param {string} text
   * @param {boolean} bad
   * @param {number} duration
   */
  show(text, bad, duration) {
    this.element.textContent = text;
    this.element.classList.toggle("bad", bad);
    this.element.classList.add("shown");
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.hide(), duration);
  }

  hide() {
    this.element.classList.remove("shown");
  }
}

const offer = new Toast("offer");
const line = new Toast("");

/** Over a dialog where one is open, which makes the rest of the page inert. The line's style needs the offer before it. */
export function place() {
  const host = document.querySelector("dialog[open]") ?? document.querySelector(".gradio-container");
  if (line.element.parentElement !== host) host?.append(offer.element, line.element);
}

/**
 * A line at the foot of the page; with `undo` it has a button for it, and stays whatever else is said meanwhile.
 * @param {string} text
 * @param {{ bad?: boolean, undo?: (() => void) | null }} [options]
 */
export function say(text, { bad = false, undo = null } = {}) {
  place();
  if (!undo) return line.show(text, bad, SHOWN);
  const act = make("button", "link", "Undo", { type: "button" });
  act.addEventListener("click", () => {
    offer.hide();
    undo();
  });
  offer.show(text, bad, OFFERED);
  offer.element.append(act);
}

/** What was offered to be taken back is not any more. */
export const withdrawOffer = () => offer.hide();

/**
 * Runs `action`; says what went wrong. Returns its result, or undefined.
 * @template Result
 * @param {() => Promise<Result>} action
 * @returns {Promise<Result | undefined>}
 */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), { bad: true });
    return undefined;
  }
}
