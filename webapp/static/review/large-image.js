// The large view as it is drawn: the picture with its face, and beside it what is known of it.

import { address } from "../shared/ask.js";
import { freshPen } from "../shared/draw-face.js";
import { make } from "../shared/elements.js";
import { heatOn, paintHeat } from "../shared/heat-painter.js";
import { keyName } from "../shared/label-keys.js";
import { wear } from "../shared/label-look.js";
import { heatLegend, heatWords } from "../shared/why.js";
import { answerName, captionOf, factsOf, pastText } from "./gallery-words.js";
import { personForm } from "./person-form.js";

/** @import { HistoryEntry, ImageHeat, ListedImage, OverviewFigures } from "../shared/api" */
/** @import { GivenAnswer } from "./queue-words.js" */

/** @type {[text: string, key: string, kind: "clear" | "skip" | "not_a_face"][]} */
const OTHERS = [
  ["Skip", "S", "skip"],
  ["Not a face", "N", "not_a_face"],
  ["No label", "", "clear"],
];

export class LargeImage {
  head = make("div", "large-head");
  title = make("h2", "", "", { tabindex: -1, "aria-live": "polite" });
  foot = make("div", "row");

  #picture = make("div", "large-picture");
  #image = make("img");
  #heat = make("canvas", "large-heat");
  #box = make("i", "large-box");
  #legend = heatLegend("on-stage");
  #labels = make("div", "queue-labels", "", { role: "group", "aria-label": "Labels" });
  #others = make("div", "queue-others");
  #facts = make("dl", "large-facts");
  #history = make("ol", "large-history");
  #answer;
  #person;

  /**
   * @param {(answer: GivenAnswer) => void} onAnswer
   * @param {(subject: string) => void} onName gets "" for nobody
   */
  constructor(onAnswer, onName) {
    this.#answer = onAnswer;
    const form = make("form", "", "", { "data-person": "large" });
    this.#person = personForm(form, onName);
    this.#picture.append(this.#image, this.#heat, this.#box, this.#legend.element);
    this.head.append(this.title);
    const sides = make("div", "large-sides");
    const side = make("div", "large-side");
    const past = make("section");
    past.append(make("h3", "", "History"), this.#history);
    side.append(this.#labels, this.#others, form, this.#facts, past, this.foot);
    sides.append(this.#picture, side);
    this.parts = [this.head, sides];
  }

  /**
   * @param {ListedImage} item
   * @param {OverviewFigures} overview
   * @param {{ number: number, total: number }} place among the images that match
   */
  show(item, overview, { number, total }) {
    const { id, width, height, box, label, subject } = item;
    const source = address("/data/images/{image_id}", { path: { image_id: id } });
    if (this.#image.getAttribute("src") !== source) this.#image.src = source;
    this.#image.alt = captionOf(item).spoken;
    this.title.textContent = `${answerName(item)} · ${number.toLocaleString("en")} of ${total.toLocaleString("en")}`;
    this.#picture.style.setProperty("--label", overview.labels.find(({ name }) => name === label)?.color ?? "#fff");
    this.#picture.style.aspectRatio = `${width} / ${height}`;
    const [x, y, w, h] = box;
    const share = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
    Object.assign(this.#box.style, {
      ...{ left: share(x, width), top: share(y, height), width: share(w, width), height: share(h, height) },
    });
    this.#drawAnswers(item, overview);
    this.#person.offer(overview);
    this.#person.show(subject ?? "");
    const facts = factsOf(item).flatMap(([name, text]) => [make("dt", "", name), make("dd", "", text)]);
    this.#facts.replaceChildren(...facts);
  }

  /**
   * What spoke for what the version in use takes the face for.
   * @param {ImageHeat | null} told null: it is not to be shown
   */
  showHeat(told) {
    this.#heat.hidden = !told?.heat;
    this.#legend.show(told ? heatWords([told], told.no_heat) : "");
    if (!told?.heat) return;
    const size = { width: this.#picture.clientWidth, height: this.#picture.clientHeight };
    paintHeat(freshPen(this.#heat, size), heatOn(told.heat, { x: 0, y: 0, ...size }));
  }

  /** @param {HistoryEntry[]} entries the oldest first */
  showHistory(entries) {
    const lines = entries.map((entry) => {
      const { what, who, when } = pastText(entry);
      const line = make("li");
      line.append(make("b", "", what), make("span", "why", ` by ${who}, ${when}`));
      return line;
    });
    this.#history.replaceChildren(...(lines.length ? lines.reverse() : [make("li", "why", "No answer yet.")]));
  }

  /**
   * The buttons stay the same ones, so that the one that was pressed keeps the focus.
   * @param {ListedImage} item
   * @param {OverviewFigures} overview
   */
  #drawAnswers({ label, answer }, { labels }) {
    const offered = labels.filter(({ enabled }) => enabled);
    const drawn = JSON.stringify(offered.map(({ name, color, pattern, key }) => [name, color, pattern, key]));
    if (this.#labels.dataset.drawn !== drawn) {
      this.#labels.dataset.drawn = drawn;
      const choices = offered.map(({ name, key, ...look }) => {
        const choice = this.#choice("mien-card label-choice", { kind: "label", label: name });
        wear(choice, look);
        choice.append(make("kbd", "", keyName(key)), make("span", "", name));
        return choice;
      });
      this.#labels.replaceChildren(...choices);
      const others = OTHERS.map(([text, key, kind]) => {
        const choice = this.#choice("mien-button", { kind });
        choice.append(text, ...(key ? [make("kbd", "", key)] : []));
        return choice;
      });
      this.#others.replaceChildren(...others);
    }
    for (const [index, choice] of [...this.#labels.children].entries()) {
      const now = offered[index].name === label;
      choice.classList.toggle("now", now);
      choice.setAttribute("aria-pressed", String(now));
    }
    for (const [index, choice] of [...this.#others.children].entries()) {
      choice.setAttribute("aria-pressed", String((answer || "clear") === OTHERS[index][2]));
    }
  }

  /**
   * @param {string} className
   * @param {GivenAnswer} given
   */
  #choice(className, given) {
    const choice = make("button", className, "", { type: "button" });
    choice.addEventListener("click", () => this.#answer(given));
    return choice;
  }
}
