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

test("a range goes from the last click, in either direction, and adds", () => {
  selection.click(PAGE, 3, false);
  selection.click(PAGE, 5, true);
  expect(chosen()).toEqual([13, 14, 15]);
  selection.click(PAGE, 1, true);
  expect(chosen()).toEqual([11, 12, 13, 14, 15]);
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
  expect(selection.move("ArrowDown", 4, PAGE.length)).toBe(true);
  expect(selection.cursor).toBe(4);
  selection.move("ArrowDown", 4, PAGE.length);
  expect(selection.cursor).toBe(5);
  selection.move("ArrowLeft", 4, PAGE.length);
  selection.move("ArrowUp", 4, PAGE.length);
  expect(selection.cursor).toBe(0);
  selection.move("ArrowRight", 4, 0);
  expect(selection.cursor).toBe(0);
});

test("other keys move nothing", () => {
  expect(selection.move("Tab", 4, PAGE.length)).toBe(false);
  expect(selection.cursor).toBe(0);
});

test("the choice can be replaced by everything, or by nothing", () => {
  selection.click(PAGE, 0, false);
  selection.replace([1, 2]);
  expect(chosen()).toEqual([1, 2]);
  selection.replace();
  expect(selection.size).toBe(0);
});
