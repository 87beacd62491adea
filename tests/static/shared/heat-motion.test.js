// @vitest-environment node

import { expect, test } from "vitest";

import { HeatMotion } from "../../../webapp/static/shared/heat-motion.js";

const CORNERS = [[0.1, 0.1], [0.5, 0.1], [0.1, 0.5]]; // prettier-ignore
const face = (id, cells, corners = CORNERS) => ({ id, box: [0, 0, 1, 1], heat: { cells, corners } });

test("a map glides to what is said now, and gets there", () => {
  const motion = new HeatMotion();
  expect(motion.follow([face(1, [[0, 4]])], 0)[0].heat.cells).toEqual([[0, 4]]);
  const moved = CORNERS.map(([x, y]) => [x + 0.1, y]);
  const [{ heat }] = motion.follow([face(1, [[4, 0]], moved)], 40);
  expect(heat.cells[0][0]).toBeGreaterThan(0.5);
  expect(heat.cells[0][0]).toBeLessThan(2);
  expect(heat.corners).toBe(moved);
  const [last] = motion.follow([face(1, [[4, 0]], moved)], 5000);
  expect(last.heat.cells[0][0]).toBeCloseTo(4);
});

test("faces have maps of their own, and those without stay as they are", () => {
  const motion = new HeatMotion();
  motion.follow([face(1, [[0]]), face(2, [[9]])], 0);
  const plain = { id: 3, box: [0, 0, 1, 1] };
  const [second, third, first] = motion.follow([face(2, [[9]]), plain, face(1, [[0]])], 10);
  expect([second.heat.cells[0][0], first.heat.cells[0][0]]).toEqual([9, 0]);
  expect(third).toBe(plain);
});

test("one that was away, and one of another version's cells, begin anew", () => {
  const motion = new HeatMotion();
  motion.follow([face(1, [[0, 0]])], 0);
  motion.follow([], 10);
  expect(motion.follow([face(1, [[5, 5]])], 20)[0].heat.cells).toEqual([[5, 5]]);
  expect(motion.follow([face(1, [[7], [7]])], 30)[0].heat.cells).toEqual([[7], [7]]);
});
