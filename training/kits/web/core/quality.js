// How fit a face is to be named: what in its picture speaks against an answer, and how much.

import { brightness, noise, sharpness, weakestBand } from "./detail.js";
import { middle, outside } from "./square.js";

/** @import { FoundFace, Point } from "./face.js" */
/** @import { Pixels } from "./pixels.js" */
/** @import { Square } from "./square.js" */

/** @typedef {"small" | "blurred" | "dark" | "noisy" | "turned away" | "covered" | "cut off"} Fault */
/** @typedef {{ score: number, faults: Fault[] }} Quality `score`: 1 where nothing speaks against an answer, 0 where
 *   none can be given; `faults`: why, worst first */
/** @typedef {{ fine: number, hopeless: number }} Limits */
/**
 * @typedef {"small" | "blurred" | "dark" | "noisy" | "covered" | "uncertain" | "sideways" | "narrow" | "nose high"
 *   | "nose low" | "cut off"} Measure
 */
/** @typedef {{ side: number, face: number, toSigma: number, limits: Record<Measure, Limits> }} QualityRule */

/**
 * The quality of a face in a picture of `width` × `height` pixels.
 * @param {Pixels} crop its square cut out, `rule.side` pixels a side
 * @param {Square} square
 * @param {FoundFace} face
 * @param {{ width: number, height: number }} picture
 * @param {QualityRule} rule
 * @returns {Quality}
 */
export function qualityOf(crop, square, face, { width, height }, { limits, face: share, toSigma }) {
  /** @type {Map<Fault, number>} */
  const passed = new Map([
    ["small", passedBy(square.side, limits.small)],
    ["dark", passedBy(brightness(crop), limits.dark)],
    ["noisy", passedBy(noise(crop, toSigma), limits.noisy)],
    ["covered", Math.max(passedBy(weakestBand(crop), limits.covered), passedBy(face.certainty, limits.uncertain))],
    ["cut off", passedBy(outside({ ...square, side: square.side * share }, width, height), limits["cut off"])],
  ]);
  // A small face is blurred because it is small.
  if (!passed.get("small")) passed.set("blurred", passedBy(sharpness(crop), limits.blurred));
  passed.set("turned away", turned(face.points, limits));
  const faults = [...passed].filter(([, value]) => value > 0).sort(([, one], [, other]) => other - one);
  return {
    score: [...passed.values()].reduce((score, value) => score * (1 - value), 1),
    faults: faults.map(([fault]) => fault),
  };
}

/**
 * How far, 0…1, a value is from fine to hopeless; what is no number is hopeless.
 * @param {number} value
 * @param {Limits} limits
 */
function passedBy(value, { fine, hopeless }) {
  const share = (value - fine) / (hopeless - fine);
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 1;
}

/**
 * How far a face is turned away, 0…1. In units of the way from between the eyes to the mouth's middle: how far to the
 * side the nose's tip is, how far apart the eyes are, how far down the nose is.
 * @param {Point[]} points
 * @param {QualityRule["limits"]} limits
 */
function turned(points, limits) {
  if (!points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))) return 1;
  const [left, right, nose, leftCorner, rightCorner] = points;
  const eyes = middle(left, right);
  const mouth = middle(leftCorner, rightCorner);
  const length = Math.hypot(mouth.x - eyes.x, mouth.y - eyes.y);
  if (length < 1e-3) return 1;
  const down = { x: (mouth.x - eyes.x) / length, y: (mouth.y - eyes.y) / length };
  const across = { x: down.y, y: -down.x };
  const along = (/** @type {Point} */ from, /** @type {Point} */ to, /** @type {Point} */ way) =>
    ((to.x - from.x) * way.x + (to.y - from.y) * way.y) / length;
  const high = along(eyes, nose, down);
  return Math.max(
    passedBy(Math.abs(along(middle(eyes, mouth), nose, across)), limits.sideways),
    passedBy(Math.abs(along(left, right, across)), limits.narrow),
    passedBy(high, limits["nose high"]),
    passedBy(high, limits["nose low"]),
  );
}
