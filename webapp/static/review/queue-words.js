// What the review queue says, and which key means what.

import { labelByKey } from "../shared/label-keys.js";
import { count, percent } from "../shared/numbers.js";
import { UNTRAINED } from "./gallery-words.js";

/** @import { AnnotationRequest, LabelFigures, ListedImage } from "../shared/api" */

/** @param {number} total */
export const leftText = (total) => (total ? `${count(total, "face")} to go` : "");

/** @param {number} waiting images that the active version has not been asked about yet */
export const lookingText = (waiting) => (waiting ? `The model is still looking at ${count(waiting, "face")}.` : "");

/**
 * Why the queue is empty.
 * @param {{ order: string, images: number, waiting: number, trained: boolean }} seen
 */
export function whyEmpty({ order, images, waiting, trained }) {
  if (!images) return "No images yet. Collect some with the camera or from files, and they can be reviewed here.";
  if (order !== "disagreement") return "Everything has an answer.";
  if (!trained) return UNTRAINED;
  return waiting ? "So far the model agrees with every label." : "The model agrees with every label.";
}

/**
 * What the model suggests for a face; `label` is the one that Enter gives it, if there is one.
 * @param {ListedImage} item
 * @param {LabelFigures[]} labels those that are switched on
 * @returns {{ text: string, label?: LabelFigures }}
 */
export function suggestionFor(item, labels) {
  if (!item.suggested) return { text: "The model has no suggestion yet" };
  const label = labels.find(({ name }) => name === item.suggested);
  if (!label) return { text: `The model says ${item.suggested}, which is no label here` };
  return { text: `${item.suggested} · ${percent(item.certainty)}`, label };
}

/**
 * The line below a face.
 * @param {ListedImage} item
 */
export function factsAbout({ label, source, subject, created, flags }) {
  const facts = [label ? `labelled ${label}` : "no label yet", source];
  if (subject) facts.push(subject);
  facts.push(new Date(created).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }));
  facts.push(...flags.filter((flag) => flag !== "mislabelled"));
  return facts.join(" · ");
}

/** @typedef {Omit<AnnotationRequest, "ids">} GivenAnswer about the shown face */

/** @type {Record<string, GivenAnswer | "take" | "undo">} */
const KEYS = { enter: "take", u: "undo", s: { kind: "skip" }, n: { kind: "not_a_face" } };

/**
 * What a key means: an answer, "take" (the suggestion), "undo", or nothing.
 * @param {string} key
 * @param {LabelFigures[]} labels
 */
export function meaningOf(key, labels) {
  const label = labelByKey(labels, key);
  return label ? answerAs(label.name) : KEYS[key.toLowerCase()];
}

/**
 * @param {string} name
 * @returns {GivenAnswer}
 */
export const answerAs = (name) => ({ label: name, kind: "label" });
