// One card a label: colour, name, key, how many images; one of them is chosen.

import { SPARE } from "../shared/colors.js";
import { make } from "../shared/elements.js";
import { keyName, labelByKey } from "../shared/label-keys.js";
import { wear } from "../shared/label-look.js";

/** @import { LabelFigures } from "../shared/api" */
/** @typedef {{ label: LabelFigures, card: HTMLElement, images: HTMLElement }} Card */

export class LabelCards {
  /** @type {Card[]} */
  #cards = [];
  #chosen = "";

  /** @param {HTMLElement} element a radio group */
  constructor(element) {
    this.element = element;
    element.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step || !this.#cards.length) return;
      event.preventDefault();
      const at = this.#cards.findIndex(({ label }) => label.name === this.#chosen);
      const next = this.#cards[(at + step + this.#cards.length) % this.#cards.length];
      this.choose(next.label.name);
      next.card.focus();
    });
  }

  get chosen() {
    return this.#find(this.#chosen)?.label;
  }

  /** @param {string} name */
  colorOf(name) {
    return this.#find(name)?.label.color || SPARE;
  }

  /** @param {LabelFigures[]} labels */
  show(labels) {
    this.#cards = labels.map((label) => this.#cardOf(label));
    if (!this.chosen) this.#chosen = labels[0]?.name ?? "";
    this.element.replaceChildren(...this.#cards.map(({ card }) => card));
    this.#mark();
  }

  /** @param {string} name */
  choose(name) {
    this.#chosen = name;
    this.#mark();
  }

  /** Chooses the label of a key; whether there is one. @param {string} key */
  chooseByKey(key) {
    const labels = this.#cards.map(({ label }) => label);
    const found = labelByKey(labels, key);
    if (found) this.choose(found.name);
    return Boolean(found);
  }

  /** One image more. @param {string | null} name */
  countUp(name) {
    const found = this.#find(name);
    if (!found) return;
    found.label = { ...found.label, images: found.label.images + 1 };
    found.images.textContent = String(found.label.images);
  }

  /** @param {string | null} name */
  #find(name) {
    return this.#cards.find(({ label }) => label.name === name);
  }

  /**
   * @param {LabelFigures} label
   * @returns {Card}
   */
  #cardOf(label) {
    const card = make("button", "mien-card label-card", "", {
      type: "button",
      role: "radio",
      "data-label": label.name,
    });
    const images = make("b", "", label.images);
    wear(card, label);
    card.append(make("i", "swatch"), make("span", "name", label.name), make("kbd", "", keyName(label.key)), images);
    card.addEventListener("click", () => this.choose(label.name));
    return { label, card, images };
  }

  #mark() {
    for (const { label, card } of this.#cards) {
      const chosen = label.name === this.#chosen;
      card.setAttribute("aria-checked", String(chosen));
      card.tabIndex = chosen ? 0 : -1;
    }
  }
}
