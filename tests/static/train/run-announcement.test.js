// @vitest-environment node

import { expect, test } from "vitest";

import { announcement, hasMade } from "../../../webapp/static/train/run-announcement.js";
import { cardOf, detailOf, metricsOf, runOf, stateOf, versionOf } from "./runs.js";

const versions = [versionOf(2), versionOf(1), versionOf(0)];
const card = cardOf({ before: metricsOf(0.4), after: metricsOf(0.9) });
const shown = detailOf(2, { card });

const before = stateOf({ run: runOf({ id: 1, state: "done", open: false, version: 1 }), versions, active: 1 });
const begun = stateOf({ ...before, run: runOf({ id: 2, state: "queued" }) });
const running = stateOf({ ...before, run: runOf({ id: 2, stage: "training", epoch: 3, epochs: 9 }) });
const made = stateOf({ ...before, run: runOf({ id: 2, state: "done", open: false, version: 2 }), active: 2 });

test("a run is announced once when it begins and once when its version is there, with its figures", () => {
  const moments = [null, before, before, begun, running, running, made, made];
  const said = moments.slice(1).map((now, at) => now && announcement(moments[at], now, now === made ? shown : null));
  expect(said.filter(Boolean)).toEqual([
    "Starting.",
    "Version 2 is in use now. 90\u00a0% held-out faces right, +50.0 points, from 40\u00a0%.",
  ]);
  expect([hasMade(null, made), hasMade(running, made), hasMade(made, made)]).toEqual([false, true, false]);
});

test("how a run ended without a version is announced once", () => {
  const failed = stateOf({
    ...before,
    run: runOf({ id: 2, state: "failed", open: false, reason: "The disk is full." }),
  });
  expect(announcement(running, failed, null)).toBe("It did not work. The disk is full.");
  expect(announcement(failed, failed, null)).toBe("");
});
