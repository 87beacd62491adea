// @vitest-environment node

import { describe, expect, test } from "vitest";

import {
  comparable,
  comparedWith,
  confusionRows,
  figuresOf,
  headingOf,
  notesOf,
  recallRows,
  shortened,
} from "../../../webapp/static/train/version-figures.js";
import { cardOf, detailOf, metricsOf, scoreOf, versionOf } from "./runs.js";

/** @import { Card, VersionDetail } from "../../../webapp/static/shared/api" */

test("a heading has number and name; the base model's name is its own", () => {
  expect(headingOf(3, cardOf())).toBe("Version 3");
  expect(headingOf(3, cardOf({ name: "winks" }))).toBe("Version 3 · winks");
  expect(headingOf(0, cardOf({ name: "Base model" }))).toBe("The base model");
});

test("long labels are shortened to fit above a column", () => {
  expect(shortened("twelve chars")).toBe("twelve chars");
  expect(shortened("thirteen chars")).toBe("thirteen ch…");
});

describe("figures", () => {
  const figures = (/** @type {Partial<Card>} */ card) => figuresOf(detailOf(1, { card: cardOf(card) }));

  test("say how they changed, and whether to the better", () => {
    const card = cardOf({ before: metricsOf(0.65), after: metricsOf(0.799, { faces: 1234 }) });
    expect(figuresOf(detailOf(1, { card }))).toEqual([
      {
        text: "held-out faces right",
        share: "80\u00a0%",
        change: "+14.9 points, from 65\u00a0%",
        mood: "good",
        faces: "1,234 faces",
      },
    ]);
  });

  test("that fell are bad, that stayed are neither", () => {
    const [worse] = figures({ base_before: metricsOf(0.8), base_after: metricsOf(0.7) });
    expect(worse).toMatchObject({
      text: "built-in expressions right",
      change: "−10.0 points, from 80\u00a0%",
      mood: "bad",
    });
    const [same] = figures({ before: metricsOf(0.5), after: metricsOf(0.5) });
    expect(same).toMatchObject({ change: "+0.0 points, from 50\u00a0%", mood: "" });
  });

  test("without a before have no change, and what was not measured is not shown", () => {
    const measured = figures({ before: metricsOf(0.5), metrics: { PrivateTest: metricsOf(0.84) } });
    expect(measured).toHaveLength(1);
    expect(measured[0]).toMatchObject({ text: "FER+ test faces right", change: "", mood: "" });
  });

  test("of the base model are by majority too, and of what damage leaves in the mean", () => {
    const tally = (/** @type {number} */ value) => {
      const estimate = { value, low: value, high: value };
      return { arg_max: estimate, majority: estimate, answered: 1, right: value };
    };
    const evaluation = {
      ...{ split: "PrivateTest", faces: 3545, majority_faces: 3152, clean: tally(0.877) },
      ...{ damaged: { noise: tally(0.6), bar: tally(0.8) }, mean_recall: tally(0.7).arg_max },
      ...{ calibration_error: tally(0.02).arg_max, risk_coverage: {}, chosen: {}, wild: null },
      ...{ milliseconds: 1, runner: "ONNX Runtime", multiply_adds: 1 },
    };
    const measured = figures({ evaluation });
    expect(measured.map(({ share, faces }) => [share, faces])).toEqual([
      ["88\u00a0%", "3,152 faces"],
      ["70\u00a0%", "3,152 faces"],
    ]);
    expect(figures({ evaluation: { ...evaluation, damaged: {} } })).toHaveLength(1);
  });
});

test("figures of faces that are held out no more are marked, with the score on those of now beside them", () => {
  const card = cardOf({ before: metricsOf(0.65), after: metricsOf(0.8) });
  const score = { ...scoreOf(0.7), recall: {} };
  const said = (/** @type {Partial<VersionDetail>} */ fields) =>
    figuresOf(detailOf(1, { card, ...fields })).map(({ share, faces }) => [share, faces]);
  expect(said({ score, held_out_now: false })).toEqual([
    ["80\u00a0%", "100 faces held out when it was made"],
    ["70\u00a0%", "40 faces held out now"],
  ]);
  expect(said({ score })).toEqual([["80\u00a0%", "100 faces"]]);
  expect(said({ held_out_now: false })).toHaveLength(1);
});

test("notes: what was left out, what was noted, who was held out", () => {
  const data = {
    train: {},
    held_out: {},
    left_out: { wink: "wink is left out." },
    notes: ["Few faces."],
    by_subject: true,
    measured_by: {},
    same_take: [],
    unknown_people: false,
  };
  expect(notesOf(cardOf({ data }))).toEqual([
    "wink is left out.",
    "Few faces.",
    "Held out: whole people whom training did not see.",
  ]);
  expect(notesOf(cardOf())).toEqual([]);
  expect(notesOf(cardOf({ data: "FER+" }))).toEqual([]);
});

test("other versions that were measured can be held against a version", () => {
  const versions = [
    versionOf(4, { damaged: "gone", held_out: scoreOf(0.5) }),
    versionOf(3, { held_out: scoreOf(0.5) }),
    versionOf(2, { held_out: scoreOf(0) }),
    versionOf(1),
    versionOf(0),
  ];
  expect(comparable(3, versions).map(({ number }) => number)).toEqual([2]);
  expect(comparedWith(cardOf({ compared_with: 2 }))).toBe("version 2");
  expect(comparedWith(cardOf({ compared_with: 0 }))).toBe("the base model");
});

describe("recall", () => {
  const card = cardOf();
  const after = metricsOf(0.6, { recall: { fear: 0.5, wink: null } });

  test("has a row of all faces, then one a label, each before and after", () => {
    const rows = recallRows(card, after, metricsOf(0.4, { recall: { fear: 0 } }));
    expect(rows.map(({ label, figures }) => [label, figures])).toEqual([
      [null, "40\u00a0% → 60\u00a0%"],
      ["fear", "0\u00a0% → 50\u00a0%"],
      ["wink", "none held out"],
    ]);
    expect(rows[1]).toMatchObject({ was: 0, is: 0.5 });
  });

  test("may have nothing to be held against", () => {
    const [all] = recallRows(card, after, null);
    expect(all).toMatchObject({ was: 0, is: 0.6, figures: "– → 60\u00a0%" });
  });
});

test("the confusion matrix: each row adds up to one, what lies on the diagonal is right", () => {
  const [fear, wink] = confusionRows(
    ["fear", "wink"],
    [
      [3, 1],
      [0, 0],
    ],
  );
  expect(fear.cells.map(({ share, kind }) => [share, kind])).toEqual([
    [0.75, "right"],
    [0.25, "wrong"],
  ]);
  expect(fear.cells[1].title).toBe("fear taken for wink: 1");
  expect(wink.cells.map(({ share, kind }) => [share, kind])).toEqual([
    [0, ""],
    [0, "right"],
  ]);
});
