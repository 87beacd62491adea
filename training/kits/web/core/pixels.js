// Pixels of a picture, row after row from the upper left corner, and what is done to all of them.

/**
 * `channels`: 1, grey, or 4, red, green, blue and another. Values 0…255.
 * @typedef {{ width: number, height: number, channels: number, data: Uint8Array | Uint8ClampedArray }} Pixels
 */
/** @import { Part } from "./square.js" */

/**
 * In grey, by the weights of ITU-R BT.601, rounded as OpenCV does.
 * @param {Pixels} pixels
 * @returns {Pixels}
 */
export function greyOf(pixels) {
  if (pixels.channels === 1) return pixels;
  const { width, height, data } = pixels;
  const grey = new Uint8Array(width * height);
  for (let place = 0, from = 0; place < grey.length; place += 1, from += 4) {
    grey[place] = (9798 * data[from] + 19235 * data[from + 1] + 3735 * data[from + 2] + 16384) >> 15;
  }
  return { width, height, channels: 1, data: grey };
}

/**
 * At half the width and height, each pixel the mean of four; an odd last row or column goes.
 * @param {Pixels} pixels
 * @returns {Pixels}
 */
export function halved({ width, height, channels, data }) {
  const right = width > 1 ? channels : 0;
  const below = height > 1 ? width * channels : 0;
  const size = { width: Math.max(1, width >> 1), height: Math.max(1, height >> 1) };
  const half = new Uint8Array(size.width * size.height * channels);
  let to = 0;
  for (let y = 0; y < size.height; y += 1) {
    for (let x = 0; x < size.width; x += 1) {
      const first = (y * 2 * width + x * 2) * channels;
      for (let from = first; from < first + channels; from += 1, to += 1) {
        half[to] = (data[from] + data[from + right] + data[from + below] + data[from + right + below] + 2) >> 2;
      }
    }
  }
  return { ...size, channels, data: half };
}

/**
 * A copy of a part of a picture.
 * @param {Pixels} pixels
 * @param {Part} part
 * @returns {Pixels}
 */
export function cutOut(pixels, { left, top, width, height }) {
  const { channels } = pixels;
  const data = new Uint8Array(width * height * channels);
  for (let row = 0; row < height; row += 1) {
    const start = ((top + row) * pixels.width + left) * channels;
    data.set(pixels.data.subarray(start, start + width * channels), row * width * channels);
  }
  return { width, height, channels, data };
}
