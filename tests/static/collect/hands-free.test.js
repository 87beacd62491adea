import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { HandsFree } from "../../../webapp/static/collect/hands-free.js";

let said;
let handsFree;

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  handsFree = new HandsFree({
    count: (seconds) => said.push(seconds),
    begin: () => said.push("begin"),
    end: () => said.push("end"),
  });
});
afterEach(() => vi.useRealTimers());

test("it counts down from three, captures for four seconds, and stops", () => {
  handsFree.start();
  expect(said).toEqual([3]);
  vi.advanceTimersByTime(2999);
  expect(said).toEqual([3, 2, 1]);
  vi.advanceTimersByTime(1);
  expect(said).toEqual([3, 2, 1, 0, "begin"]);
  vi.advanceTimersByTime(3999);
  expect([said.at(-1), handsFree.running]).toEqual(["begin", true]);
  vi.advanceTimersByTime(1);
  expect([said.at(-1), handsFree.running]).toEqual(["end", false]);
});

test("stopped while it counts, it never begins; stopped while it captures, it ends nothing", () => {
  handsFree.start();
  vi.advanceTimersByTime(1500);
  handsFree.stop();
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual([3, 2]);

  handsFree.start();
  vi.advanceTimersByTime(3500);
  handsFree.stop();
  vi.advanceTimersByTime(10_000);
  expect(said.slice(2)).toEqual([3, 2, 1, 0, "begin"]);
});
