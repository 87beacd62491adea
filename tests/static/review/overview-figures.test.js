// @vitest-environment node

import { describe, expect, test } from "vitest";

import {
  fillsOf,
  flagLines,
  heightsOf,
  labelBars,
  periodsOf,
  shortLines,
  subjectBars,
  totals,
} from "../../../webapp/static/review/overview-figures.js";
import { label, overviewOf } from "./listings.js";

test("each great figure leads to what it counts", () => {
  const found = totals(overviewOf({ total: 1, labelled: 4, unlabelled: 3, skipped: 2, not_faces: 5 }));
  expect(found.map(({ number, text }) => `${number} ${text}`)).toEqual([
    "1 image",
    "4 labelled",
    "3 to label",
    "2 skipped",
    "5 not a face",
  ]);
  expect(found.map(({ filter }) => filter?.answer)).toEqual([undefined, "label", "none", "skip", "not_a_face"]);
});

describe("bars", () => {
  test("are drawn of labels in use or with images, the longest filling its track", () => {
    const bars = labelBars(
      overviewOf({
        labels: [
          label("fear", { images: 5 }),
          label("old", { images: 20, enabled: false }),
          label("off", { enabled: false }),
          label("new"),
        ],
      }),
    );
    expect(bars.map(({ name }) => name)).toEqual(["fear", "old", "new"]);
    expect(fillsOf(bars)).toEqual([25, 100, 0]);
    expect(bars[0].filter).toEqual({ label: "fear" });
  });

  test("of nothing are empty", () => {
    expect(fillsOf(labelBars(overviewOf({ labels: [label("a"), label("b")] })))).toEqual([0, 0]);
    expect(fillsOf([])).toEqual([]);
  });

  test("are drawn of twelve subjects at most, and lead to those without a name too", () => {
    /** @type {[string | null, number][]} */
    const subjects = Array.from({ length: 20 }, (_, at) => [at ? `person ${at}` : null, 40 - at]);
    const bars = subjectBars(overviewOf({ subjects }));
    expect(bars).toHaveLength(12);
    expect(bars[0]).toMatchObject({ name: "not named", filter: { no_subject: "1" } });
    expect(bars[1]).toMatchObject({ name: "person 1", filter: { subject: "person 1" } });
  });
});

describe("what is short", () => {
  test("leads to the label's images, where it has any", () => {
    const labels = [label("fear", { images: 3 }), label("wink")];
    const short = ["“fear” has 3 images; 20 make a fair start.", "“wink” has no images; 20 make a fair start."];
    expect(shortLines(overviewOf({ total: 3, short, labels }))).toEqual([
      { text: short[0], filter: { label: "fear" } },
      { text: short[1] },
    ]);
  });

  test("may be nothing, or everything", () => {
    expect(shortLines(overviewOf({ total: 3 }))[0].text).toMatch(/^Nothing is short/);
    expect(shortLines(overviewOf())[0].text).toMatch(/^No images yet/);
  });
});

test("flags lead to their images, where there are any", () => {
  const lines = flagLines(overviewOf({ flags: { blurry: 1200 } }));
  expect(lines.find(({ text }) => text === "1,200 blurry")?.filter).toEqual({ flag: "blurry" });
  expect(lines.filter(({ filter }) => filter)).toHaveLength(1);
  expect(lines.map(({ text }) => text)).toContain("0 near copies");
});

test("that there can be no likely mistakes yet is said, and nothing of it once a version was trained", () => {
  const why = (/** @type {boolean} */ trained) => flagLines(overviewOf({ trained }))[0].why;
  expect(why(false)).toBe("found once you have trained a version");
  expect(why(true)).toBe("the model says another label");
});

describe("periods of time", () => {
  test("are days where there are few, those without images too", () => {
    const shown = periodsOf([
      ["2026-02-27", 3],
      ["2026-03-02", 1],
    ]);
    expect(shown.map(({ since, until, number }) => [since, until, number])).toEqual([
      ["2026-02-27", "2026-02-27", 3],
      ["2026-02-28", "2026-02-28", 0],
      ["2026-03-01", "2026-03-01", 0],
      ["2026-03-02", "2026-03-02", 1],
    ]);
    expect(periodsOf([])).toEqual([]);
  });

  test("are at most twelve and hold every image once, whatever the clock does in spring", () => {
    const shown = periodsOf([
      ["2025-01-01", 1],
      ["2026-03-29", 4],
      ["2026-04-30", 2],
    ]);
    expect(shown.length).toBeLessThanOrEqual(12);
    expect(shown.reduce((sum, { number }) => sum + number, 0)).toBe(7);
    expect(shown[0].since).toBe("2025-01-01");
    expect(shown.at(-1)).toMatchObject({ until: "2026-04-30", number: 6 });
    for (const [index, { since }] of shown.slice(1).entries()) {
      expect(Date.parse(since) - Date.parse(shown[index].until)).toBe(86_400_000);
    }
  });

  test("with few images have bars that can be seen", () => {
    expect(heightsOf([{ number: 200 }, { number: 1 }, { number: 0 }])).toEqual(["100%", "4%", "2px"]);
  });
});
