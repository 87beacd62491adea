// @vitest-environment node

import { expect, test } from "vitest";

import { BOX, curvesInWords, heightAt, polylines } from "../../../webapp/static/train/curve-geometry.js";

/** @param {string} points */
const pairs = (points) => points.split(" ").map((pair) => pair.split(",").map(Number));

test("a share's height: all of it is at the top, none at the bottom", () => {
  expect(heightAt(1)).toBe(BOX.top);
  expect(heightAt(0)).toBe(BOX.bottom);
  expect(heightAt(0.5)).toBe((BOX.top + BOX.bottom) / 2);
});

test("curves go from the left to the last epoch on the right", () => {
  const [line] = polylines({ accuracy: [0, 0.5, 1] }, 3);
  expect(line.name).toBe("held");
  expect(pairs(line.points)).toEqual([
    [BOX.left, BOX.bottom],
    [(BOX.left + BOX.right) / 2, heightAt(0.5)],
    [BOX.right, BOX.top],
  ]);
});

test("curves of a run under way leave room for the epochs to come", () => {
  const [line] = polylines({ accuracy: [0, 1] }, 5);
  expect(pairs(line.points).at(-1)).toEqual([BOX.left + (BOX.right - BOX.left) / 4, BOX.top]);
});

test("the loss has a scale of its own: its greatest value is at the top", () => {
  const [line] = polylines({ loss: [4, 2, 1] }, 3);
  expect(line.name).toBe("loss");
  expect(pairs(line.points).map(([, y]) => y)).toEqual([heightAt(1), heightAt(0.5), heightAt(0.25)]);
});

test("an epoch that was not measured is left out, and one point alone can still be seen", () => {
  const [line] = polylines({ base: [null, 0.5, null] }, 3);
  const middle = [(BOX.left + BOX.right) / 2, heightAt(0.5)];
  expect(pairs(line.points)).toEqual([middle, middle]);
});

test("a run of one epoch, or of none yet, has no point outside the chart", () => {
  expect(polylines({}, 0)).toEqual([]);
  const [line] = polylines({ accuracy: [1] }, 1);
  expect(pairs(line.points)[0]).toEqual([BOX.left, BOX.top]);
});

test("the held-out curve is drawn over the others", () => {
  const lines = polylines({ loss: [1, 1], base: [1, 1], accuracy: [1, 1] }, 2);
  expect(lines.map(({ name }) => name)).toEqual(["loss", "base", "held"]);
});

test("the curves in words", () => {
  expect(curvesInWords({})).toBe("No curves yet");
  expect(curvesInWords({ loss: [2, 1], accuracy: [0.5, 0.796], base: [0.9, null] })).toBe(
    "After 2 epochs: held-out faces 80 %, built-in expressions not measured",
  );
});
