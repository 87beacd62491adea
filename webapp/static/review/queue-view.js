// The review queue as it is drawn. What has not changed is left alone, so that a look at the server disturbs nobody.

import { address } from "../shared/ask.js";
import { find, make } from "../shared/elements.js";
import { keyName } from "../shared/label-keys.js";
import { wear } from "../shared/label-look.js";
import { factsAbout, leftText, lookingText, suggestionFor, whyEmpty } from "./queue-words.js";

/** @import { LabelFigures, ListedImage } from "../shared/api" */
/** @import { QueueState } from "./queue-state.js" */

const SHOWN_NEXT = 8;

export class QueueView {
  #parts;
  #onLabel;
  #ahead = new Image(); // holds the next face, which no cache keeps
  /** @type {Map<string, string>} what each part was drawn from */
  #drawn = new Map();

  /**
   * @param {HTMLElement} element
   * @param {(label: string) => void} onLabel a label's button was pressed
   */
  constructor(element, onLabel) {
    this.#parts = partsOf(element);
    this.#onLabel = onLabel;
  }

  /**
   * @param {QueueState} state
   * @param {LabelFigures[]} labels those that are switched on
   * @param {{ order: string, images: number, trained: boolean }} dataSet `images`: how many there are in all
   */
  show(state, labels, { order, images, trained }) {
    const { work, empty, emptyText, left, looking, undo, emptyUndo, about } = this.#parts;
    const item = state.current;
    work.hidden = !item;
    empty.hidden = Boolean(item);
    left.textContent = leftText(item ? state.total : 0);
    looking.textContent = lookingText(state.waiting);
    undo.disabled = emptyUndo.disabled = emptyUndo.hidden = !state.canUndo;
    if (!item) {
      emptyText.textContent = whyEmpty({ order, images, trained, waiting: state.waiting });
      return;
    }
    this.#once("face", item.id, () => this.#drawFace(item));
    about.textContent = factsAbout(item);
    this.#drawSuggestion(item, labels);
    const offered = labels.map(({ name, color, pattern, key }) => [name, color, pattern, key]);
    this.#once("labels", [item.id, item.label, offered], () => this.#drawLabels(item, labels));
    const next = state.items.slice(1, 1 + SHOWN_NEXT);
    const ids = next.map(({ id }) => id);
    this.#once("next", ids, () => this.#drawNext(next));
  }

  /**
   * Draws a part if what it is made of has changed.
   * @param {string} name
   * @param {unknown} values
   * @param {() => void} draw
   */
  #once(name, values, draw) {
    const key = JSON.stringify(values);
    if (this.#drawn.get(name) !== key) draw();
    this.#drawn.set(name, key);
  }

  /** @param {ListedImage} item */
  #drawFace({ id }) {
    this.#parts.image.src = imageAddress(id);
    this.#parts.image.alt = `Face ${id}`;
  }

  /**
   * @param {ListedImage} item
   * @param {LabelFigures[]} labels
   */
  #drawSuggestion(item, labels) {
    const { text, label } = suggestionFor(item, labels);
    const { take, suggestion } = this.#parts;
    take.disabled = !label;
    if (label) wear(take, label);
    suggestion.textContent = text;
  }

  /**
   * @param {ListedImage} item
   * @param {LabelFigures[]} labels
   */
  #drawLabels(item, labels) {
    const choices = labels.map(({ name, color, pattern, key }) => {
      const choice = make("button", "mien-card label-choice", "", { type: "button" });
      wear(choice, { color, pattern });
      choice.append(make("kbd", "", keyName(key)), make("span", "", name));
      choice.classList.toggle("now", item.label === name);
      choice.addEventListener("click", () => this.#onLabel(name));
      return choice;
    });
    this.#parts.labels.replaceChildren(...choices);
  }

  /** @param {ListedImage[]} next */
  #drawNext(next) {
    const { strip, nextTitle } = this.#parts;
    strip.replaceChildren(...next.map(({ thumbnail }) => make("img", "", "", { src: thumbnail, alt: "" })));
    nextTitle.hidden = !next.length;
    this.#ahead.src = next.length ? imageAddress(next[0].id) : "";
  }
}

/** @param {HTMLElement} element */
const partsOf = (element) => ({
  work: find(element, "div", "[data-queue-work]"),
  empty: find(element, "div", "[data-queue-empty]"),
  emptyText: find(element, "p", "[data-queue-empty-text]"),
  left: find(element, "p", "[data-queue-left]"),
  looking: find(element, "p", "[data-queue-looking]"),
  undo: find(element, "button", "[data-undo]"),
  emptyUndo: find(element, "button", "[data-empty-undo]"),
  image: find(element, "img", "[data-queue-image]"),
  about: find(element, "figcaption", "[data-queue-about]"),
  take: find(element, "button", "[data-take]"),
  suggestion: find(element, "span", "[data-suggestion]"),
  labels: find(element, "div", "[data-queue-labels]"),
  strip: find(element, "div", "[data-queue-strip]"),
  nextTitle: find(element, "p", ".queue-next"),
});

/** @param {number} id */
const imageAddress = (id) => address("/data/images/{image_id}", { path: { image_id: id } });
