// @vitest-environment node

import { expect, test } from "vitest";

import { LiveRate } from "../../../webapp/static/shared/live-rate.js";

test("the rate is what came in the last second", () => {
  const rate = new LiveRate();
  expect([rate.fps, rate.latency]).toEqual([0, 0]);
  for (let at = 0; at <= 2000; at += 100) rate.add(at, at);
  expect(rate.fps).toBe(11); // 1000 to 2000
  rate.add(2950, 7);
  expect(rate.fps).toBe(2); // 2000 is 950 ms ago
  rate.clear();
  expect([rate.fps, rate.latency]).toEqual([0, 0]);
});

test("the latency is the median of those that are known", () => {
  const rate = new LiveRate();
  for (const latency of [30, NaN, 500, 20, NaN]) rate.add(0, latency);
  expect(rate.latency).toBe(30);
  const unknown = new LiveRate();
  unknown.add(0, NaN);
  expect([unknown.fps, unknown.latency]).toEqual([1, 0]);
});
