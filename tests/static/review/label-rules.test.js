// @vitest-environment node

import { expect, test } from "vitest";

import { heirsOf, mergeQuestion, moved, removalQuestion } from "../../../webapp/static/review/label-rules.js";
import { label } from "./listings.js";

test("a label moves by a place, the others keep their order", () => {
  const names = ["a", "b", "c"];
  expect(moved(names, 0, 1)).toEqual(["b", "a", "c"]);
  expect(moved(names, 2, -1)).toEqual(["a", "c", "b"]);
  expect(names).toEqual(["a", "b", "c"]);
});

test("another label that is in use can get the images", () => {
  const own = label("wink");
  const all = [own, label("fear"), label("off", { enabled: false })];
  expect(heirsOf(own, all)).toEqual(["fear"]);
});

test("merging says what becomes of the label", () => {
  expect(mergeQuestion(label("wink", { images: 1 })).text).toBe(
    "Its 1 image get that label; “wink” is gone. You can undo this.",
  );
  expect(mergeQuestion(label("fear", { built_in: true })).text).toMatch(/“fear” is switched off\./);
});

test("removing asks what becomes of the images", () => {
  const { title, text, answers } = removalQuestion(label("wink", { images: 1200 }));
  expect(title).toBe("Remove “wink”?");
  expect(text).toBe("It has 1,200 images. What becomes of them? You can undo this.");
  expect(answers.map(([value]) => value)).toEqual(["unlabel", "move", "delete"]);
});
