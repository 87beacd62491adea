// Where a run's curves go: accuracies on a scale of 0 to 100 %, the loss on its own, all over the epochs.

/** @import { Curves } from "../shared/api" */

/** The chart's edges, in units of its view box. */
export const BOX = { left: 56, right: 472, top: 12, bottom: 176 };

/**
 * Height of a share.
 * @param {number} share 0…1
 */
export const heightAt = (share) => BOX.bottom - (BOX.bottom - BOX.top) * share;

/**
 * The points of each curve that has any, as an SVG polyline takes them; an epoch that was not measured is left out.
 * @param {Partial<Curves>} curves
 * @param {number} epochs how many there will be
 * @returns {{ name: "loss" | "base" | "held", points: string }[]}
 */
export function polylines({ accuracy = [], base = [], loss = [] }, epochs) {
  const last = Math.max(epochs, loss.length, 2);
  const most = Math.max(1e-9, ...loss.map((value) => value ?? 0));
  const across = (/** @type {number} */ index) => BOX.left + ((BOX.right - BOX.left) * index) / (last - 1);
  const pointsOf = (/** @type {(number | null)[]} */ values) => {
    const points = values.flatMap((value, index) =>
      value === null ? [] : [`${across(index).toFixed(1)},${heightAt(value).toFixed(1)}`],
    );
    // One point alone would draw nothing.
    return (points.length === 1 ? [...points, ...points] : points).join(" ");
  };
  const lines = [
    {
      name: /** @type {const} */ ("loss"),
      points: pointsOf(loss.map((value) => (value === null ? null : value / most))),
    },
    { name: /** @type {const} */ ("base"), points: pointsOf(base) },
    { name: /** @type {const} */ ("held"), points: pointsOf(accuracy) },
  ];
  return lines.filter(({ points }) => points);
}

/**
 * The curves in words.
 * @param {Partial<Curves>} curves
 */
export function curvesInWords({ accuracy = [], base = [], loss = [] }) {
  if (!loss.length) return "No curves yet";
  return `After ${loss.length} epochs: held-out faces ${newest(accuracy)}, built-in expressions ${newest(base)}`;
}

/** @param {(number | null)[]} values */
function newest(values) {
  const value = values.at(-1) ?? null;
  return value === null ? "not measured" : `${Math.round(100 * value)} %`;
}
