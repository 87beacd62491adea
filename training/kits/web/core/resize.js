// A picture at another size, grey level for grey level as OpenCV makes it: the network that finds faces then answers as it
// does in Mien.

/** @import { Pixels } from "./pixels.js" */
/** @typedef {{ first: Int32Array, weights: Float64Array[] }} Taps for each place, the first one it is made of, and how
 *   much there is of that and of those behind it */

const ONE = 2048; // a weight in OpenCV's whole-number arithmetic

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
  const isSmall = width <= pixels.width / 2 || height <= pixels.height / 2;
  return isSmall ? averaged(pixels, width, height) : interpolated(pixels, width, height);
}

/** To the nearest whole number; half-way to the even one, as Python and OpenCV do. @param {number} value */
export function evenly(value) {
  const whole = Math.floor(value);
  return value - whole === 0.5 ? whole + (whole % 2) : Math.round(value);
}

/** `cv2.INTER_AREA`. @param {Pixels} pixels @param {number} width @param {number} height @returns {Pixels} */
function averaged(pixels, width, height) {
  const across = covered(pixels.width, width);
  const down = covered(pixels.height, height);
  const up = width * 2 === pixels.width && height * 2 === pixels.height ? 0.125 : 0; // just halved, it rounds halves up
  const data = new Uint8ClampedArray(width * height * 4);
  const line = new Float64Array(pixels.width * 4);
  for (let row = 0; row < height; row += 1) {
    line.fill(0);
    down.weights[row].forEach((weight, n) => addLine(line, pixels, down.first[row] + n, weight));
    for (let column = 0; column < width; column += 1) {
      const to = (row * width + column) * 4;
      const weights = across.weights[column];
      for (let channel = 0; channel < 3; channel += 1) {
        let sum = up;
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
 * `cv2.INTER_LINEAR`, in its whole numbers: first across, then down.
 * @param {Pixels} pixels
 * @param {number} width
 * @param {number} height
 * @returns {Pixels}
 */
function interpolated(pixels, width, height) {
  const across = between(pixels.width, width);
  const down = between(pixels.height, height);
  const lines = new Int32Array(width * pixels.height * 4);
  for (let row = 0; row < pixels.height; row += 1) {
    const start = row * pixels.width * 4;
    for (let column = 0; column < width; column += 1) {
      const { near, far, share } = across[column];
      for (let channel = 0; channel < 3; channel += 1) {
        const [one, other] = [pixels.data[start + near * 4 + channel], pixels.data[start + far * 4 + channel]];
        lines[(row * width + column) * 4 + channel] = one * (ONE - share) + other * share;
      }
    }
  }
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let row = 0; row < height; row += 1) {
    const { near, far, share } = down[row];
    for (let n = 0; n < width * 4; n += 1) {
      if (n % 4 === 3) continue;
      const one = ((lines[near * width * 4 + n] >> 4) * (ONE - share)) >> 16;
      const other = ((lines[far * width * 4 + n] >> 4) * share) >> 16;
      data[row * width * 4 + n] = (one + other + 2) >> 2;
    }
  }
  return { width, height, channels: 4, data };
}

/**
 * For each place, the two that it lies between, and the share of the `far` one in parts of `ONE`.
 * @param {number} from
 * @param {number} to
 * @returns {{ near: number, far: number, share: number }[]}
 */
function between(from, to) {
  return Array.from({ length: to }, (_, place) => {
    const at = Math.fround((place + 0.5) * (from / to) - 0.5);
    const near = Math.floor(at);
    const share = evenly(Math.fround(Math.fround(at - near) * ONE));
    if (near < 0) return { near: 0, far: 0, share: 0 };
    if (near >= from - 1) return { near: from - 1, far: from - 1, share: 0 };
    return { near, far: near + 1, share };
  });
}
