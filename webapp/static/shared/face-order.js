// Faces from left to right, as they are seen.

/** @import { SeenFace } from "./api" */

const PASSED = 0.25; // share of the narrower face's width by which one must have passed another to change places with it

export class FaceOrder {
  /** @type {number[]} */
  #ids = [];

  /**
   * The faces from left to right. Two that are above one another do not change places all the time.
   * @param {SeenFace[]} faces
   * @param {boolean} mirrored
   */
  row(faces, mirrored) {
    const known = this.#ids.flatMap((id) => faces.find((face) => face.id === id) ?? []);
    const row = [...known];
    for (const face of faces) if (!known.includes(face)) row.push(face);
    for (let end = 1; end < row.length; end += 1) {
      for (let at = end; at > 0; at -= 1) {
        const [left, right] = [row[at - 1], row[at]];
        const slack = known.includes(right) ? PASSED * Math.min(left.box[2], right.box[2]) : 0;
        if (placeOf(right, mirrored) >= placeOf(left, mirrored) - slack) break;
        [row[at - 1], row[at]] = [right, left];
      }
    }
    this.#ids = row.map(({ id }) => id);
    return row;
  }
}

/** @param {SeenFace} face @param {boolean} mirrored */
const placeOf = ({ box: [x, , width] }, mirrored) => (mirrored ? -1 : 1) * (x + width / 2);
