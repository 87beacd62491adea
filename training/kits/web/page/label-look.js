// How a label looks wherever it is shown: its colour, and once the palette is used up a pattern in it. Elements that wear
// a label's look have `--label`, its colour, and `--label-fill`, an image for backgrounds; canvases paint with `paintOf`.

import { inkOn } from "./colors.js";

/** @typedef {{ color: string, pattern: string }} Look */

const TILE = 8; // CSS pixels
const SHARP = 2; // pixels of the tile to each of them

/** @type {Record<string, (pen: CanvasRenderingContext2D) => void>} each draws on a tile of 8 by 8 that repeats */
const PATTERNS = {
  stripes(pen) {
    for (const at of [-TILE, 0, TILE]) {
      pen.moveTo(at - 1, TILE + 1);
      pen.lineTo(at + TILE + 1, -1);
    }
    pen.stroke();
  },
  dots(pen) {
    for (const at of [2, 6]) {
      pen.moveTo(at, at);
      pen.arc(at, at, 1.5, 0, 2 * Math.PI);
    }
    pen.fill();
  },
  grid(pen) {
    pen.moveTo(0, TILE / 2);
    pen.lineTo(TILE, TILE / 2);
    pen.moveTo(TILE / 2, 0);
    pen.lineTo(TILE / 2, TILE);
    pen.stroke();
  },
};

/** @type {Map<string, HTMLCanvasElement>} by colour and pattern */
const tiles = new Map();

/**
 * The element shows this label.
 * @param {HTMLElement} element
 * @param {Look} look
 */
export function wear(element, look) {
  element.style.setProperty("--label", look.color);
  element.style.setProperty("--label-fill", fillOf(look));
}

/**
 * What a canvas fills or strokes with.
 * @param {CanvasRenderingContext2D} pen
 * @param {Look} look
 * @returns {string | CanvasPattern}
 */
export function paintOf(pen, { color, pattern }) {
  if (!PATTERNS[pattern]) return color;
  const paint = pen.createPattern(tileOf(color, pattern), "repeat");
  paint?.setTransform(new DOMMatrix([1 / SHARP, 0, 0, 1 / SHARP, 0, 0]));
  return paint ?? color;
}

/** @param {Look} look */
function fillOf({ color, pattern }) {
  if (!PATTERNS[pattern]) return `linear-gradient(${color}, ${color})`;
  return `url("${tileOf(color, pattern).toDataURL()}") 0 0 / ${TILE}px`;
}

/**
 * @param {string} color
 * @param {string} pattern
 */
function tileOf(color, pattern) {
  const name = color + pattern;
  const known = tiles.get(name);
  if (known) return known;
  const tile = document.createElement("canvas");
  tile.width = tile.height = TILE * SHARP;
  const pen = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  pen.scale(SHARP, SHARP);
  pen.fillStyle = color;
  pen.fillRect(0, 0, TILE, TILE);
  pen.globalAlpha = 0.7;
  pen.fillStyle = pen.strokeStyle = inkOn(color);
  pen.lineWidth = 2;
  pen.beginPath();
  PATTERNS[pattern](pen);
  tiles.set(name, tile);
  return tile;
}
