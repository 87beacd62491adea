// The canvas over a stage's video: faces' boxes and names, and which of them the pointer is at.

import { ChipLayout } from "./chip-layout.js";
import { FacePainter, freshPen, sizeOn } from "./draw-face.js";
import { paintHeats } from "./heat-painter.js";
import { isIn } from "./stage-geometry.js";

/** @import { Chip, Size } from "./chip-layout.js" */
/** @import { DrawnFace } from "./draw-face.js" */
/** @import { DrawnHeat } from "./heat-painter.js" */
/** @import { Look } from "./label-look.js" */

export class StageOverlay {
  #painter = new FacePainter(new ChipLayout());
  /** @type {DrawnFace[]} */
  #faces = [];
  /** @type {Map<number, Chip>} */
  #chips = new Map();

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
  }

  /**
   * @param {(DrawnFace & { heat?: DrawnHeat })[]} faces
   * @param {number | null} main the main one's id
   * @param {Size} bounds of the canvas, in CSS pixels
   * @param {(Look & { name: string })[]} labels
   */
  draw(faces, main, bounds, labels) {
    const pen = freshPen(this.canvas, bounds);
    const how = { main, bounds, size: sizeOn(bounds.width), now: performance.now(), labels };
    this.#faces = faces;
    paintHeats(pen, faces);
    this.#chips = this.#painter.paint(pen, faces, how);
  }

  /**
   * The id of the face whose box or name is at a point of the canvas; of several boxes the smallest, which is in front.
   * @param {number} x
   * @param {number} y
   */
  faceAt(x, y) {
    const boxes = this.#faces.filter(({ box }) => isIn(x, y, box));
    const front = boxes.sort((one, other) => one.box.width - other.box.width).at(0);
    if (front) return front.id;
    for (const [id, chip] of this.#chips) if (isIn(x, y, chip)) return id;
    return null;
  }
}
