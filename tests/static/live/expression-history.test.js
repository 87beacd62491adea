// @vitest-environment node

import { expect, test } from "vitest";

import { ExpressionHistory } from "../../../webapp/static/live/expression-history.js";

/** A history of these labels with a sample at each of these times. */
function historyOf(labels, times) {
  const history = new ExpressionHistory();
  history.setLabels(labels);
  for (const at of times) history.add({ happiness: 0.75, fear: 0.25 }, at);
  return history;
}

const times = (history) => history.runs.map((run) => run.map(({ at }) => at));

test("a sample has a share of each label in its place, 0 for what the model does not know", () => {
  const history = historyOf(["fear", "wink", "happiness"], [0]);
  expect(history.runs).toEqual([[{ at: 0, shares: [0.25, 0, 0.75] }]]);
});

test("ten samples a second are kept, and one that comes a little early counts", () => {
  expect(times(historyOf(["fear"], [0, 16, 33, 91, 92, 108, 184]))).toEqual([[0, 92, 184]]);
});

test("half a second without a face leaves a gap", () => {
  expect(times(historyOf(["fear"], [0, 100, 500, 901, 1000]))).toEqual([
    [0, 100, 500],
    [901, 1000],
  ]);
});

test("what is older than the chart is forgotten", () => {
  expect(times(historyOf(["fear"], [0, 400, 30_500]))).toEqual([[0, 400], [30_500]]);
  expect(times(historyOf(["fear"], [0, 400, 30_501]))).toEqual([[400], [30_501]]);
});

test("with other labels it starts anew; the same ones change nothing", () => {
  const history = historyOf(["fear", "happiness"], [0]);
  history.setLabels(["fear", "happiness"]);
  expect(history.runs).toHaveLength(1);
  history.setLabels(["happiness", "fear"]);
  expect(history.runs).toEqual([]);
});
