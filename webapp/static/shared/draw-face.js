// Drawing faces' boxes and names on a canvas.

import { CHIP } from "./chip-layout.js";
import { inkOn, SPARE } from "./colors.js";
import { isUnsure, nameOf } from "./face-name.js";
import { paintOf } from "./label-look.js";
import { percent } from "./numbers.js";

/** @import { Chip, ChipForm, ChipLayout, Rectangle, Size, Widths } from "./chip-layout.js" */
/** @import { Look } from "./label-look.js" */

/**
 * `doubt`: why Mien is not sure of the label; `taught`: the label that a person has given it.
 * @typedef {{ label: string, probabilities: Record<string, number>, doubt?: string, taught?: string }} NamedFace
 * @typedef {NamedFace & { id: number, box: Rectangle }} DrawnFace
 */

const LETTERS = 6; // of a name that is cut
const FONT = "system-ui, sans-serif";
const STRIP = 12; // pixels of a chip that show its label's pattern
/** @type {Look} */
const UNKNOWN = { color: SPARE, pattern: "" };

/**
 * What stands on a face's chip in each of its forms.
 * @param {NamedFace} face
 * @returns {Record<ChipForm, string>}
 */
export function chipTexts(face) {
  const { probabilities, taught, doubt } = face;
  const name = nameOf(face);
  if (isUnsure(face)) return { full: `${name} · ${doubt}`, name, short: name, mark: "?" };
  const letters = [...name];
  return {
    full: taught ? `✓ ${name}` : `${name}  ${percent(probabilities[name])}`,
    name,
    short: letters.length > LETTERS + 2 ? `${letters.slice(0, LETTERS).join("")}…` : name,
    mark: letters.slice(0, 2).join(""),
  };
}

/**
 * By how much things are drawn larger on a stage of this width: they are read on a phone and from the back of a room.
 * @param {number} width pixels
 */
export const sizeOn = (width) => Math.max(0.8, Math.min(1.8, width / 800));

export class FacePainter {
  /** @type {Map<string, number>} by font and text */
  #widths = new Map();

  /** @param {ChipLayout} layout */
  constructor(layout) {
    this.layout = layout;
  }

  /**
   * A box for each face in its label's colour, the main one's stronger, and their chips, inside the bounds. Answers
   * where these are.
   * @param {CanvasRenderingContext2D} pen
   * @param {DrawnFace[]} faces
   * @param {{ main: number | null, bounds: Size, size: number, now: number, labels: (Look & { name: string })[] }} how
   *   `size` is by how much everything is drawn larger
   */
  paint(pen, faces, { main, bounds, size, now, labels }) {
    const looks = new Map(labels.map((label) => [label.name, label]));
    const lookOf = (/** @type {DrawnFace} */ face) => (isUnsure(face) ? UNKNOWN : looks.get(nameOf(face))) ?? UNKNOWN;
    const first = [...faces].sort(
      (one, other) => Number(other.id === main) - Number(one.id === main) || one.id - other.id,
    );
    pen.lineJoin = "round";
    pen.lineCap = "round";
    for (const face of [...first].reverse()) {
      const { color } = lookOf(face);
      const line = Math.min(size, face.box.width / (face.id === main ? 40 : 56));
      strokeBox(pen, face.box, (face.id === main ? 3 : 2) * line, color, line);
      if (face.id === main) strokeCorners(pen, face.box, color, line);
    }
    pen.font = `600 ${15 * size}px ${FONT}`;
    pen.textBaseline = "middle";
    const named = first.map((face) => {
      const strip = lookOf(face).pattern ? STRIP * size : 0;
      return { id: face.id, box: face.box, widths: this.#widthsOf(pen, face, size, strip) };
    });
    const chips = this.layout.place(named, bounds, size, now);
    for (const face of faces) {
      const chip = chips.get(face.id);
      if (chip) drawChip(pen, chip, chipTexts(face)[chip.form], lookOf(face), size, face.id === main);
    }
    return chips;
  }

  /**
   * The full form is as wide as it can get, so that no chip changes its size with its figure.
   * @param {CanvasRenderingContext2D} pen
   * @param {NamedFace} face
   * @param {number} size
   * @param {number} strip pixels
   * @returns {Widths}
   */
  #widthsOf(pen, face, size, strip) {
    const texts = chipTexts({ ...face, probabilities: { [face.label]: 1 } });
    /** @param {ChipForm} form */
    const width = (form) => this.#measured(pen, texts[form]) + 2 * padding(form) * size + strip;
    return { full: width("full"), name: width("name"), short: width("short"), mark: width("mark") };
  }

  /** @param {CanvasRenderingContext2D} pen @param {string} text */
  #measured(pen, text) {
    const key = `${pen.font} ${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    if (this.#widths.size > 1000) this.#widths.clear();
    const { width } = pen.measureText(text);
    this.#widths.set(key, width);
    return width;
  }
}

/** @param {ChipForm} form */
const padding = (form) => (form === "mark" ? 5 : 10);

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Chip} chip
 * @param {string} text
 * @param {Look} look
 * @param {number} size
 * @param {boolean} isMain
 */
function drawChip(pen, { form, x, y, width, height }, text, look, size, isMain) {
  const strip = look.pattern ? STRIP * size : 0;
  const round = (CHIP / 4) * size;
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
  if (isMain) {
    pen.lineWidth = 2 * size;
    pen.strokeStyle = "#fff";
    pen.beginPath();
    pen.roundRect(x + size, y + size, width - 2 * size, height - 2 * size, round - size);
    pen.stroke();
  }
  pen.fillStyle = inkOn(look.color);
  pen.fillText(text, x + strip + padding(form) * size, y + height / 2 + size);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Rectangle} box
 * @param {number} width
 * @param {string} color
 * @param {number} size
 */
function strokeBox(pen, box, width, color, size) {
  pen.beginPath();
  pen.roundRect(box.x, box.y, box.width, box.height, radius(box, size));
  outlined(pen, width, color, size);
}

/**
 * The main face's mark: strong corners around its box.
 * @param {CanvasRenderingContext2D} pen
 * @param {Rectangle} box
 * @param {string} color
 * @param {number} size
 */
function strokeCorners(pen, { x, y, width, height }, color, size) {
  const arm = Math.min(28 * size, width / 4, height / 4);
  const round = radius({ x, y, width, height }, size);
  pen.beginPath();
  for (const [cx, cy, right, down] of [
    [x, y, 1, 1],
    [x + width, y, -1, 1],
    [x + width, y + height, -1, -1],
    [x, y + height, 1, -1],
  ]) {
    pen.moveTo(cx, cy + down * arm);
    pen.arcTo(cx, cy, cx + right * arm, cy, round);
    pen.lineTo(cx + right * arm, cy);
  }
  outlined(pen, 6 * size, color, size);
}

/** The path in `color` with a dark rim, so that it is seen on any picture. @param {CanvasRenderingContext2D} pen @param {number} width @param {string} color @param {number} size */
function outlined(pen, width, color, size) {
  pen.lineWidth = width + 2 * size;
  pen.strokeStyle = "rgb(0 0 0 / 55%)";
  pen.stroke();
  pen.lineWidth = width;
  pen.strokeStyle = color;
  pen.stroke();
}

/** @param {Rectangle} box @param {number} size */
const radius = ({ width }, size) => Math.min(10 * size, width / 4);

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
