// Boxes and names of faces on a canvas.

import { summary } from "./words.js";

/** @import { FaceExpression } from "../mien.js" */
/** @typedef {Record<string, { color: string }>} Looks */
/** @typedef {{ x: number, y: number, width: number, height: number }} Rectangle */

const UNSURE = "#767676";
const CHIP = 28; // pixels of height
const PAD = 10;

/**
 * A canvas's pen in CSS pixels, sharp on any screen; everything drawn before is gone.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function freshPen(canvas, width, height) {
  const ratio = window.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

/**
 * Where the whole of a picture lies in the middle of a rectangle of this size.
 * @param {{ width: number, height: number }} size
 * @param {{ width: number, height: number }} picture
 * @returns {Rectangle}
 */
export function placeIn(size, picture) {
  const scale = Math.min(size.width / picture.width, size.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { x: (size.width - width) / 2, y: (size.height - height) / 2, width, height };
}

/**
 * A box for each face in its label's colour, and over it what is said of it; the first face's is stronger.
 * @param {CanvasRenderingContext2D} pen
 * @param {FaceExpression[]} faces
 * @param {{ looks: Looks, picture: { width: number, height: number }, place: Rectangle, mirrored?: boolean }} how
 *   `place` is where the picture lies
 */
export function drawFaces(pen, faces, { looks, picture, place, mirrored = false }) {
  const scale = place.width / picture.width;
  const size = Math.max(0.8, Math.min(1.8, place.width / 800));
  pen.lineJoin = "round";
  faces.forEach(({ box, label, doubt }, n) => {
    const left = mirrored ? picture.width - box.x - box.width : box.x;
    const [x, y] = [place.x + left * scale, place.y + box.y * scale];
    const drawn = { x, y, width: box.width * scale, height: box.height * scale };
    const color = doubt ? UNSURE : (looks[label]?.color ?? UNSURE);
    strokeBox(pen, drawn, color, size * (n ? 2 : 3));
    drawChip(pen, summary(faces[n]), drawn, place, color, size);
  });
}

/**
 * With a dark rim, so that it is seen on any picture.
 * @param {CanvasRenderingContext2D} pen
 * @param {Rectangle} box
 * @param {string} color
 * @param {number} width
 */
function strokeBox(pen, box, color, width) {
  pen.beginPath();
  pen.roundRect(box.x, box.y, box.width, box.height, Math.min(10, box.width / 4));
  pen.lineWidth = width + 2;
  pen.strokeStyle = "rgb(0 0 0 / 55%)";
  pen.stroke();
  pen.lineWidth = width;
  pen.strokeStyle = color;
  pen.stroke();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} text
 * @param {Rectangle} box
 * @param {Rectangle} place
 * @param {string} color
 * @param {number} size
 */
function drawChip(pen, text, box, place, color, size) {
  pen.font = `600 ${15 * size}px system-ui, sans-serif`;
  pen.textBaseline = "middle";
  const height = CHIP * size;
  const width = pen.measureText(text).width + 2 * PAD * size;
  const x = Math.max(place.x, Math.min(box.x + (box.width - width) / 2, place.x + place.width - width));
  const above = box.y - height - 4;
  const y = above >= place.y ? above : Math.min(box.y + box.height + 4, place.y + place.height - height);
  pen.fillStyle = color;
  pen.beginPath();
  pen.roundRect(x, y, width, height, height / 4);
  pen.fill();
  pen.fillStyle = inkOn(color);
  pen.fillText(text, x + PAD * size, y + height / 2 + size);
}

/**
 * "#000" or "#fff", whichever has the greater contrast on `color` ("#rrggbb"), by WCAG's relative luminance.
 * @param {string} color
 */
function inkOn(color) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
