// @vitest-environment node

import { describe, expect, test } from "vitest";

import {
  answeredText,
  captionOf,
  emptyText,
  factsOf,
  namedText,
  pastText,
  selectedText,
} from "../../../webapp/static/review/gallery-words.js";
import { image, overviewOf } from "./listings.js";

test.each([
  [{ label: "fear", answer: "label" }, "fear"],
  [{ answer: "skip" }, "skipped"],
  [{ answer: "not_a_face" }, "not a face"],
  [{ answer: "" }, "unlabelled"],
])("an image with %j is called “%s”", (fields, name) => {
  expect(captionOf(image(1, fields)).name).toBe(name);
});

describe("what the model says of an image", () => {
  const answered = { label: "fear", answer: "label", suggested: "anger", certainty: 0.816, subject: "Ada" };

  test("stands beside its label, and who it is", () => {
    const caption = captionOf(image(1, answered));
    expect(caption).toMatchObject({ name: "fear", guess: "82\u00a0% anger", agrees: false, doubted: false });
    expect(caption.spoken).toBe("fear · the model says 82\u00a0% anger · Ada");
  });

  test("may be the same", () => {
    const caption = captionOf(image(1, { ...answered, suggested: "fear", subject: null }));
    expect(caption).toMatchObject({ agrees: true, spoken: "fear · the model agrees, 82\u00a0%" });
  });

  test("is a doubt where it is flagged for it", () => {
    const caption = captionOf(image(1, { ...answered, flags: ["mislabelled"] }));
    expect(caption).toMatchObject({ doubted: true });
    expect(caption.spoken).toContain("likely mislabelled");
  });

  test("may be nothing yet", () => {
    expect(captionOf(image(1))).toMatchObject({ guess: "", agrees: false, spoken: "unlabelled" });
  });
});

test("how many are selected, and how many of them elsewhere", () => {
  expect(selectedText(0, 0, 5)).toMatch(/^Click images/);
  expect(selectedText(1, 1, 5)).toBe("1 image selected");
  expect(selectedText(5, 5, 5)).toBe("All 5 images selected");
  expect(selectedText(1234, 60, 1234)).toBe("All 1,234 images selected, 60 on this page");
  expect(selectedText(3, 0, 90)).toBe("3 images selected, 0 on this page");
});

test("why no image is shown", () => {
  expect(emptyText({}, overviewOf()).text).toMatch(/^No images yet/);
  expect(emptyText({ flag: "dark" }, overviewOf({ total: 3 })).text).toMatch(/^No image matches/);
  const untrained = emptyText({ flag: "mislabelled" }, overviewOf({ total: 3 }));
  expect(untrained.untrained).toBe(true);
  expect(untrained.text).toMatch(/once a version has been trained on your own labels/);
  expect(emptyText({ flag: "mislabelled" }, overviewOf({ total: 3, trained: true })).text).toMatch(/^No image matches/);
});

test("what became of answers and names", () => {
  expect(answeredText(2, { kind: "label", label: "wink" })).toBe("2 images relabelled as wink.");
  expect(answeredText(1, { kind: "skip" })).toBe("1 image skipped.");
  expect(answeredText(1, { kind: "not_a_face" })).toBe("1 image marked as not a face.");
  expect(answeredText(1, { kind: "clear" })).toBe("1 image without a label now.");
  expect(namedText(2, "Ada")).toBe("Ada is on 2 images now.");
  expect(namedText(1, "")).toBe("Nobody is named on 1 image now.");
});

test("each answer of the past is said with who gave it", () => {
  const created = "2026-03-14T09:26:00+00:00";
  expect(pastText({ kind: "label", label: "wink", who: "me", created })).toMatchObject({ what: "wink", who: "you" });
  expect(pastText({ kind: "label", label: null, who: "Bo", created })).toMatchObject({
    ...{ what: "a label that is gone", who: "Bo" },
  });
  expect(pastText({ kind: "clear", label: null, who: "me", created }).what).toBe("label taken away");
  expect(pastText({ kind: "not_a_face", label: null, who: "me", created }).what).toBe("not a face");
});

test("the facts of an image name the version that suggests", () => {
  const facts = (/** @type {object} */ fields) => Object.fromEntries(factsOf(image(1, fields)));
  expect(
    facts({ suggested: "fear", certainty: 0.5, suggested_version: 3, flags: ["dark", "duplicate"] }),
  ).toMatchObject({
    ...{ "Version 3 says": "fear · 50\u00a0%", Size: "64 × 64", Flags: "dark, near copies", Source: "file" },
  });
  expect(facts({ suggested: "fear", certainty: 0.5, suggested_version: 0 })).toHaveProperty(["The base model says"]);
  expect(facts({})).toMatchObject({ "The model says": "nothing yet", Flags: "none" });
});
