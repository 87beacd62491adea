// What a screen reader is told of something that may change many times a second: only what has stayed for a while.

const STAYED = 1000; // ms

export class Announcer {
  #text = "";
  #since = 0;

  /** @param {HTMLElement} element a live region */
  constructor(element) {
    this.element = element;
  }

  /**
   * To be called again and again with what is so now; `at once` for what must not wait.
   * @param {string} text
   * @param {{ atOnce?: boolean, now?: number }} [options]
   */
  tell(text, { atOnce = false, now = performance.now() } = {}) {
    if (text !== this.#text) this.#since = now;
    this.#text = text;
    if ((atOnce || now - this.#since >= STAYED) && this.element.textContent !== text) this.element.textContent = text;
  }
}
