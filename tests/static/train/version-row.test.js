import { describe, expect, test, vi } from "vitest";

import { possible, scoredOn, versionRow, wordsOf } from "../../../webapp/static/train/version-row.js";
import { scoreOf, versionOf } from "./runs.js";

const VERSION = versionOf(3, {
  name: "winks",
  created: "2026-03-14T09:26:00+00:00",
  images: 1234,
  held_out: scoreOf(0.7996),
});

test("a version in words", () => {
  expect(wordsOf(VERSION)).toMatchObject({
    named: "Version 3 · winks",
    images: "1,234",
    heldOut: { share: "80.0 %", notes: [] },
    builtIn: { share: "–", notes: [] },
  });
  expect(wordsOf(VERSION).made).toMatch(/2026/);
  expect(wordsOf(versionOf(0, { name: "Base model" }))).toMatchObject({ named: "Base model", made: "with Mien" });
  expect(wordsOf(versionOf(2, { damaged: "gone" }))).toMatchObject({ named: "Version 2", images: "–", made: "–" });
});

describe("what can be done", () => {
  test.each([
    ["another version", VERSION, { use: true, describe: true, remove: true }],
    ["the one in use", versionOf(1), { use: false, describe: true, remove: false }],
    ["the base model", versionOf(0), { use: true, describe: false, remove: false }],
    ["a damaged one", versionOf(2, { damaged: "gone" }), { use: false, describe: false, remove: true }],
  ])("with %s", (_, version, can) => {
    expect(possible(version, 1)).toEqual(can);
  });

  test("has a button each", () => {
    const actions = { open: vi.fn(), use: vi.fn(), describe: vi.fn(), remove: vi.fn() };
    const row = versionRow(VERSION, 1, null, actions);
    for (const button of row.querySelectorAll("button")) button.click();
    expect([...row.querySelectorAll("button")].map(({ textContent }) => textContent)).toEqual([
      "Version 3 · winks",
      "Use",
      "Name and note",
      "Delete",
    ]);
    expect(actions.open).toHaveBeenCalledWith(3);
    expect(actions.use).toHaveBeenCalledWith(3);
    expect(actions.describe).toHaveBeenCalledWith(VERSION);
    expect(actions.remove).toHaveBeenCalledWith(3);
  });
});

test("why a version is damaged is said, and nothing opens it", () => {
  const actions = { open: vi.fn(), use: vi.fn(), describe: vi.fn(), remove: vi.fn() };
  const row = versionRow(versionOf(2, { damaged: "Its card is missing." }), 1, null, actions);
  expect(row.textContent).toContain("Its card is missing.");
  expect(row.querySelectorAll("button")).toHaveLength(1);
});

describe("figures", () => {
  const marked = versionOf(2, {
    held_out: scoreOf(0.9, { learned_from: 12, same_take: 8, unnamed: 5 }),
    built_in: scoreOf(0.8),
  });

  test("that do not compare as they stand are marked in the list", () => {
    const row = versionRow(marked, 1, null, { open: vi.fn(), use: vi.fn(), describe: vi.fn(), remove: vi.fn() });
    const [, heldOut, builtIn] = row.querySelectorAll("td.number");
    expect([...heldOut.querySelectorAll(".note")].map(({ textContent }) => textContent)).toEqual([
      "may have learned from 12 of these faces",
      "learned from the same take as 8 of these faces",
      "has no name for 5 of these faces",
    ]);
    expect(heldOut.firstChild?.textContent).toBe("90.0 %");
    expect(builtIn.textContent).toBe("80.0 %");
  });

  test("that are still to come are said to be", () => {
    expect(wordsOf(versionOf(2, { scoring: true })).heldOut.share).toBe("scoring…");
    expect(wordsOf(versionOf(2, { scoring: true, damaged: "gone" })).heldOut.share).toBe("–");
  });

  test("are all of the same faces, and the list says which", () => {
    const versions = [versionOf(3, { scoring: true }), marked, versionOf(0)];
    expect(scoredOn(versions)).toBe(
      "All versions are scored on the same faces: the 40 faces held out now, and 40 faces of the built-in expressions.",
    );
    expect(scoredOn([versionOf(0)])).toBe("");
  });
});
