// @vitest-environment node

import { expect, test } from "vitest";

import {
  answerAs,
  whyEmpty,
  factsAbout,
  leftText,
  lookingText,
  meaningOf,
  suggestionFor,
} from "../../../webapp/static/review/queue-words.js";
import { image, label } from "./listings.js";

const LABELS = [label("fear", { key: "3" }), label("wink"), label("sly", { key: "s" })];

test("how many faces are left", () => {
  expect(leftText(0)).toBe("");
  expect(leftText(1)).toBe("1 face to go");
  expect(leftText(1234)).toBe("1,234 faces to go");
});

test("at how many the model is still looking", () => {
  expect(lookingText(0)).toBe("");
  expect(lookingText(1)).toBe("The model is still looking at 1 face.");
  expect(lookingText(312)).toBe("The model is still looking at 312 faces.");
});

test("why the queue is empty", () => {
  const nothing = { order: "uncertain", images: 0, waiting: 0, trained: true };
  expect(whyEmpty(nothing)).toMatch(/^No images yet/);
  expect(whyEmpty({ ...nothing, images: 3 })).toBe("Everything has an answer.");
  expect(whyEmpty({ order: "disagreement", images: 3, waiting: 0, trained: true })).toBe(
    "The model agrees with every label.",
  );
  expect(whyEmpty({ order: "disagreement", images: 3, waiting: 2, trained: true })).toBe(
    "So far the model agrees with every label.",
  );
  const untrained = whyEmpty({ order: "disagreement", images: 3, waiting: 0, trained: false });
  expect(untrained).toMatch(/^Likely mistakes are flagged once a version has been trained/);
});

test("a suggestion can be taken if it is a label that is in use", () => {
  const face = image(1, { suggested: "fear", certainty: 0.456 });
  expect(suggestionFor(face, LABELS)).toEqual({ text: "fear · 46\u00a0%", label: LABELS[0] });
  expect(suggestionFor(face, []).label).toBeUndefined();
  expect(suggestionFor(face, []).text).toBe("The model says fear, which is no label here");
  expect(suggestionFor(image(1), LABELS)).toEqual({ text: "The model has no suggestion yet" });
});

test("the line below a face says what is known of it, and not twice that the model disagrees", () => {
  const line = factsAbout(image(1, { label: "fear", subject: "Ada", flags: ["mislabelled", "dark"] }));
  expect(line).toMatch(/^labelled fear · file · Ada · .+ · dark$/);
  expect(line).not.toContain("mislabelled");
  expect(factsAbout(image(1))).toMatch(/^no label yet · file · [^·]+$/);
});

test("a key is a label's own before it is anything else", () => {
  expect(meaningOf("3", LABELS)).toEqual(answerAs("fear"));
  expect(meaningOf("S", LABELS)).toEqual(answerAs("sly"));
  expect(meaningOf("S", [])).toEqual({ kind: "skip" });
  expect(meaningOf("n", LABELS)).toEqual({ kind: "not_a_face" });
  expect(meaningOf("Enter", LABELS)).toBe("take");
  expect(meaningOf("u", LABELS)).toBe("undo");
});

test("a key that no label has answers nothing", () => {
  expect(meaningOf("9", LABELS)).toBeUndefined();
  expect(meaningOf("", LABELS)).toBeUndefined(); // "wink" has no key
});
