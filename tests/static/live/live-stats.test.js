import { beforeEach, expect, test } from "vitest";

import { showStats } from "../../../webapp/static/live/live-stats.js";
import { page } from "../fakes.js";

const FACE = { id: 1, box: [0, 0, 1, 1], label: "fear", probabilities: {} };

let line;

beforeEach(() => {
  line = page(`<p><span data-rate></span><span data-trip></span></p>`).firstElementChild;
});

test("the line says how live the view is", () => {
  showStats(line, { live: true, rate: { fps: 30, latency: 17.64 }, faces: [FACE, FACE] }, FACE);
  expect({ ...line.dataset }).toEqual({ fps: "30", latencyMs: "17.6", faces: "2", label: "fear" });
  expect([...line.children].map(({ textContent }) => textContent)).toEqual(["30", "18"]);
});

test("a view that stands still claims nothing", () => {
  showStats(line, { live: false, rate: { fps: 30, latency: 17.64 }, faces: [FACE] }, null);
  expect({ ...line.dataset }).toEqual({ fps: "0", latencyMs: "0", faces: "0", label: "" });
  expect([...line.children].map(({ textContent }) => textContent)).toEqual(["0", "–"]);
});
