// @vitest-environment node

import { expect, test } from "vitest";

import { MainFace } from "../../../webapp/static/live/main-face.js";

const face = (id, side) => ({ id, box: [0, 0, side, side] });

test("it is the largest one, and stays it until another is much larger", () => {
  const main = new MainFace();
  expect(main.update([face(1, 0.2), face(2, 0.3)], 0)).toBe(2);
  expect(main.update([face(1, 0.35), face(2, 0.3)], 0.1)).toBe(2);
  expect(main.update([face(1, 0.4), face(2, 0.3)], 0.2)).toBe(1);
});

test("while it is missed for a moment nobody takes its place", () => {
  const main = new MainFace();
  main.update([face(1, 0.3), face(2, 0.2)], 0);
  expect(main.update([face(2, 0.2)], 0.5)).toBe(null);
  expect(main.update([face(1, 0.3), face(2, 0.2)], 0.6)).toBe(1);
  expect(main.update([face(2, 0.2)], 1.3)).toBe(2);
  expect(new MainFace().update([], 0)).toBe(null);
});

test("a chosen one stays it whatever its size, until it leaves or the choice is given back", () => {
  const main = new MainFace();
  main.choose(1);
  expect([main.update([face(1, 0.1), face(2, 0.4)], 0), main.chosen]).toEqual([1, true]);
  expect([main.update([face(2, 0.4)], 1), main.chosen]).toEqual([2, false]);
  main.choose(1);
  main.choose(null);
  expect([main.update([face(1, 0.1), face(2, 0.4)], 1.1), main.chosen]).toEqual([2, false]);
});
