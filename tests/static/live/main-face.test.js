// @vitest-environment node

import { expect, test } from "vitest";

import { mainFace } from "../../../webapp/static/live/main-face.js";

const face = (id, side) => ({ id, box: [0, 0, side, side], label: "happiness", probabilities: {} });

test("the largest face is the main one", () => {
  expect(mainFace([], null)).toBeNull();
  expect(mainFace([face(1, 0.2), face(2, 0.4), face(3, 0.3)], null).id).toBe(2);
});

test("it stays the main one until another is much larger, or it is gone", () => {
  const before = face(1, 0.3);
  expect(mainFace([face(2, 0.38), face(1, 0.3)], before).id).toBe(1); // 0.62 of the other's area
  expect(mainFace([face(2, 0.39), face(1, 0.3)], before).id).toBe(2); // 0.59
  expect(mainFace([face(2, 0.1)], before).id).toBe(2);
  expect(mainFace([], before)).toBeNull();
});

test("what is shown of it is new", () => {
  const now = { ...face(1, 0.3), label: "fear" };
  expect(mainFace([now], face(1, 0.3))).toBe(now);
});
