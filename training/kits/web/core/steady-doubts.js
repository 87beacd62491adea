// Whether faces that are followed are named for sure, without flicker: a doubt is told only once it has lasted.

import { doubtOf } from "./sureness.js";

/** @import { Fault, Quality } from "./quality.js" */
/** @import { Sureness } from "./sureness.js" */
/** @typedef {{ comes: number, goes: number, surer: number }} DoubtRule seconds; see `models/mien.json` */

export class SteadyDoubts {
  /** @type {Map<number, { doubt: string, confirmed: number }>} by face */
  #said = new Map();
  #limits;
  #stricter;
  #words;
  #rule;

  /**
   * @param {Sureness | null} sureness
   * @param {{ labels: string[], reasons: Record<Fault, string> }} words
   * @param {DoubtRule} rule
   */
  constructor(sureness, words, rule) {
    this.#limits = sureness;
    this.#stricter = sureness && {
      margin: Math.min(1, sureness.margin * rule.surer),
      quality: Math.min(1, sureness.quality * rule.surer),
    };
    this.#words = words;
    this.#rule = rule;
  }

  /**
   * The doubt to tell of a face now, "" for none.
   * @param {number} face its id
   * @param {ArrayLike<number>} probabilities
   * @param {Quality} quality
   * @param {number} time seconds
   */
  update(face, probabilities, quality, time) {
    const said = this.#said.get(face);
    const now = doubtOf(probabilities, quality, said?.doubt ? this.#stricter : this.#limits, this.#words);
    const waits = said && time - said.confirmed < (said.doubt ? this.#rule.goes : this.#rule.comes);
    if (waits && now !== said.doubt) return said.doubt;
    this.#said.set(face, { doubt: now, confirmed: time });
    return now;
  }

  /**
   * Forgets all but these.
   * @param {number[]} faces
   */
  forgetOthers(faces) {
    for (const face of this.#said.keys()) if (!faces.includes(face)) this.#said.delete(face);
  }
}
