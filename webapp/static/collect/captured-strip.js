// The newest pictures that were captured, the last one first.

import { address } from "../shared/ask.js";
import { make } from "../shared/elements.js";
import { wear } from "../shared/label-look.js";

/** @import { KeptFace } from "../shared/api" */
/** @import { Look } from "../shared/label-look.js" */

const SHOWN = 24; // pictures

export class CapturedStrip {
  /**
   * @param {HTMLElement} element
   * @param {HTMLElement} title
   */
  constructor(element, title) {
    this.element = element;
    this.title = title;
  }

  /**
   * @param {KeptFace} face
   * @param {Look} look of its label
   */
  add({ image, label }, look) {
    const src = address("/data/images/{image_id}/thumbnail", { path: { image_id: image } });
    const name = label ?? "";
    const picture = make("img", "", "", { src, alt: name, title: name, "data-id": image });
    wear(picture, look);
    this.element.prepend(picture);
    while (this.element.children.length > SHOWN) this.element.lastElementChild?.remove();
    this.title.textContent = "Just captured";
  }

  /** @param {number[]} ids */
  takeAway(ids) {
    for (const id of ids) this.element.querySelector(`[data-id="${id}"]`)?.remove();
  }
}
