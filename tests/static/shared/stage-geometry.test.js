// @vitest-environment node

import { expect, test } from "vitest";

import { boxOn, isIn, pictureIn, stageRatio } from "../../../webapp/static/shared/stage-geometry.js";

test("a stage has the camera's shape, within what fits a page", () => {
  expect(stageRatio(4 / 3)).toBe(4 / 3);
  expect(stageRatio(3)).toBe(16 / 9);
  expect(stageRatio(9 / 16)).toBe(3 / 4);
});

test("a picture lies whole in the middle of its stage", () => {
  const wide = pictureIn({ width: 800, height: 800 }, { width: 1280, height: 720 });
  expect(wide).toEqual({ x: 0, y: 175, width: 800, height: 450 });
  const tall = pictureIn({ width: 800, height: 400 }, { width: 300, height: 600 });
  expect(tall).toEqual({ x: 300, y: 0, width: 200, height: 400 });
  expect(pictureIn({ width: 800, height: 400 }, { width: 0, height: 0 })).toEqual({
    x: 0,
    y: 0,
    width: 800,
    height: 400,
  });
});

test("a box lies where the face is, and on the other side when the picture is mirrored", () => {
  const picture = { x: 100, y: 50, width: 400, height: 200 };
  const box = [0.125, 0.25, 0.5, 0.5];
  expect(boxOn(box, picture)).toEqual({ x: 150, y: 100, width: 200, height: 100 });
  expect(boxOn(box, picture, true)).toEqual({ x: 250, y: 100, width: 200, height: 100 });
});

test("mirroring keeps distances to the picture's edges, left for right", () => {
  const picture = { x: 30, y: 0, width: 640, height: 480 };
  for (const [left, width] of [
    [0, 1],
    [0, 0.25],
    [0.75, 0.25],
    [0.3, 0.2],
  ]) {
    const plain = boxOn([left, 0, width, 1], picture);
    const mirrored = boxOn([left, 0, width, 1], picture, true);
    const toTheRight = picture.x + picture.width - (mirrored.x + mirrored.width);
    expect(toTheRight).toBeCloseTo(plain.x - picture.x);
  }
});

test("a point lies in a rectangle or outside it", () => {
  const box = { x: 100, y: 100, width: 50, height: 60 };
  expect([isIn(100, 100, box), isIn(150, 160, box), isIn(99, 120, box), isIn(120, 161, box)]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
