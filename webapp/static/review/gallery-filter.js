// The gallery's filter: as its form and the address have it, as the server is asked for it, and what can be chosen.

import { keyName } from "../shared/label-keys.js";

/** @import { LabelFigures, OverviewFigures } from "../shared/api" */
/** @import { GivenAnswer } from "./queue-words.js" */

/**
 * Which images; what is left out or empty does not narrow. `since` and `until` are days.
 * @typedef {Partial<Record<FilterName, string>>} WantedImages
 * @typedef {"label" | "answer" | "source" | "subject" | "no_subject" | "flag" | "since" | "until"} FilterName
 * @typedef {[value: string, text: string]} Choice of a select
 * @typedef {{ text: string, without: WantedImages }} Chip one part of a filter, and the filter without it
 */

/** @type {FilterName[]} */
const NAMES = ["label", "answer", "source", "subject", "no_subject", "flag", "since", "until"];
const NOT_NAMED = "*none";

/** @type {Choice[]} */
const ANSWERS = [
  ["answer:label", "labelled"],
  ["answer:none", "unlabelled"],
  ["answer:skip", "skipped"],
  ["answer:not_a_face", "not a face"],
];

/** @type {Choice[]} */
export const FLAGS = [
  ["mislabelled", "likely mislabelled"],
  ["duplicate", "near copies"],
  ["blurry", "blurry"],
  ["dark", "dark"],
  ["several", "from group pictures"],
];

/** @param {string} flag */
export const flagName = (flag) => textOf(FLAGS, flag);

/**
 * The filter that an address asks for; what else stands in it is left out.
 * @param {Record<string, string>} params
 * @returns {WantedImages}
 */
export const filterFrom = (params) =>
  Object.fromEntries(NAMES.flatMap((name) => (params[name] ? [[name, params[name]]] : [])));

/**
 * What the form asks for.
 * @param {Record<string, string>} fields
 * @returns {WantedImages}
 */
export function wantedBy({ label = "", subject = "", source = "", flag = "", since = "", until = "" }) {
  return filterFrom({
    ...{ source, flag, since, until },
    ...(label.startsWith("label:") && { label: label.slice("label:".length) }),
    ...(label.startsWith("answer:") && { answer: label.slice("answer:".length) }),
    ...(subject === NOT_NAMED ? { no_subject: "1" } : { subject }),
  });
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
 * The parts of a filter, each with what is left without it.
 * @param {WantedImages} wanted
 * @returns {Chip[]}
 */
export function chipsFor(wanted) {
  const { label, answer, subject, no_subject: notNamed, source, flag, since, until } = wanted;
  /** @type {[text: string | undefined | false, ...names: FilterName[]][]} */
  const parts = [
    [label && `label: ${label}`, "label"],
    [answer && textOf(ANSWERS, `answer:${answer}`), "answer"],
    [notNamed ? "person: not named" : subject && `person: ${subject}`, "subject", "no_subject"],
    [source && `source: ${source}`, "source"],
    [flag && flagName(flag), "flag"],
    [since === until && since && `day: ${since}`, "since", "until"],
    [since !== until && since && `from ${since}`, "since"],
    [since !== until && until && `to ${until}`, "until"],
  ];
  return parts.flatMap(([text, ...names]) => (text ? [{ text, without: omit(wanted, names) }] : []));
}

/**
 * What can be chosen in each of the form's selects; what is wanted can, even where there is no such image any more.
 * @param {OverviewFigures} overview
 * @param {WantedImages} [wanted]
 * @returns {{ label: Choice[], subject: Choice[], source: Choice[], flag: Choice[] }}
 */
export function filterChoices({ labels, subjects, sources }, wanted = {}) {
  const used = labels.filter(({ images, enabled }) => images || enabled);
  const { label, subject, source, flag } = fieldsFor(wanted);
  return {
    label: withWanted([["", "all"], ...ANSWERS, ...used.map(labelChoice)], label, wanted.label),
    subject: withWanted([["", "all"], ...subjects.map(subjectChoice)], subject, wanted.no_subject && "not named"),
    source: withWanted([["", "all"], ...sources.map(sourceChoice)], source),
    flag: withWanted([["", "all"], ...FLAGS], flag),
  };
}

/**
 * What selected images can be relabelled as.
 * @param {LabelFigures[]} labels
 * @returns {Choice[]}
 */
export function relabelChoices(labels) {
  const enabled = labels.filter((label) => label.enabled);
  const named = enabled.map(({ name, key }) => /** @type {Choice} */ ([`label:${name}`, `${name} (${keyName(key)})`]));
  return [
    ["", "Label as …"],
    ...named,
    ["clear", "no label"],
    ["skip", "skipped (S)"],
    ["not_a_face", "not a face (N)"],
  ];
}

/**
 * The answer that a choice of `relabelChoices` gives.
 * @param {string} value
 * @returns {GivenAnswer}
 */
export const answerOf = (value) =>
  value.startsWith("label:")
    ? { label: value.slice("label:".length), kind: "label" }
    : { kind: value === "clear" ? "clear" : value === "skip" ? "skip" : "not_a_face" };

/**
 * @param {WantedImages} wanted
 * @param {FilterName[]} names
 * @returns {WantedImages}
 */
const omit = (wanted, names) => filterFrom({ ...wanted, ...Object.fromEntries(names.map((name) => [name, ""])) });

/**
 * @param {Choice[]} choices
 * @param {string} value
 * @param {string} [text]
 * @returns {Choice[]}
 */
const withWanted = (choices, value, text = value) =>
  choices.some(([known]) => known === value) ? choices : [...choices, [value, text]];

/**
 * @param {Choice[]} choices
 * @param {string} value
 */
const textOf = (choices, value) => choices.find(([known]) => known === value)?.[1] ?? value;

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

/**
 * @param {[string, number]} source
 * @returns {Choice}
 */
const sourceChoice = ([name, images]) => [name, `${name} (${images})`];
