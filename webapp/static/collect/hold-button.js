// The button that captures while it is held, by a pointer or by Enter. A tap of Enter captures until the next one, and so
// does a click that a screen reader makes: not everybody can hold.

import { make } from "../shared/elements.js";

const TAP = 300; // ms

/**
 * @typedef {object} HoldActions
 * @property {() => void} press
 * @property {() => void} release
 * @property {() => boolean} holding
 */

export class HoldButton {
  /** @type {number | null} when Enter went down and began a capture */
  #downSince = null;

  /**
   * @param {HTMLButtonElement} element
   * @param {HTMLElement} text
   * @param {HoldActions} actions
   */
  constructor(element, text, actions) {
    this.text = text;
    this.actions = actions;
    const { press, release } = actions;
    element.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      element.setPointerCapture(event.pointerId);
      press();
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) element.addEventListener(end, release);
    element.addEventListener("contextmenu", (event) => event.preventDefault());
    element.addEventListener("keydown", (event) => this.#keyDown(event));
    element.addEventListener("keyup", ({ key }) => key === "Enter" && this.#keyUp());
    element.addEventListener("blur", () => {
      if (this.#downSince !== null) release();
      this.#downSince = null;
    });
    element.addEventListener("click", ({ detail }) => !detail && this.#toggle());
  }

  /**
   * What a press captures, or is capturing.
   * @param {string} label "" where there is none
   * @param {boolean} capturing
   */
  show(label, capturing) {
    this.text.replaceChildren(capturing ? "Capturing " : "Hold to capture ", make("b", "", label));
  }

  /** @param {KeyboardEvent} event */
  #keyDown(event) {
    if (event.key !== "Enter") return;
    event.preventDefault(); // no click
    if (event.repeat) return;
    this.#toggle();
    this.#downSince = this.actions.holding() ? performance.now() : null;
  }

  #keyUp() {
    if (this.#downSince !== null && performance.now() - this.#downSince > TAP) this.actions.release();
    this.#downSince = null;
  }

  #toggle() {
    if (this.actions.holding()) this.actions.release();
    else this.actions.press();
  }
}
