// A heat map over a face: one hue, the stronger the more a part of the face spoke for its label.

/** @import { Heat } from "./api" */
/** @import { Rectangle } from "./chip-layout.js" */
/** @import { Point } from "./stage-geometry.js" */

/**
 * `corners` are where the crop's upper left, upper right and lower left one lie.
 * @typedef {{ cells: number[][], corners: [Point, Point, Point] }} DrawnHeat
 */

/** Blue that is nowhere in skin, lips or hair, and light enough for dark skin. */
export const HEAT = [0, 200, 255];
const MOST = 0.75; // opacity where the most is said
const LEAST = 0.3; // log odds: where less is said in all, the map stays pale
const FINE = 48; // pixels across and down, as many as the network sees
const FADE = 0.12; // of the crop's side, at each edge

/** @type {HTMLCanvasElement | undefined} */
let scratch;

/**
 * A face's heat map where its picture is shown.
 * @param {Heat} heat with corners in fractions of the picture
 * @param {Rectangle} picture
 * @param {boolean} [mirrored]
 * @returns {DrawnHeat}
 */
export function heatOn({ cells, corners }, picture, mirrored = false) {
  const on = (/** @type {[number, number]} */ [x, y]) => ({
    x: picture.x + (mirrored ? 1 - x : x) * picture.width,
    y: picture.y + y * picture.height,
  });
  return { cells, corners: [on(corners[0]), on(corners[1]), on(corners[2])] };
}

/**
 * The maps of those faces that have one; their boxes and names go over them.
 * @param {CanvasRenderingContext2D} pen
 * @param {{ heat?: DrawnHeat }[]} faces
 */
export function paintHeats(pen, faces) {
  for (const { heat } of faces) if (heat) paintHeat(pen, heat);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {DrawnHeat} heat
 */
export function paintHeat(pen, { cells, corners: [corner, right, below] }) {
  pen.save();
  pen.transform(
    (right.x - corner.x) / FINE,
    (right.y - corner.y) / FINE,
    (below.x - corner.x) / FINE,
    (below.y - corner.y) / FINE,
    corner.x,
    corner.y,
  );
  pen.drawImage(imageOf(smoothed(strengths(cells))), 0, 0);
  pen.restore();
}

/**
 * How strongly each cell is painted, 0…1: what speaks against the label not at all.
 * @param {number[][]} cells
 */
export function strengths(cells) {
  const top = Math.max(LEAST, ...cells.flat());
  return cells.map((row) => row.map((cell) => Math.max(0, cell) / top));
}

/**
 * Cells as a finer square, row by row: linear between their middles, and fading at the crop's edges.
 * @param {number[][]} cells
 * @returns {Float32Array}
 */
export function smoothed(cells) {
  const fine = new Float32Array(FINE * FINE);
  const across = places(cells[0].length);
  for (const [y, row] of places(cells.length).entries()) {
    const [above, below] = [cells[row.first], cells[row.second]];
    for (const [x, { first, second, share, edge }] of across.entries()) {
      const upper = above[first] + share * (above[second] - above[first]);
      const lower = below[first] + share * (below[second] - below[first]);
      fine[y * FINE + x] = (upper + row.share * (lower - upper)) * edge * row.edge;
    }
  }
  return fine;
}

/**
 * For each fine pixel of a line the two cells between whose middles it lies, how far towards the second, and how much
 * the edge leaves of it.
 * @param {number} cells
 */
function places(cells) {
  return Array.from({ length: FINE }, (_, pixel) => {
    const place = (pixel + 0.5) / FINE;
    const at = Math.min(cells - 1, Math.max(0, place * cells - 0.5));
    const first = Math.floor(at);
    const edge = Math.min(1, Math.min(place, 1 - place) / FADE);
    return { first, second: Math.min(cells - 1, first + 1), share: at - first, edge };
  });
}

/** @param {Float32Array} shares */
function imageOf(shares) {
  scratch ??= Object.assign(document.createElement("canvas"), { width: FINE, height: FINE });
  const pen = /** @type {CanvasRenderingContext2D} */ (scratch.getContext("2d"));
  const image = pen.createImageData(FINE, FINE);
  for (const [pixel, share] of shares.entries()) image.data.set([...HEAT, 255 * MOST * share], 4 * pixel);
  pen.putImageData(image, 0, 0);
  return scratch;
}
