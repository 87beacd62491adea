// What in a zip was compared with what, and how it came out.

import { make } from "../shared/elements.js";

/** @import { Comparison, Proof } from "../shared/api" */

const NAMES = { crop: "Crop", network: "Network", labels: "Labels" };
const STATES = {
  checked: "Checked here",
  "to come": "Checked as the zip is made",
  inside: "Checked where you run it",
};
const LEAST_SHOWN = 0.0001;

/** @param {number} difference */
const shownDifference = (difference) => (difference < LEAST_SHOWN ? "under 0.0001" : difference.toFixed(4));

/**
 * How a network was proved, in words.
 * @param {Proof} proof
 */
export const proofWords = (proof) =>
  `Greatest difference ${shownDifference(proof.max_difference)} in probability, equal labels ` +
  `${(100 * proof.equal_labels).toFixed(1)} % of ${proof.faces} pictures. Run by ${proof.runner}, ` +
  `${(proof.bytes / 1e6).toFixed(1)} MB.`;

/**
 * @param {Comparison[]} comparisons
 * @returns {HTMLElement[]} terms and what is said of them
 */
export function proofList(comparisons) {
  return comparisons.flatMap(({ what, state, said, proof }) => {
    const term = make("dt", "", NAMES[what]);
    const about = make("dd", "", "", { "data-proof": what, "data-state": state });
    about.append(make("b", state === "checked" ? "good" : "", STATES[state]), withCode(said));
    if (proof) about.append(make("span", "figures", proofWords(proof)));
    return [term, about];
  });
}

/**
 * A sentence, with what stands between backticks as code.
 * @param {string} text
 */
function withCode(text) {
  const sentence = make("span");
  sentence.append(...text.split("`").map((part, at) => make(at % 2 ? "code" : "span", "", part)));
  return sentence;
}
