// A bar for every label of the main face, in the model's order, which never changes while live.

import { SPARE } from "./colors.js";
import { wear } from "./label-look.js";
import { percent } from "./numbers.js";

/** @import { FaceExpression } from "../mien.js" */
/** @import { Look } from "./label-look.js" */

export class Bars {
  /** @type {Map<string, { row: HTMLElement, fill: HTMLElement, share: HTMLElement }>} by label */
  #rows = new Map();

  /**
   * @param {HTMLElement} element
   * @param {string[]} labels
   * @param {Record<string, Look>} looks
   */
  constructor(element, labels, looks) {
    for (const label of labels) {
      const [row, name, track, fill, share] = ["div", "span", "span", "i", "span"].map((tag) =>
        document.createElement(tag),
      );
      row.className = "bar";
      wear(row, looks[label] ?? { color: SPARE, pattern: "" });
      name.className = "name";
      name.textContent = name.title = label;
      track.className = "track";
      track.append(fill);
      share.className = "number";
      row.append(name, track, share);
      this.#rows.set(label, { row, fill, share });
    }
    element.replaceChildren(...Array.from(this.#rows.values(), ({ row }) => row));
    this.show();
  }

  /** @param {FaceExpression} [face] */
  show(face) {
    for (const [label, { row, fill, share }] of this.#rows) {
      const part = face?.probabilities[label] ?? 0;
      fill.style.transform = `translateX(${(part - 1) * 100}%)`;
      share.textContent = face ? percent(part) : "–";
      row.classList.toggle("first", face?.label === label && !face.doubt);
    }
  }
}
