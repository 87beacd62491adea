// One card a label: its look, name and key, the takes and images that it has, and how far they are from a fair start. One
// of them is chosen.

import { SPARE } from "../shared/colors.js";
import { make } from "../shared/elements.js";
import { keyName, labelByKey } from "../shared/label-keys.js";
import { wear } from "../shared/label-look.js";
import { track } from "../shared/track.js";
import { amount, fairness } from "./card-words.js";

/** @import { LabelFigures } from "../shared/api" */
/** @import { FairStart } from "./card-words.js" */
/** @typedef {{ label: LabelFigures, card: HTMLElement, amount: HTMLElement, bar: HTMLElement }} Card */

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class LabelCards {
  /** @type {Card[]} */
  #cards = [];
  #chosen = "";
  #drawn = "";
  /** @type {FairStart} */
  #fair = { images: 1, takes: 1 };

  /**
   * @param {HTMLElement} element a radio group
   * @param {(label: LabelFigures | undefined) => void} [onChosen] when another one is chosen
   */
  constructor(element, onChosen = () => {}) {
    this.element = element;
    this.onChosen = onChosen;
    element.addEventListener("keydown", (event) => {
      const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
      if (!step || !this.#cards.length) return;
      event.preventDefault();
      const at = this.#cards.findIndex(({ label }) => label.name === this.#chosen);
      const next = this.#cards[(at + step + this.#cards.length) % this.#cards.length];
      this.choose(next.label.name);
      next.card.focus({ preventScroll: true });
    });
  }

  get chosen() {
    return this.#find(this.#chosen)?.label;
  }

  /** @param {string | null} name */
  lookOf(name) {
    return this.#find(name)?.label ?? { color: SPARE, pattern: "" };
  }

  /**
   * @param {LabelFigures[]} labels
   * @param {FairStart} fair
   */
  show(labels, fair) {
    this.#fair = fair;
    const drawn = JSON.stringify(labels.map(({ name, color, pattern, key }) => [name, color, pattern, key]));
    if (drawn === this.#drawn) {
      for (const [index, card] of this.#cards.entries()) this.#write(card, labels[index]);
    } else this.#draw(labels);
    this.#drawn = drawn;
    this.choose(this.chosen?.name ?? labels[0]?.name ?? "");
  }

  /** @param {string} name */
  choose(name) {
    const another = name !== this.#chosen;
    this.#chosen = name;
    for (const { label, card } of this.#cards) {
      const chosen = label.name === name;
      card.setAttribute("aria-checked", String(chosen));
      card.tabIndex = chosen ? 0 : -1;
      if (chosen && another) this.#bringIntoView(card);
    }
    this.onChosen(this.chosen);
  }

  /** Chooses the label of a key; whether there is one. @param {string} key */
  chooseByKey(key) {
    const labels = this.#cards.map(({ label }) => label);
    const found = labelByKey(labels, key);
    if (found) this.choose(found.name);
    return Boolean(found);
  }

  /**
   * One image more.
   * @param {string | null} name
   * @param {boolean} newTake whether it is the first of its take
   */
  countUp(name, newTake) {
    const found = this.#find(name);
    if (!found) return;
    const { images, takes } = found.label;
    this.#write(found, { ...found.label, images: images + 1, takes: takes + Number(newTake) });
  }

  /** @param {string | null} name */
  #find(name) {
    return this.#cards.find(({ label }) => label.name === name);
  }

  /** @param {LabelFigures[]} labels */
  #draw(labels) {
    const focused = this.#cards.find(({ card }) => card === document.activeElement)?.label.name;
    this.#cards = labels.map((label) => this.#cardOf(label));
    this.element.replaceChildren(...this.#cards.map(({ card }) => card));
    if (focused !== undefined) this.#find(focused)?.card.focus({ preventScroll: true });
  }

  /**
   * @param {LabelFigures} label
   * @returns {Card}
   */
  #cardOf(label) {
    const { name, key } = label;
    const card = make("button", "mien-card label-card", "", { type: "button", role: "radio", "data-label": name });
    const parts = { label, card, amount: make("span", "amount"), bar: track({ percent: 0 }) };
    parts.bar.setAttribute("aria-hidden", "true");
    wear(card, label);
    const shownName = make("span", "name", name, { title: name });
    card.append(make("i", "swatch"), shownName, make("kbd", "", keyName(key)), parts.amount, parts.bar);
    card.addEventListener("click", () => this.choose(name));
    this.#write(parts, label);
    return parts;
  }

  /**
   * @param {Card} card
   * @param {LabelFigures} label as it is now
   */
  #write(card, label) {
    card.label = label;
    card.amount.textContent = amount(label);
    const [fill] = /** @type {HTMLCollectionOf<HTMLElement>} */ (card.bar.children);
    fill.style.width = `${100 * fairness(label, this.#fair)}%`;
  }

  /** Scrolls the cards, and nothing else. @param {HTMLElement} card */
  #bringIntoView(card) {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = this.element;
    const { offsetTop, offsetLeft, offsetHeight, offsetWidth } = card;
    this.element.scrollTop = nearest(scrollTop, clientHeight, offsetTop, offsetHeight);
    this.element.scrollLeft = nearest(scrollLeft, clientWidth, offsetLeft, offsetWidth);
  }
}

/**
 * Where a view of `room` must begin to hold what is `length` long at `start`, as near as can be to where it is.
 * @param {number} now
 * @param {number} room
 * @param {number} start
 * @param {number} length
 */
export const nearest = (now, room, start, length) => Math.max(Math.min(now, start), start + length - room);
