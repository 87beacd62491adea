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
const MOST_PERIODS = 12;
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
 * The time from the first day with images to the last in periods of equally many days, as few as make at most 12 of them,
 * so that each is wide enough for a finger. Those without images are there too.
 * @param {[string, number][]} days
 * @returns {{ since: string, until: string, number: number }[]} both days are in the period
 */
export function periodsOf(days) {
  if (!days.length) return [];
  const at = (/** @type {string} */ day) => Date.parse(`${day}T00:00Z`) / DAY;
  const name = (/** @type {number} */ day) => new Date(day * DAY).toISOString().slice(0, 10);
  const first = at(days[0][0]);
  const length = at(days[days.length - 1][0]) - first + 1;
  const span = Math.ceil(length / MOST_PERIODS);
  const periods = Array.from({ length: Math.ceil(length / span) }, (_, index) => {
    const since = first + index * span;
    return { since: name(since), until: name(Math.min(since + span, first + length) - 1), number: 0 };
  });
  for (const [day, number] of days) periods[Math.floor((at(day) - first) / span)].number += number;
  return periods;
}

/**
 * How high the bar of each period is, as CSS has it; one with few images can still be seen.
 * @param {{ number: number }[]} periods
 */
export function heightsOf(periods) {
  const most = Math.max(1, ...periods.map(({ number }) => number));
  return periods.map(({ number }) => (number ? `${Math.max(4, (100 * number) / most)}%` : "2px"));
}
