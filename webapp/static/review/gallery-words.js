// What the gallery says of its images.

import { count, percent } from "../shared/numbers.js";
import { flagName } from "./gallery-filter.js";

/** @import { HistoryEntry, ListedImage, OverviewFigures } from "../shared/api" */
/** @import { WantedImages } from "./gallery-filter.js" */
/** @import { GivenAnswer } from "./queue-words.js" */

/** @type {Record<string, string>} */
const NO_LABEL = { skip: "skipped", not_a_face: "not a face" };

export const UNTRAINED =
  "Likely mistakes are flagged once a version has been trained on your own labels. " +
  "The base model does not know your faces well enough to doubt you.";

/** @param {Pick<ListedImage, "label" | "answer">} item */
export const answerName = ({ label, answer }) => label || NO_LABEL[answer] || "unlabelled";

/**
 * What a tile says of an image. `guess` is what the model takes it for with its certainty, `agrees` whether that is its
 * label, `doubted` whether it is flagged for it.
 * @param {ListedImage} item
 */
export function captionOf(item) {
  const { label, suggested, certainty, flags, subject } = item;
  const name = answerName(item);
  const agrees = suggested !== null && suggested === label;
  const guess = suggested === null ? "" : `${percent(certainty)} ${suggested}`;
  const doubted = flags.includes("mislabelled");
  const model = !guess ? [] : [agrees ? `the model agrees, ${percent(certainty)}` : `the model says ${guess}`];
  const facts = [...(doubted ? ["likely mislabelled"] : []), ...(subject ? [subject] : [])];
  return { name, guess, agrees, doubted, spoken: [name, ...model, ...facts].join(" · ") };
}

/**
 * How many are selected.
 * @param {number} selected
 * @param {number} onPage how many of them are on the page
 * @param {number} total how many images match
 */
export function selectedText(selected, onPage, total) {
  if (!selected) return "Click images to select them.";
  const all = selected === total && selected > 1;
  const said = all ? `All ${count(selected, "image")} selected` : `${count(selected, "image")} selected`;
  return onPage < selected ? `${said}, ${onPage.toLocaleString("en")} on this page` : said;
}

/**
 * What is said where no image is shown; `untrained`: a likely mistake was looked for, and there can be none yet.
 * @param {WantedImages} wanted
 * @param {OverviewFigures} overview
 */
export function emptyText({ flag }, { total, trained }) {
  if (!total) return { text: "No images yet. Collect some with the camera or from files.", untrained: false };
  if (flag === "mislabelled" && !trained) return { text: UNTRAINED, untrained: true };
  return { text: "No image matches. Take a filter away to see more.", untrained: false };
}

/**
 * What became of answering images.
 * @param {number} images
 * @param {GivenAnswer} answer
 */
export function answeredText(images, { kind, label }) {
  const given = kind === "skip" ? "skipped" : kind === "not_a_face" ? "marked as not a face" : "without a label now";
  return `${count(images, "image")} ${label ? `relabelled as ${label}` : given}.`;
}

/**
 * What became of naming the person of images.
 * @param {number} images
 * @param {string} subject "" for nobody
 */
export const namedText = (images, subject) =>
  subject ? `${subject} is on ${count(images, "image")} now.` : `Nobody is named on ${count(images, "image")} now.`;

/** @param {HistoryEntry} entry */
export function pastText({ kind, label, who, created }) {
  const answers = { label: label ?? "a label that is gone", clear: "label taken away", ...NO_LABEL };
  const what = answers[/** @type {keyof typeof answers} */ (kind)] ?? kind;
  return { what, who: who === "me" ? "you" : who, when: timeText(created) };
}

/** @param {string} moment */
export const timeText = (moment) => new Date(moment).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

/**
 * What there is to know of an image, besides its answer and its person.
 * @param {ListedImage} item
 * @returns {[name: string, text: string][]}
 */
export function factsOf({ suggested, certainty, suggested_version: version, source, created, width, height, flags }) {
  const model = version === 0 ? "The base model says" : version === null ? "The model says" : `Version ${version} says`;
  return [
    [model, suggested === null ? "nothing yet" : `${suggested} · ${percent(certainty)}`],
    ["Source", source],
    ["Taken", timeText(created)],
    ["Size", `${width} × ${height}`],
    ["Flags", flags.map(flagName).join(", ") || "none"],
  ];
}
