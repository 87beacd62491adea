// What the pixels of a face's crop, 48 × 48 grey, say of the picture that it is from.

/** @import { Pixels } from "./pixels.js" */

/**
 * Grey value, 0…255, of the brightest tenth's darkest pixel, in the middle: behind it there may be a window.
 * @param {Pixels} crop
 */
export function brightness({ data, width }) {
  const middle = new Uint8Array(32 * 28);
  for (let row = 0; row < 32; row += 1) {
    const start = (row + 8) * width + 10;
    middle.set(data.subarray(start, start + 28), row * 28);
  }
  return middle.sort()[Math.floor((middle.length * 9) / 10)];
}

/**
 * Standard deviation of the noise over that of the picture. Second differences across, and of these down, see noise but
 * no planes and no edges along the axes (Immerkær, 1996).
 * @param {Pixels} crop
 * @param {number} toSigma from the median of such differences to the noise's standard deviation
 */
export function noise({ data, width }, toSigma) {
  const across = (/** @type {number} */ place) => data[place - 1] + data[place + 1] - 2 * data[place];
  const found = new Uint16Array((width - 2) ** 2);
  let count = 0;
  for (let row = 1; row < width - 1; row += 1) {
    for (let place = row * width + 1; place < row * width + width - 1; place += 1) {
      found[count] = Math.abs(across(place - width) + across(place + width) - 2 * across(place));
      count += 1;
    }
  }
  found.sort();
  return (found[Math.floor(found.length / 2)] * toSigma) / (deviation(data) + 1);
}

/** @param {Pixels["data"]} values */
function deviation(values) {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / values.length - (sum / values.length) ** 2));
}

/**
 * How much of the difference between pixels six apart there is between pixels two apart, beyond the ninth that a smooth
 * slope has; in the direction that has less, since a camera that moves blurs only one.
 * @param {Pixels} crop
 */
export function sharpness(crop) {
  const near = differences(crop, 2);
  const far = differences(crop, 6);
  const [across, down] = [0, 1].map((way) => (near[way] + 0.01) / (far[way] + 0.1));
  return Math.min(across, down) - 1 / 9;
}

/**
 * The mean squared difference of pixels that are `step` apart, across and down.
 * @param {Pixels} crop
 * @param {number} step
 */
function differences({ data, width }, step) {
  let across = 0;
  let down = 0;
  for (let line = 0; line < width; line += 1) {
    for (let place = 0; place < width - step; place += 1) {
      across += (data[line * width + place + step] - data[line * width + place]) ** 2;
      down += (data[(place + step) * width + line] - data[place * width + line]) ** 2;
    }
  }
  const count = width * (width - step);
  return [across / count, down / count];
}

/**
 * Detail of the six rows that have least of it, over that of all; a bar, dark glasses or a mask have hardly any.
 * @param {Pixels} crop
 */
export function weakestBand({ data, width }) {
  /** @type {number[]} */
  const rows = [];
  for (let row = 6; row < 44; row += 1) {
    let sum = 0;
    for (let place = row * width + 6; place < row * width + 41; place += 1) {
      sum += Math.abs(data[place + 1] - data[place]);
    }
    rows.push(sum / 35);
  }
  const total = (/** @type {number[]} */ part) => part.reduce((sum, value) => sum + value, 0);
  const bands = rows.slice(5).map((_, first) => total(rows.slice(first, first + 6)));
  return Math.min(...bands) / 6 / (total(rows) / rows.length + 0.5);
}
