// What came of holding the button once.

import { count } from "../shared/numbers.js";

/** @import { KeptFace } from "../shared/api" */

export class CaptureTally {
  /** Whether a face was seen at all. */
  faces = false;
  /** Whether the server would not have it, and said why. */
  refused = false;
  /** @type {number[]} the images that were added */
  ids = [];
  #near = 0;

  /** @param {string} label */
  constructor(label) {
    this.label = label;
  }

  /**
   * Whether this face is a new image.
   * @param {KeptFace} face
   */
  add({ image, state }) {
    if (state === "near-duplicate") this.#near += 1;
    if (state === "added") this.ids.push(image);
    return state === "added";
  }

  /** What to tell the person, or "". */
  get sentence() {
    if (this.ids.length) return `${count(this.ids.length, "image")} saved as ${this.label}.`;
    if (this.#near) return "Nothing new: all of them were near copies. Move a little.";
    return this.faces || this.refused ? "" : "No face was in view, so nothing was captured.";
  }
}
