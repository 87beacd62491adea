import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ExpressionChart, outlines } from "../../../webapp/static/live/expression-chart.js";
import { FakeObserver, page } from "../fakes.js";

const LABELS = [
  { name: "happiness", color: "#E69F00", key: "2" },
  { name: "fear", color: "#56B4E9", key: "7" },
];
const size = { width: 300, height: 100 };

test("areas are stacked in the labels' order, and reach from their time to now", () => {
  const run = [
    { at: 0, shares: [0.25, 0.75] },
    { at: 15_000, shares: [1, 0] },
  ];
  expect(outlines(run, 30_000, size)).toEqual([
    [
      { x: 0, y: 100 },
      { x: 150, y: 100 },
      { x: 150, y: 0 },
      { x: 0, y: 75 },
    ],
    [
      { x: 0, y: 75 },
      { x: 150, y: 0 },
      { x: 150, y: 0 },
      { x: 0, y: 0 },
    ],
  ]);
});

let canvas;
let drawn;
let chart;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  vi.stubGlobal("ResizeObserver", FakeObserver);
  vi.spyOn(performance, "now").mockReturnValue(0); // whatever the age of the worker
  drawn = [];
  const pen = { setTransform: vi.fn(), clearRect: () => drawn.splice(0), beginPath: vi.fn(), closePath: vi.fn() };
  Object.assign(pen, { lineTo: vi.fn(), fill: () => drawn.push(pen.fillStyle) });
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(pen);
  canvas = page("<canvas></canvas>").firstElementChild;
  Object.defineProperty(canvas, "clientWidth", { value: 300 });
  Object.defineProperty(canvas, "clientHeight", { value: 100 });
  chart = new ExpressionChart(canvas);
  chart.setLabels(LABELS);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("each label has its colour, once for every stretch with a face", () => {
  chart.add({ happiness: 0.5, fear: 0.5 }, 10_000);
  chart.add({ happiness: 0.5, fear: 0.5 }, 10_100);
  expect(drawn).toEqual(["#E69F00", "#56B4E9"]);
  chart.add(undefined, 10_400);
  chart.add({ happiness: 1, fear: 0 }, 10_700);
  expect(drawn).toEqual(["#E69F00", "#56B4E9", "#E69F00", "#56B4E9"]);
});

test("it is drawn ten times a second, however often something is added", () => {
  const getContext = vi.mocked(canvas.getContext);
  getContext.mockClear();
  for (let at = 20_000; at < 21_000; at += 10) chart.add({ happiness: 1 }, at);
  expect(getContext.mock.calls.length).toBe(10);
});

test("a change between light and dark is drawn at once, until the chart is gone", async () => {
  const getContext = vi.mocked(canvas.getContext);
  getContext.mockClear();
  window.dispatchEvent(new Event("mien:look"));
  expect(getContext).toHaveBeenCalledTimes(1);
  canvas.remove();
  await vi.advanceTimersByTimeAsync(0);
  window.dispatchEvent(new Event("mien:look"));
  expect(getContext).toHaveBeenCalledTimes(1);
});
