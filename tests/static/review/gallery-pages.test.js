// @vitest-environment node

import { expect, test } from "vitest";

import { nearestPage, pageText, pagesOf } from "../../../webapp/static/review/gallery-pages.js";

test("a page holds 60 images, and an empty gallery has one page", () => {
  expect([0, 1, 60, 61, 120].map(pagesOf)).toEqual([1, 1, 1, 2, 2]);
});

test("a page that is gone gives way to the last one", () => {
  expect(nearestPage(3, 61)).toBe(1);
  expect(nearestPage(1, 61)).toBe(1);
  expect(nearestPage(2, 0)).toBe(0);
});

test("where one is", () => {
  expect(pageText(0, 1)).toBe("1 image · page 1 of 1");
  expect(pageText(1, 100_000)).toBe("100,000 images · page 2 of 1,667");
});
