import { describe, expect, test, vi } from "vitest";

import { possible, versionRow, wordsOf } from "../../../webapp/static/train/version-row.js";
import { versionOf } from "./runs.js";

const VERSION = versionOf(3, {
  name: "winks",
  created: "2026-03-14T09:26:00+00:00",
  images: 1234,
  held_out: 0.7996,
});

test("a version in words", () => {
  expect(wordsOf(VERSION)).toMatchObject({
    named: "Version 3 · winks",
    images: "1,234",
    heldOut: "80.0 %",
    base: "–",
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
