// Boxes and names of faces on a canvas.

import { ChipLayout } from "./chip-layout.js";
import { inkOn, SPARE } from "./colors.js";
import { paintOf } from "./label-look.js";
import { chipTexts } from "./words.js";

/** @import { FaceExpression } from "../mien.js" */
/** @import { Chip, Rectangle, Size } from "./chip-layout.js" */
/** @import { Look } from "./label-look.js" */
/** @typedef {Record<string, Look>} Looks */

const UNSURE = { color: SPARE, pattern: "" };
const ROUND = 7; // pixels of a chip's corners
const STRIP = 12; // pixels of a chip that show its label's pattern

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
  const lookOf = (/** @type {FaceExpression} */ { label, doubt }) => (doubt ? UNSURE : (looks[label] ?? UNSURE));
  pen.lineJoin = "round";
  pen.textBaseline = "middle";
  pen.font = `600 ${15 * size}px system-ui, sans-serif`;
  const named = faces.map((face, n) => {
    const { x, y, width, height } = face.box;
    const left = mirrored ? picture.width - x - width : x;
    const box = { x: place.x + left * scale, y: place.y + y * scale, width: width * scale, height: height * scale };
    strokeBox(pen, box, lookOf(face).color, size * (n ? 2 : 3));
    return { id: face.id, box, widths: widthsOf(pen, face, size, lookOf(face)) };
  });
  const chips = layout.place(named, bounds, size, performance.now());
  for (const face of faces) {
    const chip = chips.get(face.id);
    if (chip) drawChip(pen, chip, chipTexts(face)[chip.form], lookOf(face), size);
  }
}

/**
 * The full form is as wide as it can get, so that no chip changes its size with its figure.
 * @param {CanvasRenderingContext2D} pen
 * @param {FaceExpression} face
 * @param {number} size
 * @param {Look} look
 */
function widthsOf(pen, face, size, look) {
  const texts = chipTexts({ ...face, probabilities: { [face.label]: 1 } });
  const width = (/** @type {Chip["form"]} */ form) =>
    pen.measureText(texts[form]).width + 2 * padding(form) * size + stripOf(look, size);
  return { full: width("full"), name: width("name"), short: width("short"), mark: width("mark") };
}

/** Pixels at the left of a chip. @param {Look} look @param {number} size */
const stripOf = ({ pattern }, size) => (pattern ? STRIP * size : 0);

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
 * @param {Look} look
 * @param {number} size
 */
function drawChip(pen, { form, x, y, width, height }, text, look, size) {
  const [strip, round] = [stripOf(look, size), ROUND * size];
  pen.fillStyle = look.color;
  pen.beginPath();
  pen.roundRect(x, y, width, height, round);
  pen.fill();
  if (strip) {
    pen.fillStyle = paintOf(pen, look);
    pen.beginPath();
    pen.roundRect(x, y, strip, height, [round, 0, 0, round]);
    pen.fill();
  }
  pen.fillStyle = inkOn(look.color);
  pen.fillText(text, x + strip + padding(form) * size, y + height / 2 + size);
}
