// YuNet (Wu et al., 2023), the network that finds faces: what it takes, and faces from what it puts out, by the rule of
// OpenCV's `FaceDetectorYN`.

import { overlap } from "./face.js";

/** @import { Box, FoundFace } from "./face.js" */
/** @import { Pixels } from "./pixels.js" */
/** @typedef {{ strides: number[], certainty: number, same: number, most: number }} YunetRule see `models/mien.json` */

/** @param {number} length */
const padded = (length) => Math.ceil(length / 32) * 32;

/**
 * A picture as the network takes it, (1, 3, height, width), blue, green, red; what it lacks, to the right and below, is
 * black.
 * @param {Pixels} pixels of 4 channels
 * @returns {{ data: Float32Array, dims: number[] }}
 */
export function yunetInput({ width, height, data }) {
  const [columns, rows] = [padded(width), padded(height)];
  const plane = columns * rows;
  const input = new Float32Array(3 * plane);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const from = (row * width + column) * 4;
      const to = row * columns + column;
      input[to] = data[from + 2];
      input[to + plane] = data[from + 1];
      input[to + 2 * plane] = data[from];
    }
  }
  return { data: input, dims: [1, 3, rows, columns] };
}

/**
 * The faces, the surest first, in the pixels of the picture that the network was given.
 * @param {Record<string, ArrayLike<number>>} outputs by name
 * @param {{ width: number, height: number }} picture
 * @param {YunetRule} rule
 * @returns {FoundFace[]}
 */
export function yunetFaces(outputs, { width, height }, { strides, certainty, same, most }) {
  const faces = strides.flatMap((stride) => {
    const parts = ["cls", "obj", "bbox", "kps"].map((part) => outputs[`${part}_${stride}`]);
    return facesOf(parts, { stride, columns: padded(width) / stride, rows: padded(height) / stride, certainty });
  });
  return faces.length > 1 ? surest(faces, certainty, same, most) : faces;
}

/**
 * The faces of one of the network's maps.
 * @param {ArrayLike<number>[]} parts
 * @param {{ stride: number, columns: number, rows: number, certainty: number }} map
 */
function facesOf([ofClass, ofObject, boxes, points], { stride, columns, rows, certainty: least }) {
  /** @type {FoundFace[]} */
  const faces = [];
  const share = (/** @type {number} */ value) => Math.min(1, Math.max(0, value));
  for (let place = 0; place < columns * rows; place += 1) {
    const certainty = Math.fround(Math.sqrt(share(ofClass[place]) * share(ofObject[place])));
    if (!(certainty >= Math.fround(least))) continue;
    const [x, y] = [place % columns, Math.floor(place / columns)];
    const [dx, dy, logWidth, logHeight] = [0, 1, 2, 3].map((n) => boxes[place * 4 + n]);
    const [width, height] = [Math.exp(logWidth) * stride, Math.exp(logHeight) * stride];
    faces.push({
      box: { x: (x + dx) * stride - width / 2, y: (y + dy) * stride - height / 2, width, height },
      points: [0, 2, 4, 6, 8].map((n) => ({
        x: (points[place * 10 + n] + x) * stride,
        y: (points[place * 10 + n + 1] + y) * stride,
      })),
      certainty,
    });
  }
  return faces.filter(isFinite);
}

/** @param {FoundFace} face */
function isFinite({ box, points }) {
  const numbers = [...Object.values(box), ...points.flatMap(({ x, y }) => [x, y])];
  return numbers.every(Number.isFinite);
}

/**
 * Of faces that overlap the surest. As OpenCV does, whole pixels are compared.
 * @param {FoundFace[]} faces
 * @param {number} certainty
 * @param {number} same overlap from which two boxes are of one face
 * @param {number} most
 */
function surest(faces, certainty, same, most) {
  /** @type {{ face: FoundFace, whole: Box }[]} */
  const kept = [];
  const sure = faces.filter((face) => face.certainty > Math.fround(certainty));
  const ranked = sure.sort((one, other) => other.certainty - one.certainty).slice(0, most);
  for (const face of ranked) {
    const { x, y, width, height } = face.box;
    const whole = { x: Math.trunc(x), y: Math.trunc(y), width: Math.trunc(width), height: Math.trunc(height) };
    if (kept.every((other) => overlap(other.whole, whole) <= same)) kept.push({ face, whole });
  }
  return kept.map(({ face }) => face);
}
