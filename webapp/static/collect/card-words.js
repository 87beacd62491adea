// What a label's card says of what there is of it.

import { count } from "../shared/numbers.js";

/** @typedef {{ images: number, takes: number }} FairStart so many images from so many takes */

/** @param {FairStart} has images that came from files belong to no take */
export function amount({ images, takes }) {
  if (!images) return "none yet";
  return takes ? `${count(takes, "take")} · ${images.toLocaleString("en")}` : count(images, "image");
}

/**
 * How much of a fair start there is, 0…1: half of it are the images and half of it the takes, where there are any.
 * @param {FairStart} has
 * @param {FairStart} fair
 */
export function fairness({ images, takes }, fair) {
  const ofImages = Math.min(1, images / fair.images);
  return takes ? (ofImages + Math.min(1, takes / fair.takes)) / 2 : ofImages;
}

/** @param {FairStart} fair */
export const hint = ({ images, takes }) =>
  `Pick a label, make the face, hold the button or the space bar. Move a little: near copies are left out. ` +
  `${images} images from ${count(takes, "take")} make a fair start.`;
