// A line that changes often: it is shown as it is now, and told to screen readers now and then.

import { make } from "./elements.js";

const SPOKEN_EVERY = 10_000; // ms

/**
 * @param {HTMLElement} element where the line is shown
 * @returns {(text: string, last: boolean) => void} shows a text; the last one is told in any case
 */
export function readout(element) {
  const spoken = make("span", "visually-hidden", "", { role: "status" });
  element.after(spoken);
  let due = 0;
  return (text, last) => {
    element.textContent = text;
    const now = performance.now();
    if (!last && now < due) return;
    due = now + SPOKEN_EVERY;
    spoken.textContent = text;
  };
}
