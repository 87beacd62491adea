import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { changed, keepFresh, onChange } from "../../../webapp/static/shared/freshness.js";
import { FakeObserver, layOut, page, settled } from "../fakes.js";

let element;

beforeEach(() => {
  vi.stubGlobal("IntersectionObserver", FakeObserver);
  layOut();
  element = page(`<section></section>`).querySelector("section");
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a part refreshes when it comes into view, and once", () => {
  const refresh = vi.fn();
  keepFresh(element, refresh);
  expect(refresh).not.toHaveBeenCalled();
  FakeObserver.intersect(element);
  FakeObserver.intersect(element);
  expect(refresh).toHaveBeenCalledTimes(1);
});

test("what others change is shown at once in view, and later when it comes into view", async () => {
  const refresh = vi.fn();
  keepFresh(element, refresh);
  FakeObserver.intersect(element);
  changed();
  expect(refresh).toHaveBeenCalledTimes(2);
  element.hidden = true;
  await settled();
  changed();
  changed();
  expect(refresh).toHaveBeenCalledTimes(2);
  element.hidden = false;
  await settled();
  expect(refresh).toHaveBeenCalledTimes(3);
});

test("a part does not hear of its own changes", () => {
  const [own, others] = [vi.fn(), vi.fn()];
  onChange(element, own);
  onChange(document.body, others);
  changed(element);
  expect(own).not.toHaveBeenCalled();
  expect(others).toHaveBeenCalledTimes(1);
});

test("a part that left the page asks no more", async () => {
  const [refresh, hear] = [vi.fn(), vi.fn()];
  keepFresh(element, refresh);
  onChange(element, hear);
  FakeObserver.intersect(element);
  const watching = FakeObserver.all.size;
  element.remove();
  await settled();
  changed();
  expect(refresh).toHaveBeenCalledTimes(1);
  expect(hear).not.toHaveBeenCalled();
  expect(FakeObserver.all.size).toBe(watching - 1);
});
