// The line above the bars: what the main face says, and which one it is.

import { Announcer } from "../shared/announcer.js";
import { find } from "../shared/elements.js";
import { nameOf, spokenName } from "../shared/face-name.js";

/** @import { SeenFace } from "../shared/api" */

/** @typedef {{ main: SeenFace | null, row: SeenFace[], chosen: boolean }} InView the faces in view, `row` from left to right */

export class MainLine {
  /**
   * @param {HTMLElement} element
   * @param {() => void} automatic what the button does that a chosen face has
   */
  constructor(element, automatic) {
    this.label = find(element, "b", "[data-label]");
    this.which = find(element, "span", "[data-which]");
    this.button = find(element, "button", "[data-automatic]");
    this.announcer = new Announcer(find(element, "p", "[data-announced]"));
    this.button.addEventListener("click", automatic);
  }

  /** @param {InView} seen */
  show(seen) {
    write(this.label, seen.main ? nameOf(seen.main) : "–");
    write(this.which, [seen.main?.doubt, which(seen)].filter(Boolean).join(" · "));
    this.button.hidden = !seen.chosen;
    this.announcer.tell(seen.main ? spokenName(seen.main) : "");
  }
}

/**
 * Which of several faces the main one is, in words.
 * @param {InView} seen
 */
export function which({ main, row, chosen }) {
  if (!main || (row.length < 2 && !chosen)) return "";
  const place = row.length < 2 ? "" : `${row.findIndex(({ id }) => id === main.id) + 1} of ${row.length} · `;
  return place + (chosen ? "chosen" : "largest");
}

/** @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
