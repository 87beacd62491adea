// @vitest-environment node

import { expect, test } from "vitest";

import { holds, outcome, size, timeLeft } from "../../../webapp/static/review/trash-words.js";

test.each([
  [0, "0 KB"],
  [1240, "1.2 KB"],
  [999_960, "1 MB"],
  [1_240_000, "1.2 MB"],
  [34_400_000, "34 MB"],
  [2.5e9, "2.5 GB"],
  [1e16, "10,000 TB"],
])("%i bytes are %s", (bytes, said) => {
  expect(size(bytes)).toBe(said);
});

test("what it holds is a number and a size", () => {
  expect(holds({ images: 1200, bytes: 34_400_000 })).toBe("1,200 images, 34 MB");
});

test("each image has its days, the last one too", () => {
  const now = Date.parse("2026-03-31T12:00:00Z");
  expect(timeLeft("2026-03-31T12:00:00+00:00", 30, now)).toBe("30 days left");
  expect(timeLeft("2026-03-02T12:00:00+00:00", 30, now)).toBe("last day");
  expect(timeLeft("2026-03-02T11:00:00+00:00", 30, now)).toBe("last day");
  expect(timeLeft("2026-03-01T11:00:00+00:00", 30, now)).toBe("any time now");
});

test("what was there no more is counted", () => {
  expect(outcome(3, 3, "restored")).toBe("3 images restored.");
  expect(outcome(1, 2, "restored")).toBe("1 image restored. 1 image was in the trash no more.");
  expect(outcome(2, 5, "removed for good")).toBe("2 images removed for good. 3 images were in the trash no more.");
});
