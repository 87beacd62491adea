// What a version can do: before and after, label by label, what it takes for what, and the faces it got wrong.

import { button, card, make } from "../shared/elements.js";
import { bundleCard } from "./bundle-card.js";
import { mistakesCard } from "./mistakes-card.js";
import { recallCard } from "./recall-card.js";
import { confusionRows, figuresOf, headingOf, notesOf, shortened } from "./version-figures.js";

/** @import { TrainingState, VersionDetail } from "../shared/api" */

/**
 * @typedef {object} ResultActions
 * @property {(number: number) => void} use
 * @property {() => void} changed an image got another label
 */

/**
 * The cards about a version.
 * @param {VersionDetail} version
 * @param {TrainingState} state
 * @param {ResultActions} actions
 */
export function versionResult(version, state, actions) {
  const { number, card: facts, colors } = version;
  const cards = [headingCard(version, state, actions), bundleCard(number, facts, beingPacked(number, state))];
  if (facts.after) {
    cards.push(
      recallCard(version, facts.after, state.versions),
      confusionCard(facts.labels, facts.after.confusion, colors),
      mistakesCard(version.wrong, state.data.labels, actions.changed),
    );
  }
  return cards;
}

/**
 * Whether the run that made the version is still making its Core ML model.
 * @param {number} number
 * @param {TrainingState} state
 */
const beingPacked = (number, { run }) => Boolean(run?.open) && run?.version === number;

/**
 * @param {VersionDetail} version
 * @param {TrainingState} state
 * @param {ResultActions} actions
 */
function headingCard(version, state, { use }) {
  const { number, card: facts } = version;
  const figures = make("div", "train-figures");
  for (const { text, share, change, mood, faces } of figuresOf(version)) {
    const box = make("div", "mien-figure");
    box.append(make("span", "", text), make("b", "", share));
    if (change) box.append(make("span", mood, change));
    box.append(make("span", "", faces));
    figures.append(box);
  }
  const waits = facts.verdict && !facts.verdict.activate;
  /** @type {HTMLElement[]} */
  const content = [figures];
  if (waits) content.push(make("p", "mien-alert train-verdict", facts.verdict?.reason));
  if (number === state.active) content.push(make("span", "mien-badge", "in use"));
  else content.push(button("Use", "", () => use(number)));
  const notes = notesOf(facts);
  if (notes.length) {
    const list = make("ul", "why");
    list.append(...notes.map((note) => make("li", "", note)));
    content.push(list);
  }
  if (!number) content.push(make("p", "why", `It comes with Mien and names ${facts.labels.join(", ")}.`));
  const made = card(headingOf(number, facts), "train-heading", ...content);
  made.dataset.version = String(number);
  return made;
}

/**
 * @param {string[]} labels
 * @param {number[][]} confusion
 * @param {Record<string, string>} colors
 */
function confusionCard(labels, confusion, colors) {
  const head = make("tr");
  head.append(make("td"), ...labels.map((label) => make("th", "", shortened(label), { scope: "col", title: label })));
  const top = make("thead");
  top.append(head);
  const body = make("tbody");
  for (const { label, cells } of confusionRows(labels, confusion)) {
    const line = make("tr");
    const name = make("th", "", shortened(label), { scope: "row", title: label });
    name.style.setProperty("--label", colors[label]);
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
