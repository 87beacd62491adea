// Where things are on a stage, in CSS pixels: the picture in it, boxes on the picture, names at the boxes.

/** @import { Rectangle, Size } from "./chip-layout.js" */
/** @typedef {{ x: number, y: number }} Point */

const NARROWEST = 3 / 4;
const WIDEST = 16 / 9;

/**
 * The shape of a stage for a camera's, width by height; what is taller or wider gets bars.
 * @param {number} ratio
 */
export const stageRatio = (ratio) => Math.min(WIDEST, Math.max(NARROWEST, ratio));

/**
 * Where the whole of a video lies in the middle of a stage; before it has a size, all over it.
 * @param {Size} stage
 * @param {Size} video
 * @returns {Rectangle}
 */
export function pictureIn(stage, video) {
  if (!video.width) return { x: 0, y: 0, ...stage };
  const scale = Math.min(stage.width / video.width, stage.height / video.height);
  const width = video.width * scale;
  const height = video.height * scale;
  return { x: (stage.width - width) / 2, y: (stage.height - height) / 2, width, height };
}

/**
 * A face's box on a picture.
 * @param {[x: number, y: number, width: number, height: number]} box in fractions of the picture
 * @param {Rectangle} picture
 * @param {boolean} [mirrored]
 * @returns {Rectangle}
 */
export function boxOn([left, top, width, height], picture, mirrored = false) {
  return {
    x: picture.x + (mirrored ? 1 - left - width : left) * picture.width,
    y: picture.y + top * picture.height,
    width: width * picture.width,
    height: height * picture.height,
  };
}

/**
 * Whether a point lies in a rectangle.
 * @param {number} x
 * @param {number} y
 * @param {Rectangle} rectangle
 */
export const isIn = (x, y, { x: left, y: top, width, height }) =>
  x >= left && x <= left + width && y >= top && y <= top + height;
