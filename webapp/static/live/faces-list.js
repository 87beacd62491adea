// Everyone in view, from left to right, with what is said of each; a click makes a face the main one.

import { SPARE } from "../shared/colors.js";
import { find, make } from "../shared/elements.js";
import { isUnsure, nameOf } from "../shared/face-name.js";
import { wear } from "../shared/label-look.js";
import { percent } from "../shared/numbers.js";

/** @import { LabelColor, SeenFace } from "../shared/api" */
/** @import { InView } from "./main-line.js" */

const SHOW_EVERY = 250; // ms: a list that changes faster cannot be read

export class FacesList {
  /** @type {HTMLButtonElement[]} */
  #rows = [];
  /** @type {LabelColor[]} */
  #labels = [];
  /** @type {SeenFace[]} */
  #faces = [];
  #shown = -Infinity;

  /**
   * @param {HTMLElement} card
   * @param {(face: number) => void} choose
   */
  constructor(card, choose) {
    this.card = card;
    this.choose = choose;
    this.list = find(card, "ol");
  }

  /** @param {LabelColor[]} labels */
  setLabels(labels) {
    this.#labels = labels;
  }

  /**
   * @param {InView} seen
   * @param {number} now
   */
  show({ row, main }, now) {
    if (now - this.#shown < SHOW_EVERY && row.length === this.#faces.length) return;
    this.#shown = now;
    this.#faces = row;
    this.card.hidden = row.length < 2;
    if (row.length < 2) return;
    while (this.#rows.length < row.length) this.#rows.push(this.#row(this.#rows.length));
    for (const [index, element] of this.#rows.entries()) {
      const face = row[index];
      const item = /** @type {HTMLElement} */ (element.parentElement);
      item.hidden = !face;
      if (face) this.#fill(element, face, face.id === main?.id);
    }
  }

  /** @param {number} index */
  #row(index) {
    const element = make("button", "bar", "", { type: "button" });
    element.append(make("span", "place", index + 1), make("i", "swatch"), make("span", "name"), make("span", "number"));
    element.addEventListener("click", () => this.#faces[index] && this.choose(this.#faces[index].id));
    const item = make("li");
    item.append(element);
    this.list.append(item);
    return element;
  }

  /**
   * @param {HTMLElement} element
   * @param {SeenFace} face
   * @param {boolean} isMain
   */
  #fill(element, face, isMain) {
    const name = find(element, "span", ".name");
    const text = nameOf(face);
    if (name.textContent !== text) {
      name.textContent = text;
      const look = isUnsure(face) ? null : this.#labels.find((known) => known.name === face.label);
      wear(element, look ?? { color: SPARE, pattern: "" });
    }
    if (element.title !== face.doubt) element.title = face.doubt;
    find(element, "span", ".number").textContent = isUnsure(face) ? "" : percent(face.probabilities[face.label]);
    element.setAttribute("aria-pressed", String(isMain));
  }
}
