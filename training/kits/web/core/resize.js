// A picture at another size, as OpenCV makes it: the network that finds faces then answers as it does in Mien.

/** @import { Pixels } from "./pixels.js" */
/** @typedef {{ first: Int32Array, weights: Float64Array[] }} Taps for each place, the first one it is made of, and how
 *   much there is of that and of those behind it */

/**
 * Each pixel the mean of those that it covers where the picture shrinks to half its size or less, else between the four
 * around it.
 * @param {Pixels} pixels of 4 channels, of which the last is not kept
 * @param {number} width
 * @param {number} height
 * @returns {Pixels}
 */
export function resized(pixels, width, height) {
  if (width === pixels.width && height === pixels.height) return pixels;
  const tapsOf = width <= pixels.width / 2 || height <= pixels.height / 2 ? covered : between;
  const across = tapsOf(pixels.width, width);
  const down = tapsOf(pixels.height, height);
  const data = new Uint8ClampedArray(width * height * 4);
  const line = new Float64Array(pixels.width * 4);
  for (let row = 0; row < height; row += 1) {
    line.fill(0);
    down.weights[row].forEach((weight, n) => addLine(line, pixels, down.first[row] + n, weight));
    for (let column = 0; column < width; column += 1) {
      const to = (row * width + column) * 4;
      const weights = across.weights[column];
      for (let channel = 0; channel < 3; channel += 1) {
        let sum = 0;
        for (let n = 0; n < weights.length; n += 1) sum += weights[n] * line[(across.first[column] + n) * 4 + channel];
        data[to + channel] = sum;
      }
      data[to + 3] = 255;
    }
  }
  return { width, height, channels: 4, data };
}

/**
 * @param {Float64Array} line
 * @param {Pixels} pixels
 * @param {number} row
 * @param {number} weight
 */
function addLine(line, { data }, row, weight) {
  const start = row * line.length;
  for (let n = 0; n < line.length; n += 1) line[n] += weight * data[start + n];
}

/**
 * @param {number} from
 * @param {number} to
 * @returns {Taps}
 */
function covered(from, to) {
  const scale = from / to;
  const first = new Int32Array(to);
  const weights = Array.from(first, (_, place) => {
    const start = place * scale;
    const end = Math.min(from, start + scale);
    first[place] = Math.floor(start + 1e-3);
    const last = Math.max(first[place] + 1, Math.ceil(end - 1e-3));
    const share = (/** @type {number} */ at) => Math.min(end, at + 1) - Math.max(start, at);
    return Float64Array.from({ length: last - first[place] }, (__, n) => share(first[place] + n) / (end - start));
  });
  return { first, weights };
}

/**
 * @param {number} from
 * @param {number} to
 * @returns {Taps}
 */
function between(from, to) {
  const first = new Int32Array(to);
  const weights = Array.from(first, (_, place) => {
    const at = Math.min(Math.max(0, ((place + 0.5) * from) / to - 0.5), from - 1);
    first[place] = Math.min(Math.floor(at), Math.max(0, from - 2));
    const share = at - first[place];
    return Float64Array.of(1 - share, ...(from > 1 ? [share] : []));
  });
  return { first, weights };
}
