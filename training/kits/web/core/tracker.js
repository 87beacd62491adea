// Faces followed from frame to frame, and what is said of each smoothed over time.

import { distance, overlap, towards } from "./face.js";

/** @import { FoundFace } from "./face.js" */
/** @typedef {{ settle: number, settlePlace: number, patience: number, trembling: number, leastOverlap: number }}
 *   TrackerRule seconds and shares; see `models/mien.json` */
/** @typedef {{ id: number, face: FoundFace, probabilities: number[], seen: number }} Track */

export class Tracker {
  /** @type {Track[]} */
  #tracks = [];
  #ids = 0;
  #rule;

  /** @param {TrackerRule} rule */
  constructor(rule) {
    this.#rule = rule;
  }

  /**
   * The faces of a frame where they are to be shown and cut out: a still face stays still.
   * @param {FoundFace[]} found
   * @param {number} time seconds
   */
  steadied(found, time) {
    const matches = this.#match(found, time);
    return found.map((face, n) => {
      const old = matches.get(n);
      return old ? this.#moved(old, face, time) : face;
    });
  }

  /**
   * The tracks of this frame's faces, in the order of `faces`, which are `steadied`.
   * @param {FoundFace[]} faces
   * @param {ArrayLike<number>[]} probabilities a row for each face
   * @param {number} time seconds
   * @returns {Track[]}
   */
  update(faces, probabilities, time) {
    const matches = this.#match(faces, time);
    const tracks = faces.map((face, n) => {
      const old = matches.get(n);
      const row = Array.from(probabilities[n]);
      if (!old) return { id: (this.#ids += 1), face, probabilities: row, seen: time };
      const share = 1 - Math.exp(-Math.max(0, time - old.seen) / this.#rule.settle);
      const smooth = row.map((value, at) => old.probabilities[at] + share * (value - old.probabilities[at]));
      return { id: old.id, face, probabilities: smooth, seen: time };
    });
    const current = new Set(tracks.map(({ id }) => id));
    this.#tracks = [...tracks, ...this.#waiting(time).filter(({ id }) => !current.has(id))];
    return tracks;
  }

  /** @param {number} time */
  #waiting(time) {
    return this.#tracks.filter(({ seen }) => time - seen <= this.#rule.patience);
  }

  /**
   * For each face that continues a track, the track: best overlap first, each used once.
   * @param {FoundFace[]} found
   * @param {number} time
   * @returns {Map<number, Track>}
   */
  #match(found, time) {
    const pairs = this.#waiting(time).flatMap((track) =>
      found.map((face, n) => ({ shared: overlap(track.face.box, face.box), n, track })),
    );
    const near = pairs.filter(({ shared }) => shared > this.#rule.leastOverlap);
    const matches = new Map();
    const taken = new Set();
    for (const { n, track } of near.sort((one, other) => other.shared - one.shared)) {
      if (matches.has(n) || taken.has(track.id)) continue;
      matches.set(n, track);
      taken.add(track.id);
    }
    return matches;
  }

  /**
   * Of moves smaller than a camera's noise less comes through, the smaller they are.
   * @param {Track} old
   * @param {FoundFace} face
   * @param {number} time
   */
  #moved(old, face, time) {
    const gap = Math.max(0, time - old.seen);
    const noise = this.#rule.trembling * Math.max(1, old.face.box.height);
    const moving = Math.min(1, distance(old.face, face) / noise);
    return towards(old.face, face, moving * (1 - Math.exp(-gap / this.#rule.settlePlace)));
  }
}
