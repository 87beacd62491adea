// The data set's figures, each with the gallery's filter that shows what was counted.

import { FLAGS } from "./gallery-filter.js";

/** @import { OverviewFigures } from "../shared/api" */
/** @import { Look } from "../shared/label-look.js" */
/** @import { WantedImages } from "./gallery-filter.js" */

/**
 * @typedef {{ name: string, number: number, look: Look, filter: WantedImages }} Bar
 * @typedef {{ text: string, why?: string, filter?: WantedImages }} Line without a filter where there is nothing to show
 */

const DAY = 86_400_000;
const MOST_DAYS = 60;
const MOST_SUBJECTS = 12;

/** @type {Record<string, string>} */
const WHY = {
  mislabelled: "the model says another label",
  duplicate: "almost the same as another image",
  blurry: "little detail in the face",
  dark: "hardly any light on the face",
  several: "several faces, say which is which",
};

/**
 * The great figures.
 * @param {OverviewFigures} seen
 * @returns {{ number: number, text: string, filter: WantedImages }[]}
 */
export const totals = (seen) => [
  { number: seen.total, text: seen.total === 1 ? "image" : "images", filter: {} },
  { number: seen.labelled, text: "labelled", filter: { answer: "label" } },
  { number: seen.unlabelled, text: "to label", filter: { answer: "none" } },
  { number: seen.skipped, text: "skipped", filter: { answer: "skip" } },
  { number: seen.not_faces, text: "not a face", filter: { answer: "not_a_face" } },
];

/**
 * @param {OverviewFigures} seen
 * @returns {Bar[]}
 */
export const labelBars = ({ labels }) =>
  labels
    .filter(({ images, enabled }) => images || enabled)
    .map(({ name, images, color, pattern }) => ({
      name,
      number: images,
      look: { color, pattern },
      filter: { label: name },
    }));

/**
 * @param {OverviewFigures} seen
 * @returns {Bar[]}
 */
export const subjectBars = ({ subjects }) =>
  subjects.slice(0, MOST_SUBJECTS).map(([name, number]) => ({
    name: name ?? "not named",
    number,
    look: { color: "var(--mien-edge)", pattern: "" },
    filter: name === null ? { no_subject: "1" } : { subject: name },
  }));

/**
 * How much of its track each bar fills, in percent.
 * @param {Bar[]} bars
 */
export function fillsOf(bars) {
  const most = Math.max(0, ...bars.map(({ number }) => number));
  return bars.map(({ number }) => (most ? (100 * number) / most : 0));
}

/**
 * What is short, with a way to what there is of it.
 * @param {OverviewFigures} seen
 * @returns {Line[]}
 */
export function shortLines({ short, total, labels }) {
  if (!total && !short.length) return [{ text: "No images yet. Collect some with the camera or from files." }];
  if (!short.length) return [{ text: "Nothing is short: every label in use has 20 images or more." }];
  return short.map((text) => {
    const label = labels.find(({ name }) => text.startsWith(`“${name}”`));
    return label?.images ? { text, filter: { label: label.name } } : { text };
  });
}

/**
 * @param {OverviewFigures} seen
 * @returns {Line[]}
 */
export const flagLines = ({ flags, trained }) =>
  FLAGS.map(([flag, name]) => {
    const number = flags[flag] || 0;
    const why = flag === "mislabelled" && !trained ? "found once you have trained a version" : WHY[flag];
    return { text: `${number.toLocaleString("en")} ${name}`, why, ...(number && { filter: { flag } }) };
  });

/**
 * The days from the first to the last, empty ones too, at most the last 60.
 * @param {[string, number][]} days
 * @returns {[string, number][]}
 */
export function everyDay(days) {
  if (!days.length) return [];
  const known = new Map(days);
  const [first, last] = [days[0], days[days.length - 1]].map(([day]) => Date.parse(`${day}T00:00Z`));
  /** @type {[string, number][]} */
  const all = [];
  for (let day = Math.max(first, last - (MOST_DAYS - 1) * DAY); day <= last; day += DAY) {
    const name = new Date(day).toISOString().slice(0, 10);
    all.push([name, known.get(name) ?? 0]);
  }
  return all;
}

/**
 * How high the bar of each day is, as CSS has it; a day with few images can still be clicked.
 * @param {[string, number][]} days
 */
export function heightsOf(days) {
  const most = Math.max(1, ...days.map(([, number]) => number));
  return days.map(([, number]) => (number ? `${Math.max(4, (100 * number) / most)}%` : "2px"));
}
