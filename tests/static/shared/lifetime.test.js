import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { atEnd, every, lifetime } from "../../../webapp/static/shared/lifetime.js";
import { page, settled } from "../fakes.js";

let part;
let inner;

beforeEach(() => {
  const container = page(`<section><p></p></section>`);
  part = container.querySelector("section");
  inner = container.querySelector("p");
});
afterEach(() => vi.useRealTimers());

test("the signal is aborted when the element leaves the page, and not before", async () => {
  const signal = lifetime(inner);
  part.append(document.createElement("b"));
  part.hidden = true;
  await settled();
  expect(signal.aborted).toBe(false);
  part.remove();
  await settled();
  expect(signal.aborted).toBe(true);
});

test("an element that is only moved goes on", async () => {
  const signal = lifetime(inner);
  document.body.append(inner);
  await settled();
  expect(signal.aborted).toBe(false);
});

test("each element has one signal, and another one when it comes back", async () => {
  const signal = lifetime(part);
  expect(lifetime(part)).toBe(signal);
  expect(lifetime(inner)).not.toBe(signal);
  part.remove();
  await settled();
  document.body.append(part);
  expect(lifetime(part).aborted).toBe(false);
});

test("an element that is not on the page has ended", () => {
  expect(lifetime(document.createElement("p")).aborted).toBe(true);
});

test("what is mounted again hears a key once", async () => {
  const heard = vi.fn();
  for (let times = 0; times < 3; times += 1) {
    page(`<section></section>`);
    await settled();
    document.addEventListener("keydown", heard, { signal: lifetime(document.querySelector("section")) });
  }
  document.dispatchEvent(new KeyboardEvent("keydown"));
  expect(heard).toHaveBeenCalledTimes(1);
});

test("what happens every so often stops at the end", () => {
  vi.useFakeTimers();
  const controller = new AbortController();
  const action = vi.fn();
  every(100, action, controller.signal);
  vi.advanceTimersByTime(250);
  expect(action).toHaveBeenCalledTimes(2);
  controller.abort();
  vi.advanceTimersByTime(1000);
  expect(action).toHaveBeenCalledTimes(2);
});

test("what is to be done at the end is done at once when that is over", () => {
  const late = vi.fn();
  atEnd(AbortSignal.abort(), late);
  expect(late).toHaveBeenCalledTimes(1);
});
