// The turned square around a face's eyes and mouth, which is what the network sees of it.

/** @import { Box, Point } from "./face.js" */
/** @typedef {{ side: number, down: number, farthest: number, samples: number }} CropRule see `models/mien.json` */
/** @typedef {{ x: number, y: number, side: number, angle: number }} Square centre and side in pixels; radians */
/** @typedef {{ left: number, top: number, width: number, height: number }} Part whole pixels of a picture */

const STEPS = 16;

/**
 * The square of a face's points or, where they give none, the upright one of its box's height around the box's middle.
 * @param {Point[]} points
 * @param {Box} box
 * @param {CropRule} rule
 * @returns {Square}
 */
export function faceSquare(points, box, rule) {
  const upright = { x: box.x + box.width / 2, y: box.y + box.height / 2, side: Math.max(1, box.height), angle: 0 };
  return pointsSquare(points, rule) ?? upright;
}

/**
 * By eyes and mouth alone; null where they give none of at least a pixel.
 * @param {Point[]} points
 * @param {CropRule} rule
 * @returns {Square | null}
 */
function pointsSquare([eye, otherEye, , corner, otherCorner], rule) {
  const places = [eye, otherEye, corner, otherCorner];
  if (!places.every(({ x, y }) => Math.abs(x) <= rule.farthest && Math.abs(y) <= rule.farthest)) return null;
  const eyes = middle(eye, otherEye);
  const mouth = middle(corner, otherCorner);
  const across = { x: otherEye.x - eye.x, y: otherEye.y - eye.y };
  const down = { x: mouth.x - eyes.x, y: mouth.y - eyes.y };
  const side = rule.side * Math.hypot(across.x, across.y, down.x, down.y);
  if (side < 1) return null;
  // Where the head turns aside eyes draw together, and mouths; the way down to the mouth hardly changes.
  const right = { x: across.x + otherCorner.x - corner.x + down.y, y: across.y + otherCorner.y - corner.y - down.x };
  return {
    x: eyes.x + rule.down * down.x,
    y: eyes.y + rule.down * down.y,
    side,
    angle: Math.atan2(right.y, right.x),
  };
}

/**
 * The point between two.
 * @param {Point} one
 * @param {Point} other
 */
export const middle = (one, other) => ({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });

/**
 * The part of a picture in which a square lies; where it lies outside, what is nearest to it.
 * @param {Square} square
 * @param {number} width
 * @param {number} height
 * @returns {Part}
 */
export function partAround({ x, y, side, angle }, width, height) {
  const reach = (side / 2) * (Math.abs(Math.cos(angle)) + Math.abs(Math.sin(angle))) + 1;
  const [left, right] = inside(x - reach, x + reach, width);
  const [top, bottom] = inside(y - reach, y + reach, height);
  return { left, top, width: right - left, height: bottom - top };
}

/**
 * @param {number} first
 * @param {number} end
 * @param {number} limit
 */
function inside(first, end, limit) {
  const start = Math.min(Math.max(0, Math.floor(first)), limit - 1);
  return [start, Math.max(start + 1, Math.min(limit, Math.ceil(end)))];
}

/**
 * Share of a square, 0…1, that lies outside of a picture.
 * @param {Square} square
 * @param {number} width
 * @param {number} height
 */
export function outside({ x, y, side, angle }, width, height) {
  const cosine = side * Math.cos(angle);
  const sine = side * Math.sin(angle);
  let within = 0;
  for (let row = 0; row < STEPS; row += 1) {
    for (let column = 0; column < STEPS; column += 1) {
      const across = (column + 0.5) / STEPS - 0.5;
      const down = (row + 0.5) / STEPS - 0.5;
      const placeX = x + across * cosine - down * sine;
      const placeY = y + across * sine + down * cosine;
      within += Number(placeX >= 0 && placeX < width && placeY >= 0 && placeY < height);
    }
  }
  return 1 - within / STEPS ** 2;
}
