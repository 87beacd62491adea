// What a version can do: before and after, label by label, what it takes for what, and the faces it got wrong.

import { card, find, make } from "../shared/elements.js";
import { wear } from "../shared/label-look.js";
import { mistakesCard } from "./mistakes-card.js";
import { recallCard } from "./recall-card.js";
import { confusionRows, figuresOf, headingOf, notesOf, shortened } from "./version-figures.js";

/** @import { LabelColor, TrainingState, VersionDetail } from "../shared/api" */

/**
 * @typedef {object} ResultActions
 * @property {() => void} changed an image got another label
 */

/**
 * The cards about a version.
 * @param {VersionDetail} version
 * @param {TrainingState} state
 * @param {HTMLElement[]} beside what has it beside another version, and the choice between them
 * @param {ResultActions} actions
 */
export function versionResult(version, state, beside, actions) {
  const { card: facts, labels } = version;
  const cards = [headingCard(version, state, beside)];
  if (facts.after) {
    cards.push(
      recallCard(version, facts.after, state.versions),
      confusionCard(facts.labels, facts.after.confusion, labels),
      mistakesCard(version.wrong, state.data.labels, actions.changed),
    );
  }
  return cards;
}

/**
 * @param {VersionDetail} version
 * @param {TrainingState} state
 * @param {HTMLElement[]} beside
 */
function headingCard(version, state, beside) {
  const { number, card: facts } = version;
  const figures = make("div", "train-figures");
  for (const { text, share, change, mood, faces } of figuresOf(version)) {
    const box = make("div", "mien-figure");
    box.append(make("span", "", text), make("b", "", share));
    if (change) box.append(make("span", mood, change));
    box.append(make("span", "", faces));
    figures.append(box);
  }
  /** @type {HTMLElement[]} */
  const content = [figures];
  if (facts.verdict && !facts.verdict.activate) {
    content.push(make("p", "mien-alert train-verdict", facts.verdict.reason));
  }
  const notes = notesOf(facts);
  if (notes.length) {
    const list = make("ul", "why");
    list.append(...notes.map((note) => make("li", "", note)));
    content.push(list);
  }
  if (!number) content.push(make("p", "why", `It comes with Mien and names ${facts.labels.join(", ")}.`));
  content.push(...beside);
  const made = card(headingOf(number, facts), "train-heading", ...content);
  const heading = find(made, "h2");
  heading.tabIndex = -1; // the focus goes there when what had it is gone
  if (number === state.active) heading.append(make("span", "mien-badge", "in use"));
  made.dataset.version = String(number);
  return made;
}

/**
 * @param {string[]} labels
 * @param {number[][]} confusion
 * @param {LabelColor[]} looks
 */
function confusionCard(labels, confusion, looks) {
  const head = make("tr");
  head.append(make("td"), ...labels.map((label) => make("th", "", shortened(label), { scope: "col", title: label })));
  const top = make("thead");
  top.append(head);
  const body = make("tbody");
  for (const { label, cells } of confusionRows(labels, confusion)) {
    const line = make("tr");
    const name = make("th", "", shortened(label), { scope: "row", title: label });
    const look = looks.find((each) => each.name === label);
    if (look) wear(name, look);
    line.append(name);
    for (const { value, share, kind, title } of cells) {
      const cell = make("td", kind, value ? String(value) : "", { title });
      cell.style.setProperty("--share", String(share));
      line.append(cell);
    }
    body.append(line);
  }
  const table = make("table", "train-confusion");
  table.append(top, body);
  const scroll = make("div", "train-scroll", "", { tabindex: "0", role: "region", "aria-label": "Confusion matrix" });
  scroll.append(table);
  const key = make("p", "why", "Rows: what a face is labelled. Columns: what the version says.");
  return card("What it takes for what", "train-confusion-card", key, scroll);
}
