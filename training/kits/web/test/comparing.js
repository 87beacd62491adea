// What tests of the kit share: pixels out of vectors, and "as near as that".

import assert from "node:assert/strict";

/** Pixels of 4 channels of a picture in the vectors. */
export function pixelsOf({ width, height, rgb }) {
  const bytes = Buffer.from(rgb, "base64");
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  bytes.forEach((value, n) => (data[Math.floor(n / 3) * 4 + (n % 3)] = value));
  return { width, height, channels: 4, data };
}

export function near(value, expected, tolerance) {
  assert.ok(Math.abs(value - expected) <= tolerance, `${value} is not ${expected} ± ${tolerance}`);
}

export function nearFace({ box, points }, expected, tolerance) {
  for (const part of ["x", "y", "width", "height"]) near(box[part], expected.box[part], tolerance);
  points.forEach(({ x, y }, n) => {
    near(x, expected.points[n].x, tolerance);
    near(y, expected.points[n].y, tolerance);
  });
}
