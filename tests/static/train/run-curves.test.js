import { expect, test } from "vitest";

import { drawCurves } from "../../../webapp/static/train/run-curves.js";

test("curves are drawn over the grid and said in words; drawn again, the old ones are gone", () => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawCurves(svg, { loss: [2, 1], accuracy: [0.5, 0.75], base: [0.9, 0.9] }, 4);
  expect([...svg.querySelectorAll("polyline")].map((line) => line.getAttribute("class"))).toEqual([
    "loss",
    "base",
    "held",
  ]);
  expect([...svg.querySelectorAll("text")].map(({ textContent }) => textContent)).toEqual([
    "0 %",
    "50 %",
    "100 %",
    "epoch 4",
  ]);
  expect(svg.getAttribute("aria-label")).toMatch(/^After 2 epochs: held-out faces 75 %/);
  drawCurves(svg, {}, 0);
  expect(svg.querySelectorAll("polyline")).toHaveLength(0);
  expect(svg.getAttribute("aria-label")).toBe("No curves yet");
});
