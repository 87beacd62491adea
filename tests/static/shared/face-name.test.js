import { expect, test } from "vitest";
import { chipTexts } from "../../../webapp/static/shared/draw-face.js";
import { isUnsure, nameOf, spokenName } from "../../../webapp/static/shared/face-name.js";

const FEAR = { label: "fear", probabilities: { fear: 0.5, surprise: 0.45 }, doubt: "fear or surprise" };

test("a face is called by its label, or not sure with the reason", () => {
  expect(nameOf({ label: "fear", doubt: "" })).toBe("fear");
  expect([nameOf(FEAR), spokenName(FEAR)]).toEqual(["not sure", "not sure, fear or surprise"]);
});

test("a person's label leaves no doubt", () => {
  const taught = { ...FEAR, taught: "wink" };
  expect([isUnsure(taught), nameOf(taught), spokenName(taught)]).toEqual([false, "wink", "wink"]);
  expect(chipTexts(taught).full).toBe("✓ wink");
});

test("a chip that is not sure says why where there is room, and shows no figure", () => {
  expect(chipTexts({ ...FEAR, doubt: "too dark" })).toEqual({
    full: "not sure · too dark",
    name: "not sure",
    short: "not sure",
    mark: "?",
  });
  expect(chipTexts({ ...FEAR, doubt: "" }).full).toBe("fear  50\u00a0%");
});
