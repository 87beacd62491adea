// How answers are written.

/** @import { FaceExpression } from "../mien.js" */
/** @import { ChipForm } from "./chip-layout.js" */

const NOT_SURE = "not sure";
const LETTERS = 6; // of a name that is cut

/** @param {number} share */
export const percent = (share) => `${Math.round(100 * share)} %`;

/**
 * What is said of a face, the longest first: "happiness 97 %", "happiness", "happin…", "ha"; or "not sure · too dark".
 * @param {Pick<FaceExpression, "label" | "probabilities" | "doubt">} face
 * @returns {Record<ChipForm, string>}
 */
export function chipTexts({ label, probabilities, doubt }) {
  if (doubt) return { full: `${NOT_SURE} · ${doubt}`, name: NOT_SURE, short: NOT_SURE, mark: "?" };
  const letters = [...label];
  return {
    full: `${label} ${percent(probabilities[label])}`,
    name: label,
    short: letters.length > LETTERS + 2 ? `${letters.slice(0, LETTERS).join("")}…` : label,
    mark: letters.slice(0, 2).join(""),
  };
}

/** Of an error, for a person. @param {unknown} error */
export const sentence = (error) => (error instanceof Error ? error.message : String(error));
