// @vitest-environment node

import { expect, test } from "vitest";

import { count, percent } from "../../../webapp/static/shared/numbers.js";

test("a count has its noun", () => {
  expect([0, 1, 2, 12345].map((number) => count(number, "image"))).toEqual([
    "0 images",
    "1 image",
    "2 images",
    "12,345 images",
  ]);
  expect(count(1, "image waits", "images wait")).toBe("1 image waits");
});

test("a share is a whole number of percent, or a dash where it was not measured", () => {
  expect([0, 0.004, 0.005, 0.826, 1].map(percent)).toEqual([
    "0\u00a0%",
    "0\u00a0%",
    "1\u00a0%",
    "83\u00a0%",
    "100\u00a0%",
  ]);
  expect([null, undefined].map(percent)).toEqual(["–", "–"]);
});
