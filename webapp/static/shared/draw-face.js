// Drawing a face's box and its name on a canvas.

import { inkOn } from "./colors.js";
import { percent } from "./numbers.js";
import { CHIP, chipPlace } from "./stage-geometry.js";

/** @import { Rectangle, Size } from "./stage-geometry.js" */

/**
 * A face's name, as it stands on its chip.
 * @param {{ label: string, probabilities: Record<string, number> }} face
 */
export const nameOf = ({ label, probabilities }) => `${label}  ${percent(probabilities[label])}`;

/**
 * A box in the label's colour, and a chip with `text`, inside the bounds.
 * @param {CanvasRenderingContext2D} pen
 * @param {Rectangle} box
 * @param {string} text
 * @param {string} color "#rrggbb"
 * @param {Size} bounds
 * @param {number} [size] by which everything is drawn larger
 */
export function drawFace(pen, box, text, color, bounds, size = 1) {
  pen.lineJoin = "round";
  strokeBox(pen, box, 5 * size, "rgb(0 0 0 / 55%)", size);
  strokeBox(pen, box, 3 * size, color, size);
  pen.font = `600 ${15 * size}px system-ui, sans-serif`;
  const chip = { width: pen.measureText(text).width + 20 * size, height: CHIP * size };
  const { x, y } = chipPlace(box, chip, bounds, size);
  pen.fillStyle = color;
  pen.beginPath();
  pen.roundRect(x, y, chip.width, chip.height, 7 * size);
  pen.fill();
  pen.fillStyle = inkOn(color);
  pen.textBaseline = "middle";
  pen.fillText(text, x + 10 * size, y + chip.height / 2 + size);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Rectangle} box
 * @param {number} width
 * @param {string} style
 * @param {number} size
 */
function strokeBox(pen, box, width, style, size) {
  pen.lineWidth = width;
  pen.strokeStyle = style;
  pen.beginPath();
  pen.roundRect(box.x, box.y, box.width, box.height, Math.min(10 * size, box.width / 4));
  pen.stroke();
}

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
