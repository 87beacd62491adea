// Which of several faces the bars and the chart are about.

/** @import { SeenFace } from "../shared/api" */

const STILL_MAIN = 0.6;

/**
 * The same face as before while it is there and not much smaller than the largest, else the largest.
 * @param {SeenFace[]} faces
 * @param {SeenFace | null} before
 * @returns {SeenFace | null}
 */
export function mainFace(faces, before) {
  if (!faces.length) return null;
  const largest = faces.reduce((best, face) => (area(face) > area(best) ? face : best));
  const same = before && faces.find(({ id }) => id === before.id);
  return same && area(same) > area(largest) * STILL_MAIN ? same : largest;
}

/** @param {SeenFace} face */
const area = ({ box: [, , width, height] }) => width * height;
