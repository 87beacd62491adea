// Heat maps that glide: what is said of a face changes from frame to frame, and its map must not flicker. Where it lies
// is steady already.

/** @import { Heat, SeenFace } from "./api" */
/** @typedef {{ heat: Heat, at: number }} Shown */

const SETTLE = 120; // ms after which a change of the cells has come through by 63 %, as in probabilities

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
  const cells = before?.heat.cells;
  if (!cells || cells.length !== heat.cells.length || cells[0].length !== heat.cells[0].length) return heat;
  const share = 1 - Math.exp((before.at - now) / SETTLE);
  const mixed = heat.cells.map((row, y) => row.map((cell, x) => cells[y][x] + share * (cell - cells[y][x])));
  return { ...heat, cells: mixed };
}
