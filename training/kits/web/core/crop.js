// The pixels of a face as the network takes them: those that Mien itself cuts out, to the grey value.

import { greyOf, halved } from "./pixels.js";

/** @import { Pixels } from "./pixels.js" */
/** @import { Part, Square } from "./square.js" */

/**
 * The pixels of a square, `side` × `side`, grey, turned upright, edge pixels repeated beyond the picture. Where the
 * square has more than that, they are averaged.
 * @param {Pixels} pixels of the part of the picture in which the square lies
 * @param {Pick<Part, "left" | "top">} part where that is
 * @param {Square} square
 * @param {number} side
 * @param {{ samples: number }} rule
 * @returns {Pixels}
 */
export function cut(pixels, part, square, side, { samples }) {
  let x = square.x - part.left;
  let y = square.y - part.top;
  let ratio = square.side / side;
  let source = pixels;
  while (ratio > samples) {
    x *= source.width > 1 ? 0.5 : 1;
    y *= source.height > 1 ? 0.5 : 1;
    ratio /= 2;
    source = halved(source);
  }
  const fine = ratio > 1 ? samples : 1;
  const crop = sampled(greyOf(source), { x, y, side: square.side, angle: square.angle }, ratio / fine, side * fine);
  return fine > 1 ? halved(crop) : crop;
}

/**
 * `side` × `side` samples around a square's centre, `step` pixels apart, each between the four pixels around it.
 * @param {Pixels} picture grey
 * @param {Square} square
 * @param {number} step
 * @param {number} side
 * @returns {Pixels}
 */
function sampled({ width, height, data }, { x, y, angle }, step, side) {
  const cosine = step * Math.cos(angle);
  const sine = step * Math.sin(angle);
  const middle = (side - 1) / 2;
  const left = x - 0.5 - middle * (cosine - sine);
  const top = y - 0.5 - middle * (cosine + sine);
  const samples = new Uint8Array(side * side);
  const inX = (/** @type {number} */ place) => Math.min(Math.max(place, 0), width - 1);
  const inY = (/** @type {number} */ place) => Math.min(Math.max(place, 0), height - 1);
  for (let row = 0; row < side; row += 1) {
    const startX = thousandths(left - sine * row) + 16;
    const startY = thousandths(top + cosine * row) + 16;
    for (let column = 0; column < side; column += 1) {
      // Places are of whole 32nds of a pixel, as OpenCV's are.
      const placeX = Math.floor((startX + thousandths(cosine * column)) / 32);
      const placeY = Math.floor((startY + thousandths(sine * column)) / 32);
      const right = placeX & 31;
      const below = placeY & 31;
      const [x0, y0] = [Math.floor(placeX / 32), Math.floor(placeY / 32)];
      const [column0, column1] = [inX(x0), inX(x0 + 1)];
      const [row0, row1] = [inY(y0) * width, inY(y0 + 1) * width];
      const upper = data[row0 + column0] * (32 - right) + data[row0 + column1] * right;
      const lower = data[row1 + column0] * (32 - right) + data[row1 + column1] * right;
      samples[row * side + column] = (upper * (32 - below) + lower * below + 512) >> 10;
    }
  }
  return { width: side, height: side, channels: 1, data: samples };
}

/** Pixels as whole 1024ths. @param {number} pixels */
const thousandths = (pixels) => Math.round(1024 * pixels);
