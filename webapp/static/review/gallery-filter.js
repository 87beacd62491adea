// The gallery's filter: as its form has it, as the server is asked for it, and what can be chosen.

/** @import { AnnotationRequest, LabelFigures, OverviewFigures } from "../shared/api" */

/**
 * Which images; what is left out or empty does not narrow. `since` and `until` are days.
 * @typedef {Partial<Record<FilterName, string>>} WantedImages
 * @typedef {"label" | "answer" | "source" | "subject" | "no_subject" | "flag" | "since" | "until"} FilterName
 * @typedef {[value: string, text: string]} Choice of a select
 */

const NOT_NAMED = "*none";

/** @type {Choice[]} */
const ANSWERS = [
  ["answer:none", "unlabelled"],
  ["answer:skip", "skipped"],
  ["answer:not_a_face", "not a face"],
];

/**
 * What the form asks for.
 * @param {Record<string, string>} fields
 * @returns {WantedImages}
 */
export function wantedBy({ label = "", subject = "", source = "", flag = "", since = "", until = "" }) {
  return {
    ...{ source, flag, since, until },
    ...(label.startsWith("label:") && { label: label.slice("label:".length) }),
    ...(label.startsWith("answer:") && { answer: label.slice("answer:".length) }),
    ...(subject === NOT_NAMED ? { no_subject: "1" } : { subject }),
  };
}

/**
 * What the form shows for a filter: the inverse of `wantedBy`.
 * @param {WantedImages} wanted
 */
export function fieldsFor(wanted) {
  const { label, answer, subject = "", source = "", flag = "", since = "", until = "" } = wanted;
  return {
    ...{ source, flag, since, until },
    label: label ? `label:${label}` : answer ? `answer:${answer}` : "",
    subject: wanted.no_subject ? NOT_NAMED : subject,
  };
}

/**
 * What can be chosen in each of the form's selects.
 * @param {OverviewFigures} overview
 * @returns {{ label: Choice[], subject: Choice[], source: Choice[] }}
 */
export function filterChoices({ labels, subjects, sources }) {
  const used = labels.filter(({ images, enabled }) => images || enabled);
  return {
    label: [["", "all"], ...ANSWERS, ...used.map(labelChoice)],
    subject: [["", "all"], ...subjects.map(subjectChoice)],
    source: [["", "all"], ...sources.map(([name, images]) => /** @type {Choice} */ ([name, `${name} (${images})`]))],
  };
}

/**
 * What chosen images can be relabelled as.
 * @param {LabelFigures[]} labels
 * @returns {Choice[]}
 */
export function relabelChoices(labels) {
  const enabled = labels.filter((label) => label.enabled);
  return [["", "as …"], ...enabled.map(labelChoice), ["clear", "(no label)"], ["not_a_face", "(not a face)"]];
}

/**
 * The answer that a choice of `relabelChoices` gives.
 * @param {string} value
 * @returns {Omit<AnnotationRequest, "ids">}
 */
export const answerOf = (value) =>
  value.startsWith("label:")
    ? { label: value.slice("label:".length), kind: "label" }
    : { kind: value === "clear" ? "clear" : "not_a_face" };

/**
 * @param {LabelFigures} label
 * @returns {Choice}
 */
const labelChoice = ({ name }) => [`label:${name}`, name];

/**
 * @param {[string | null, number]} subject
 * @returns {Choice}
 */
const subjectChoice = ([name, images]) =>
  name === null ? [NOT_NAMED, `not named (${images})`] : [name, `${name} (${images})`];
