import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { attempt, say } from "../../../webapp/static/shared/toast.js";
import { page } from "../fakes.js";

const shown = () => [...document.querySelectorAll(".mien-toast.shown")].map((toast) => toast.firstChild.textContent);

beforeEach(() => {
  vi.useFakeTimers();
  page();
});
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

test("what is said goes after four seconds, counted from the last one", () => {
  say("One.");
  vi.advanceTimersByTime(3000);
  say("Two.");
  expect(shown()).toEqual(["Two."]);
  vi.advanceTimersByTime(3900);
  expect(shown()).toEqual(["Two."]);
  vi.advanceTimersByTime(200);
  expect(shown()).toEqual([]);
});

test("an offer to undo stays eight seconds, whatever else is said, and stands before it", () => {
  say("First.");
  const undo = vi.fn();
  say("Three images deleted.", { undo });
  say("Something else.", { bad: true });
  expect(shown()).toEqual(["Three images deleted.", "Something else."]);
  vi.advanceTimersByTime(7900);
  expect(shown()).toEqual(["Three images deleted."]);
  document.querySelector(".mien-toast button").click();
  expect(undo).toHaveBeenCalledTimes(1);
  expect(shown()).toEqual([]);
});

test("a failure is marked, and the next line is not", () => {
  say("No.", { bad: true });
  expect(document.querySelector(".mien-toast.shown").classList.contains("bad")).toBe(true);
  say("Yes.");
  expect(document.querySelector(".mien-toast.shown").classList.contains("bad")).toBe(false);
});

test("what is said is no markup, and is found again when the page was drawn anew", () => {
  say("<b>bold</b>");
  expect(document.querySelector(".mien-toast.shown b")).toBeNull();
  page();
  say("Again.");
  expect(shown()).toEqual(["Again."]);
});

test("an action that fails says why and gives nothing", async () => {
  expect(await attempt(async () => 7)).toBe(7);
  expect(shown()).toEqual([]);
  expect(await attempt(() => Promise.reject(new Error("The disk is full.")))).toBeUndefined();
  expect(shown()).toEqual(["The disk is full."]);
});
