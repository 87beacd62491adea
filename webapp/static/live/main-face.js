// Which of several faces the live view is about, where this browser names them; the server's rule, webapp/live/main_face.py.

/** @import { SeenFace } from "../shared/api" */

const MUCH_LARGER = 1 / 0.6; // by how much another face's area must exceed the main one's to take its place
const PATIENCE = 0.6; // seconds for which a main face that is not found is only missed: nobody takes its place

export class MainFace {
  /** Whether a person chose it. */
  chosen = false;
  /** @type {number | null} */
  #main = null;
  #seen = 0;

  /**
   * Makes a face the main one until it leaves; null: the largest one again.
   * @param {number | null} face its id
   */
  choose(face) {
    this.#main = face;
    this.chosen = face !== null;
  }

  /**
   * The main face's id, or null where it is not among this frame's faces.
   * @param {SeenFace[]} faces
   * @param {number} time seconds
   */
  update(faces, time) {
    const areas = new Map(faces.map(({ id, box: [, , width, height] }) => [id, width * height]));
    if (this.#main !== null && !areas.has(this.#main)) {
      if (time - this.#seen <= PATIENCE) return null;
      this.choose(null);
    }
    if (!this.chosen && areas.size) {
      const [largest, area] = [...areas].reduce((one, other) => (other[1] > one[1] ? other : one));
      if (this.#main === null || area > MUCH_LARGER * (areas.get(this.#main) ?? 0)) this.#main = largest;
    }
    this.#seen = time;
    return this.#main;
  }
}
