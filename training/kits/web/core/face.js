// Where a face is in its picture, in pixels from the upper left corner: (0.5, 0.5) is the first pixel's middle.

/** @typedef {{ x: number, y: number }} Point */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box `x`, `y`: its upper left corner */
/**
 * `points`: the eye on the picture's left, the other eye, the nose's tip, the mouth's corner on the picture's left, the
 * other one. `certainty`, 0…1, is that this is a face. Box and points may reach over the picture's edge.
 * @typedef {{ box: Box, points: Point[], certainty: number }} FoundFace
 */

/** @param {Box} box */
export const area = ({ width, height }) => width * height;

/**
 * Intersection over union, 0…1.
 * @param {Box} one
 * @param {Box} other
 */
export function overlap(one, other) {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (area(one) + area(other) - width * height);
}

/**
 * Pixels between an edge or a point of a face and the same one of another, where they are farthest apart.
 * @param {FoundFace} one
 * @param {FoundFace} other
 */
export function distance(one, other) {
  const { box } = one;
  const others = other.box;
  return Math.max(
    Math.abs(box.x - others.x),
    Math.abs(box.y - others.y),
    Math.abs(box.x + box.width - others.x - others.width),
    Math.abs(box.y + box.height - others.y - others.height),
    ...one.points.map(({ x, y }, n) => Math.max(Math.abs(x - other.points[n].x), Math.abs(y - other.points[n].y))),
  );
}

/**
 * A face moved `share` (0…1) of the way to another.
 * @param {FoundFace} face
 * @param {FoundFace} other
 * @param {number} share
 * @returns {FoundFace}
 */
export function towards(face, other, share) {
  const between = (/** @type {number} */ mine, /** @type {number} */ theirs) => mine + share * (theirs - mine);
  return {
    box: {
      x: between(face.box.x, other.box.x),
      y: between(face.box.y, other.box.y),
      width: between(face.box.width, other.box.width),
      height: between(face.box.height, other.box.height),
    },
    points: face.points.map(({ x, y }, n) => ({ x: between(x, other.points[n].x), y: between(y, other.points[n].y) })),
    certainty: other.certainty,
  };
}

/**
 * The same face in the picture at `x` times its width and `y` times its height.
 * @param {FoundFace} face
 * @param {number} x
 * @param {number} y
 * @returns {FoundFace}
 */
export function scaled({ box, points, certainty }, x, y) {
  return {
    box: { x: box.x * x, y: box.y * y, width: box.width * x, height: box.height * y },
    points: points.map((point) => ({ x: point.x * x, y: point.y * y })),
    certainty,
  };
}
