// @vitest-environment node

import { describe, expect, test } from "vitest";

import {
  endedEarly,
  shareOf,
  shortageOf,
  stageOf,
  titleOf,
  wentWrong,
} from "../../../webapp/static/train/run-words.js";
import { runOf, stateOf, trainableLabel, versionOf } from "./runs.js";

/** @import { RunState, TrainingState } from "../../../webapp/static/shared/api" */

/**
 * @param {Partial<RunState> | null} run
 * @param {Partial<TrainingState>} state
 */
const said = (run, state = {}) => stageOf(stateOf({ run: run && runOf(run), ...state }));

test("a title for each way that a run can stand", () => {
  expect(titleOf(null)).toBe("Training");
  expect(titleOf(runOf({ state: "queued" }))).toBe("Starting");
  expect(titleOf(runOf({ state: "failed" }))).toBe("It did not work");
});

test("what was cancelled can be started again, what failed went wrong as well", () => {
  const states = ["queued", "running", "done", "failed", "cancelled", "interrupted"];
  const runs = states.map((state) => runOf({ state }));
  expect(runs.filter(endedEarly).map(({ state }) => state)).toEqual(["failed", "cancelled", "interrupted"]);
  expect(runs.filter(wentWrong).map(({ state }) => state)).toEqual(["failed", "interrupted"]);
  expect(endedEarly(null) || wentWrong(null)).toBe(false);
});

describe("the stage", () => {
  test("before the first run", () => {
    expect(said(null)).toBe("Nothing was trained yet. The base model is in use.");
  });

  test("while a run is under way", () => {
    expect(said({ state: "queued" })).toBe("Getting ready …");
    expect(said({ stage: "" })).toBe("Starting …");
    expect(said({ stage: "proving the model" })).toBe("Proving the model …");
    const training = { stage: "training", epoch: 3, epochs: 12, accuracy: 0.796, seconds_left: 8.4 };
    expect(said(training)).toBe("Epoch 3 of 12 · 80 % right on held-out faces · about 8 s left");
    expect(said({ ...training, accuracy: null, seconds_left: 0.1 })).toBe("Epoch 3 of 12 · about 1 s left");
    expect(said({ ...training, epoch: 12 })).toBe("All 12 epochs are done. Choosing the best weights …");
    expect(said({ ...training, epoch: 0 })).toBe("Training …");
  });

  test("gives the reason why a run ended early", () => {
    expect(said({ state: "interrupted", open: false, reason: "It died. Start it again." })).toBe(
      "It died. Start it again.",
    );
  });

  test.each([
    [{ active: 2, reason: "" }, "Version 2 is in use now."],
    [{ active: 2, reason: "No better." }, "Version 2 is in use, as you chose."],
    [{ active: 0, reason: "No better." }, "Version 2 waits for you to choose it; below is why."],
    [{ active: 0, reason: "" }, "Version 2 came into use; you chose another one since."],
  ])("of a run that is done, with %j", ({ active, reason }, sentence) => {
    const versions = [versionOf(0), versionOf(2)];
    expect(said({ state: "done", open: false, version: 2, reason }, { active, versions })).toBe(sentence);
  });

  test("of a version that can be used while its Core ML model is made", () => {
    const versions = [versionOf(0), versionOf(2)];
    const packing = { stage: "making the Core ML model", version: 2 };
    expect(said(packing, { active: 2, versions })).toBe("Version 2 is in use now. Its Core ML model is being made …");
    expect(said({ ...packing, reason: "No better." }, { active: 0, versions })).toBe(
      "Version 2 waits for you to choose it; below is why. Its Core ML model is being made …",
    );
  });

  test("of a run whose version was deleted", () => {
    expect(said({ state: "done", open: false, version: 2 }, { active: 0 })).toBe(
      "Version 2 was made, and deleted since.",
    );
  });
});

test("how much is done never goes back while a run goes on", () => {
  const moments = [
    { state: "queued" },
    { stage: "training", epoch: 0, epochs: 4 },
    { stage: "training", epoch: 2, epochs: 4 },
    { stage: "training", epoch: 4, epochs: 4 },
    { stage: "proving the model", epoch: 4, epochs: 4 },
    { stage: "making the Core ML model", epoch: 4, epochs: 4, version: 2 },
    { state: "done", open: false },
  ];
  const shares = moments.map((moment) => shareOf(runOf(moment)));
  expect(shares).toEqual([0, 0, 0.3, 0.6, 0.6, 0.7, 1]);
  expect(shareOf(null)).toBe(0);
  expect(shareOf(runOf({ state: "cancelled", open: false, epoch: 2, epochs: 4 }))).toBe(0);
});

test("what a label lacks", () => {
  const { data } = stateOf();
  const label = trainableLabel("wink", { images: 3, left_out: true });
  expect(shortageOf(label, data)).toBe("left out: 2 more needed");
  expect(shortageOf({ ...label, images: 12, left_out: false }, data)).toBe("8 more make a fair start");
  expect(shortageOf({ ...label, images: 20, left_out: false }, data)).toBe("");
  expect(shortageOf({ ...label, images: 0, left_out: false }, data)).toBe("");
});
