// A bar for every label of the main face; a click on one says that the face is really that.

import { find, make } from "../shared/elements.js";
import { keyName } from "../shared/label-keys.js";
import { wear } from "../shared/label-look.js";
import { percent } from "../shared/numbers.js";

/** @import { LabelColor, SeenFace } from "../shared/api" */

export class Bars {
  /** @type {Map<string, { row: HTMLElement, fill: HTMLElement, share: HTMLElement }>} by label */
  #rows = new Map();
  #shown = "";

  /**
   * @param {HTMLElement} element
   * @param {(label: string) => void} choose
   */
  constructor(element, choose) {
    this.element = element;
    this.choose = choose;
  }

  /**
   * One row a label, in the model's order, which never changes while live.
   * @param {LabelColor[]} labels
   */
  setLabels(labels) {
    const shown = JSON.stringify(labels);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#rows.clear();
    this.element.replaceChildren(...labels.map((label) => this.#row(label)));
  }

  /** @param {LabelColor} label */
  #row({ name, color, pattern, key }) {
    const row = make("button", "bar", "", { type: "button", title: `This face is really ${name}` });
    wear(row, { color, pattern });
    row.innerHTML = `<kbd></kbd><span class="name"></span><span class="track"><i></i></span><span class="number">–</span>`;
    find(row, "kbd").textContent = keyName(key);
    find(row, "span", ".name").textContent = name;
    row.addEventListener("click", () => this.choose(name));
    this.#rows.set(name, { row, fill: find(row, "i"), share: find(row, "span", ".number") });
    return row;
  }

  /** @param {SeenFace | null} face */
  show(face) {
    for (const [name, { row, fill, share }] of this.#rows) {
      const part = face?.probabilities[name] ?? 0;
      fill.style.transform = `translateX(${(part - 1) * 100}%)`;
      share.textContent = percent(face ? part : null);
      row.classList.toggle("first", !face?.doubt && face?.label === name);
    }
  }
}
