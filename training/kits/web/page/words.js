// How answers are written.

/** @import { FaceExpression } from "../mien.js" */

/** @param {number} share */
export const percent = (share) => `${Math.round(100 * share)} %`;

/**
 * "happiness 97 %", or "not sure · too dark".
 * @param {FaceExpression} face
 */
export const summary = ({ label, probabilities, doubt }) =>
  doubt ? `not sure · ${doubt}` : `${label} ${percent(probabilities[label])}`;

/** Of an error, for a person. @param {unknown} error */
export const sentence = (error) => (error instanceof Error ? error.message : String(error));
