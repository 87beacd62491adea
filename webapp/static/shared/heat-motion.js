// Heat maps that glide: what is said of a face changes from frame to frame, and its map must not flicker.

/** @import { Heat, SeenFace } from "./api" */
/** @typedef {{ heat: Heat, at: number }} Shown */

const SETTLE = 120; // ms after which a change of the cells has come through by 63 %, as in probabilities
const SETTLE_PLACE = 40; // of the corners, as in boxes

export class HeatMotion {
  /** @type {Map<number, Shown>} by face */
  #shown = new Map();

  /**
   * The faces with their maps as they are to be shown now.
   * @param {SeenFace[]} faces
   * @param {number} now milliseconds
   */
  follow(faces, now) {
    const shown = new Map();
    const moved = faces.map((face) => {
      if (!face.heat) return face;
      const heat = glide(this.#shown.get(face.id), face.heat, now);
      shown.set(face.id, { heat, at: now });
      return { ...face, heat };
    });
    this.#shown = shown;
    return moved;
  }
}

/**
 * @param {Shown | undefined} before
 * @param {Heat} heat
 * @param {number} now
 * @returns {Heat}
 */
function glide(before, heat, now) {
  const { cells } = before?.heat ?? {};
  if (!before || cells?.length !== heat.cells.length || cells[0].length !== heat.cells[0].length) return heat;
  const share = (/** @type {number} */ settle) => 1 - Math.exp((before.at - now) / settle);
  const mix = (/** @type {number[]} */ from, /** @type {number[]} */ to, /** @type {number} */ part) =>
    to.map((value, i) => from[i] + part * (value - from[i]));
  return {
    cells: heat.cells.map((row, i) => mix(before.heat.cells[i], row, share(SETTLE))),
    corners: /** @type {Heat["corners"]} */ (
      heat.corners.map((corner, i) => mix(before.heat.corners[i], corner, share(SETTLE_PLACE)))
    ),
  };
}
