// Whether the space bar captures, or presses the control that has the focus: who has come to a control by the Tab key
// presses it; after a click the space bar captures.

const CONTROLS = "button, a, summary, label";
/** The hold button itself, and what a press would change nothing of. */
const PRESSED_ALREADY = "[data-hold], .label-card[aria-checked=true], [role=tab][aria-selected=true]";

export class SpaceBar {
  #tabbed = false;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    const options = { signal, capture: true };
    document.addEventListener("pointerdown", () => (this.#tabbed = false), options);
    document.addEventListener("keydown", ({ key }) => key === "Tab" && (this.#tabbed = true), options);
  }

  /** Whether the focus was last moved by the Tab key. */
  get tabbed() {
    return this.#tabbed;
  }

  /** From now on it captures, whatever has the focus. */
  captureAgain() {
    this.#tabbed = false;
  }

  /**
   * Whether it captures although `target` has the focus.
   * @param {EventTarget | null} target
   */
  captures(target) {
    const control = this.#tabbed && target instanceof Element && target.closest(CONTROLS);
    return !control || control.matches(PRESSED_ALREADY);
  }
}
