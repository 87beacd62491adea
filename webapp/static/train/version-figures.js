// What a version can do, in figures: before and after, label by label, and what it takes for what.

import { count, percent } from "../shared/numbers.js";

/** @import { Card, Metrics, VersionDetail, VersionSummary } from "../shared/api" */

const LONGEST = 12; // letters of a label that fit above a column

/** @param {string} label */
export const shortened = (label) => (label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label);

/**
 * @param {number} number
 * @param {Card} card
 */
export const headingOf = (number, { name }) =>
  number ? `Version ${number}${name ? ` · ${name}` : ""}` : "The base model";

/**
 * A measured share, and how it changed.
 * @typedef {{ text: string, share: string, change: string, mood: "" | "good" | "bad", faces: string }} Figure
 */

/**
 * The figures of a version, those that were measured. Those that a run measured are of the faces held out then; where
 * they are others now, that is said, and the score on those of now stands beside it.
 * @param {Pick<VersionDetail, "card" | "score" | "held_out_now">} version
 * @returns {Figure[]}
 */
export function figuresOf({ card, score, held_out_now: now }) {
  const { before, after, base_before: baseBefore, base_after: baseAfter, metrics, evaluation } = card;
  return [
    ...figure("held-out faces right", before, after, `${now ? "" : "held out when it was made"}${sameTake(card)}`),
    ...(score && !now ? figure("held-out faces right", null, score, "held out now") : []),
    ...figure("built-in expressions right", baseBefore, baseAfter),
    ...figure("FER+ test faces right", null, metrics.PrivateTest),
    ...(evaluation ? evaluated(evaluation) : []),
  ];
}

/**
 * @param {NonNullable<Card["evaluation"]>} evaluation
 * @returns {Figure[]}
 */
function evaluated({ clean, damaged, majority_faces: faces }) {
  const shares = Object.values(damaged).map(({ majority }) => majority.value);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return [
    ...figure("of them by majority, as in print", null, { accuracy: clean.majority.value, faces }),
    ...figure("these damaged: noise, far, turned …", null, shares.length ? { accuracy: mean, faces } : null),
  ];
}

/**
 * How many of the labels that were measured come from the take that was learned from, which flatters.
 * @param {Card} card
 */
function sameTake({ data }) {
  if (!data || typeof data === "string" || !data.same_take.length) return "";
  const measured = Object.keys(data.held_out).filter((label) => data.held_out[label]);
  return measured.every((label) => data.same_take.includes(label)) ? ", same take" : ", partly the same take";
}

/**
 * @param {string} text
 * @param {Metrics | null | undefined} before
 * @param {Pick<Metrics, "accuracy" | "faces"> | null | undefined} after
 * @param {string} [which] faces
 * @returns {Figure[]}
 */
function figure(text, before, after, which = "") {
  if (!after) return [];
  const by = before ? after.accuracy - before.accuracy : 0;
  const points = `${by >= 0 ? "+" : "−"}${Math.abs(100 * by).toFixed(1)} points`;
  return [
    {
      text,
      share: percent(after.accuracy),
      change: before ? `${points}, from ${percent(before.accuracy)}` : "",
      mood: by > 0 ? "good" : by < 0 ? "bad" : "",
      faces: `${count(after.faces, "face")} ${which}`.replace(" ,", ",").trim(),
    },
  ];
}

/**
 * What a person should know about how a version came to be.
 * @param {Card} card
 */
export function notesOf({ data }) {
  if (!data || typeof data === "string") return []; // the base model's is a text
  const notes = [...Object.values(data.left_out), ...data.notes];
  if (data.by_subject) notes.push("Held out: whole people whom training did not see.");
  return notes;
}

/**
 * The other versions that a version can be held against: those with a score on the held-out faces.
 * @param {number} number
 * @param {VersionSummary[]} versions
 */
export const comparable = (number, versions) =>
  versions.filter((other) => !other.damaged && other.held_out && other.number !== number);

/** @param {Card} card */
export const comparedWith = ({ compared_with: other }) => (other ? `version ${other}` : "the base model");

/** @typedef {{ accuracy: number, recall: Record<string, number | null> }} Recognised */

/**
 * How often faces were recognised: all of them (`label` null), then label by label; held against `other`.
 * @param {Card} card
 * @param {Recognised} after
 * @param {Recognised | null | undefined} other
 */
export function recallRows({ labels }, after, other) {
  const row = (
    /** @type {string | null} */ label,
    /** @type {number | null | undefined} */ was,
    /** @type {number | null | undefined} */ is,
  ) => ({
    label,
    was: was ?? 0,
    is: is ?? 0,
    figures: typeof is === "number" ? `${percent(was)} → ${percent(is)}` : "none held out",
  });
  return [
    row(null, other?.accuracy, after.accuracy),
    ...labels.map((label) => row(label, other?.recall[label], after.recall[label])),
  ];
}

/**
 * The rows of the confusion matrix; `share` 0…1 is a cell's part of its row.
 * @param {string[]} labels
 * @param {number[][]} confusion
 */
export const confusionRows = (labels, confusion) =>
  confusion.map((row, at) => {
    const total = row.reduce((sum, value) => sum + value, 0);
    return {
      label: labels[at],
      cells: row.map((value, column) => ({
        value,
        share: total ? value / total : 0,
        kind: column === at ? "right" : value ? "wrong" : "",
        title: `${labels[at]} taken for ${labels[column]}: ${value}`,
      })),
    };
  });
