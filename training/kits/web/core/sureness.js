// When an answer is not sure enough to be given, and why, in words.

/** @import { Fault, Quality } from "./quality.js" */
/** @typedef {{ margin: number, quality: number }} Sureness the least gap between the two highest probabilities, and the
 *   least quality score; both 0…1 */

/**
 * Why an answer is not sure: "too dark", "fear or surprise"; "" where it is, or where no limits are known.
 * @param {ArrayLike<number>} probabilities those of `labels`
 * @param {Quality} quality
 * @param {Sureness | null} sureness
 * @param {{ labels: string[], reasons: Record<Fault, string> }} words
 */
export function doubtOf(probabilities, quality, sureness, { labels, reasons }) {
  if (!sureness) return "";
  if (quality.score < sureness.quality && quality.faults.length) return reasons[quality.faults[0]];
  if (labels.length < 2) return "";
  const ranked = labels.map((_, n) => n).sort((one, other) => probabilities[other] - probabilities[one] || other - one);
  const [first, second] = ranked;
  const sure = probabilities[first] - probabilities[second] >= sureness.margin;
  return sure ? "" : `${labels[first]} or ${labels[second]}`;
}
