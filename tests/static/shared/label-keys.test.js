// @vitest-environment node

import { expect, test } from "vitest";

import { KEYS, keyName, labelByKey } from "../../../webapp/static/shared/label-keys.js";

const LABELS = ["1", "w", "A", "a", ""].map((key) => ({ name: `label of ${key}`, key }));
const found = (/** @type {string} */ key) => labelByKey(LABELS, key)?.name;

test("a key picks its label; shift and caps lock count only where they tell two labels apart", () => {
  expect(["1", "w", "W", "a", "A"].map(found)).toEqual([
    "label of 1",
    "label of w",
    "label of w",
    "label of a",
    "label of A",
  ]);
});

test("no other key picks a label, and a label without a key is picked by none", () => {
  expect(["2", "", "Enter", " ", "Dead", "ArrowLeft", "ß"].map(found)).toEqual(Array(7).fill(undefined));
});

test("a key is written as it stands on the keyboard", () => {
  expect(["1", "w", "W", "+", ""].map(keyName)).toEqual(["1", "W", "⇧W", "+", ""]);
});

test("no label can have a key that is a command of the page, and every key is there once", () => {
  expect(KEYS.filter((key) => "cmnsu ".includes(key.toLowerCase()))).toEqual([]);
  expect(new Set(KEYS).size).toBe(72);
});
