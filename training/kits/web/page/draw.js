// Boxes and names of faces on a canvas.

import { ChipLayout } from "./chip-layout.js";
import { chipTexts } from "./words.js";

/** @import { FaceExpression } from "../mien.js" */
/** @import { Chip } from "./chip-layout.js" */
/** @typedef {Record<string, { color: string }>} Looks */
/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ x: number, y: number, width: number, height: number }} Rectangle */

const UNSURE = "#767676";
const ROUND = 7; // pixels of a chip's corners

/**
 * A canvas's pen in CSS pixels, sharp on any screen; everything drawn before is gone.
 * @param {HTMLCanvasElement} canvas
 * @param {Size} size
 */
export function freshPen(canvas, { width, height }) {
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
 * @param {Size} size
 * @param {Size} picture
 * @returns {Rectangle}
 */
export function placeIn(size, picture) {
  const scale = Math.min(size.width / picture.width, size.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { x: (size.width - width) / 2, y: (size.height - height) / 2, width, height };
}

/**
 * A box for each face in its label's colour, the first one's stronger, and what is said of it; no name lies over another
 * face or name.
 * @param {CanvasRenderingContext2D} pen
 * @param {FaceExpression[]} faces
 * @param {{ looks: Looks, picture: Size, bounds: Size, mirrored?: boolean, layout?: ChipLayout }} how
 *   `bounds`: in whose middle the picture lies; `layout`: remembers where names were in a video's last frame
 */
export function drawFaces(pen, faces, { looks, picture, bounds, mirrored = false, layout = new ChipLayout() }) {
  const place = placeIn(bounds, picture);
  const scale = place.width / picture.width;
  const size = Math.max(0.8, Math.min(1.8, place.width / 800));
  const colorOf = (/** @type {FaceExpression} */ { label, doubt }) =>
    doubt ? UNSURE : (looks[label]?.color ?? UNSURE);
  pen.lineJoin = "round";
  pen.textBaseline = "middle";
  pen.font = `600 ${15 * size}px system-ui, sans-serif`;
  const named = faces.map((face, n) => {
    const { x, y, width, height } = face.box;
    const left = mirrored ? picture.width - x - width : x;
    const box = { x: place.x + left * scale, y: place.y + y * scale, width: width * scale, height: height * scale };
    strokeBox(pen, box, colorOf(face), size * (n ? 2 : 3));
    return { id: face.id, box, widths: widthsOf(pen, face, size) };
  });
  const chips = layout.place(named, bounds, size, performance.now());
  for (const face of faces) {
    const chip = chips.get(face.id);
    if (chip) drawChip(pen, chip, chipTexts(face)[chip.form], colorOf(face), size);
  }
}

/**
 * The full form is as wide as it can get, so that no chip changes its size with its figure.
 * @param {CanvasRenderingContext2D} pen
 * @param {FaceExpression} face
 * @param {number} size
 */
function widthsOf(pen, face, size) {
  const texts = chipTexts({ ...face, probabilities: { [face.label]: 1 } });
  const width = (/** @type {Chip["form"]} */ form) => pen.measureText(texts[form]).width + 2 * padding(form) * size;
  return { full: width("full"), name: width("name"), short: width("short"), mark: width("mark") };
}

/** @param {Chip["form"]} form */
const padding = (form) => (form === "mark" ? 5 : 10);

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
 * @param {Chip} chip
 * @param {string} text
 * @param {string} color
 * @param {number} size
 */
function drawChip(pen, { form, x, y, width, height }, text, color, size) {
  pen.fillStyle = color;
  pen.beginPath();
  pen.roundRect(x, y, width, height, ROUND * size);
  pen.fill();
  pen.fillStyle = inkOn(color);
  pen.fillText(text, x + padding(form) * size, y + height / 2 + size);
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
