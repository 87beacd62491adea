// @vitest-environment node

import { expect, test } from "vitest";

import { heatOn, smoothed, strengths } from "../../../webapp/static/shared/heat-painter.js";

const SIDE = 48;

test("what speaks most is strongest, and what speaks against is not shown", () => {
  expect(strengths([[2, -3], [1, 0]])).toEqual([[1, 0], [0.5, 0]]); // prettier-ignore
});

test("where hardly anything is said, the map stays pale", () => {
  expect(Math.max(...strengths([[0.03, 0.01]]).flat())).toBeCloseTo(0.1);
  expect(strengths([[-1, -2]]).flat()).toEqual([0, 0]);
});

test.each([3, 6])("%i by %i cells become a smooth picture that fades at its edges", (cells) => {
  const peak = Math.floor(cells / 2);
  const line = [...Array(cells).keys()];
  const map = line.map((y) => line.map((x) => Number(x === peak && y === 1)));
  const fine = smoothed(map);
  const at = (x, y) => fine[Math.floor(y * SIDE) * SIDE + Math.floor(x * SIDE)];
  const middle = (cell) => (cell + 0.5) / cells;
  expect(fine.length).toBe(SIDE * SIDE);
  expect(at(middle(peak), middle(1))).toBeGreaterThan(0.85);
  expect(at(middle(peak), middle(1) + 0.5 / cells)).toBeCloseTo(0.5, 0);
  expect(at(middle(0), middle(cells - 1))).toBe(0);
  let step = 0;
  for (let i = 1; i < fine.length; i += 1) if (i % SIDE) step = Math.max(step, Math.abs(fine[i] - fine[i - 1]));
  expect(step).toBeLessThan(0.26);
  const full = smoothed(map.map((row) => row.map(() => 1)));
  expect(full[0]).toBeLessThan(0.02);
  expect(full[(SIDE * SIDE) / 2 + SIDE / 2]).toBeCloseTo(1);
});

test("a map lies where its crop does, turned and mirrored as that is", () => {
  const heat = { cells: [[1]], corners: [[0.25, 0], [0.5, 0.25], [0, 0.25]] }; // prettier-ignore
  const picture = { x: 10, y: 20, width: 400, height: 200 };
  expect(heatOn(heat, picture).corners).toEqual([
    { x: 110, y: 20 },
    { x: 210, y: 70 },
    { x: 10, y: 70 },
  ]);
  expect(heatOn(heat, picture, true).corners.map(({ x }) => x)).toEqual([310, 210, 410]);
});
