// @vitest-environment node

import { beforeEach, expect, test } from "vitest";

import { GallerySelection } from "../../../webapp/static/review/gallery-selection.js";

const PAGE = [10, 11, 12, 13, 14, 15];

/** @type {GallerySelection} */
let selection;

const chosen = () => [...selection.chosen].sort();

beforeEach(() => {
  selection = new GallerySelection();
});

test("a click chooses, a second one no longer", () => {
  selection.click(PAGE, 2, false);
  selection.click(PAGE, 4, false);
  expect(chosen()).toEqual([12, 14]);
  expect(selection.cursor).toBe(4);
  selection.click(PAGE, 2, false);
  expect(chosen()).toEqual([14]);
  expect(selection.has(12)).toBe(false);
});

test("a range goes from the last click, in either direction, and adds to what was selected before it", () => {
  selection.click(PAGE, 0, false);
  selection.click(PAGE, 3, false);
  selection.click(PAGE, 5, true);
  expect(chosen()).toEqual([10, 13, 14, 15]);
  selection.click(PAGE, 2, true);
  expect(chosen()).toEqual([10, 12, 13]);
});

test("what was chosen stays chosen on another page, where a range begins anew", () => {
  selection.click(PAGE, 5, false);
  selection.toStart();
  selection.click([20, 21, 22], 1, true);
  expect(chosen()).toEqual([15, 20, 21]);
});

test("a place without an image chooses nothing", () => {
  selection.click([], 0, false);
  expect(selection.size).toBe(0);
});

test("the arrows stay on the page", () => {
  const press = (/** @type {string} */ key, ids = PAGE) => selection.move(key, 4, ids, false);
  expect(press("ArrowDown")).toBe(true);
  expect(selection.cursor).toBe(4);
  press("ArrowDown");
  expect(selection.cursor).toBe(5);
  press("ArrowLeft");
  press("ArrowUp");
  expect(selection.cursor).toBe(0);
  press("End");
  expect(selection.cursor).toBe(5);
  press("Home");
  expect(selection.cursor).toBe(0);
  press("ArrowRight", []);
  expect(selection.cursor).toBe(0);
  expect(chosen()).toEqual([]);
});

test("with Shift the arrows select from where they were, and no longer what they come back over", () => {
  const extend = (/** @type {string} */ key) => selection.move(key, 4, PAGE, true);
  selection.move("ArrowRight", 4, PAGE, false);
  extend("ArrowRight");
  extend("ArrowRight");
  expect(chosen()).toEqual([11, 12, 13]);
  extend("ArrowLeft");
  expect(chosen()).toEqual([11, 12]);
});

test("other keys move nothing", () => {
  expect(selection.move("Tab", 4, PAGE, false)).toBe(false);
  expect(selection.cursor).toBe(0);
});

test("the choice can be replaced by everything, or by nothing", () => {
  selection.click(PAGE, 0, false);
  selection.replace([1, 2]);
  expect(chosen()).toEqual([1, 2]);
  selection.replace();
  expect(selection.size).toBe(0);
});
