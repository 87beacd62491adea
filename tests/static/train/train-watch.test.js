// @vitest-environment node

import { describe, expect, test } from "vitest";

import { asksAt, readable, whatFollows } from "../../../webapp/static/train/train-watch.js";
import { runOf, stateOf, versionOf } from "./runs.js";

const BEATS = [0, 1, 2, 3, 4, 5, 6, 7];

/** @param {{ running: boolean, visible: boolean, hidden: boolean }} page */
const asked = (page) => BEATS.filter((beat) => asksAt(beat, page));

test("it asks at every beat of a run, though another tab is shown", () => {
  expect(asked({ running: true, visible: true, hidden: false })).toEqual(BEATS);
  expect(asked({ running: true, visible: false, hidden: false })).toEqual(BEATS);
});

test("it asks now and then when nothing is under way, and never where nobody looks", () => {
  expect(asked({ running: false, visible: true, hidden: false })).toEqual([0, 4]);
  expect(asked({ running: false, visible: false, hidden: false })).toEqual([]);
  expect(asked({ running: true, visible: true, hidden: true })).toEqual([]);
});

describe("what follows", () => {
  const versions = [0, 1, 2].map((number) => versionOf(number));
  const running = stateOf({ run: runOf(), versions, active: 1 });
  const packing = stateOf({ run: runOf({ version: 2 }), versions, active: 2 });
  const done = stateOf({ run: runOf({ state: "done", open: false, version: 2 }), versions, active: 2 });
  const nothing = { open: null, changed: false, packed: false };

  test("at first the newest run's version is shown, else the one in use", () => {
    expect(whatFollows(null, done, null)).toEqual({ ...nothing, open: 2 });
    expect(whatFollows(null, packing, null)).toEqual({ ...nothing, open: 2 });
    expect(whatFollows(null, running, null)).toEqual({ ...nothing, open: 1 });
    expect(whatFollows(null, stateOf(), null)).toEqual({ ...nothing, open: 0 });
  });

  test("a version is shown as soon as it can be used, and the rest of the page looks again", () => {
    expect(whatFollows(running, packing, 1)).toEqual({ ...nothing, open: 2, changed: true });
    expect(whatFollows(running, done, 1)).toEqual({ ...nothing, open: 2, changed: true });
  });

  test("so it is where the whole run went by between two looks", () => {
    const earlier = stateOf({ run: runOf({ state: "done", open: false, version: 1 }), versions, active: 1 });
    expect(whatFollows(earlier, done, 1)).toEqual({ ...nothing, open: 2, changed: true });
    expect(whatFollows(stateOf(), packing, 0)).toEqual({ ...nothing, open: 2, changed: true });
  });

  test("once its Core ML model is made, no more than that is drawn anew", () => {
    expect(whatFollows(packing, done, 2)).toEqual({ open: null, changed: true, packed: true });
    expect(whatFollows(packing, done, 0)).toEqual({ open: null, changed: true, packed: false });
  });

  test("a run that ends without a version leaves what is shown", () => {
    const failed = stateOf({ run: runOf({ state: "failed", open: false }), versions, active: 1 });
    expect(whatFollows(running, failed, 1)).toEqual({ ...nothing, changed: true });
  });

  test("when another version comes into use, what is shown is drawn anew", () => {
    expect(whatFollows(done, { ...done, active: 1 }, 0)).toEqual({ ...nothing, open: 0, changed: true });
  });

  test("while nothing happens nothing changes", () => {
    expect(whatFollows(running, running, 1)).toEqual(nothing);
    expect(whatFollows(packing, packing, 2)).toEqual(nothing);
    expect(whatFollows(done, done, 2)).toEqual(nothing);
  });
});

test("a version that is gone or damaged gives way to the base model", () => {
  const state = stateOf({ versions: [versionOf(3, { damaged: "card.json is missing." }), versionOf(2), versionOf(0)] });
  expect([1, 2, 3].map((number) => readable(state, number))).toEqual([0, 2, 0]);
});
