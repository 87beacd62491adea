// @vitest-environment node

import { describe, expect, test } from "vitest";

import {
  answerOf,
  fieldsFor,
  filterChoices,
  relabelChoices,
  wantedBy,
} from "../../../webapp/static/review/gallery-filter.js";
import { address } from "../../../webapp/static/shared/ask.js";
import { label, overviewOf } from "./listings.js";

/** @import { WantedImages } from "../../../webapp/static/review/gallery-filter.js" */

const queryOf = (/** @type {WantedImages} */ wanted) => address("/data/gallery", { query: wanted }).split("?")[1] ?? "";

test.each([
  [{ label: "label:fear" }, "label=fear"],
  [{ label: "answer:none" }, "answer=none"],
  [{ label: "" }, ""],
  [{ subject: "Ada & Bo" }, "subject=Ada+%26+Bo"],
  [{ subject: "*none" }, "no_subject=1"],
  [{ source: "camera", flag: "blurry" }, "source=camera&flag=blurry"],
  [{ since: "2026-03-01", until: "2026-03-14" }, "since=2026-03-01&until=2026-03-14"],
])("the form's %j asks for “%s”", (fields, query) => {
  expect(queryOf(wantedBy(fields))).toBe(query);
});

test.each([
  [{ label: "fear" }],
  [{ label: "label:odd" }],
  [{ answer: "skip", source: "file" }],
  [{ no_subject: "1" }],
  [{ subject: "Ada", flag: "dark", since: "2026-03-01" }],
  [{}],
])("the form shows the filter %j and asks for the same", (wanted) => {
  expect(
    queryOf(wantedBy(fieldsFor(wanted)))
      .toString()
      .split("&")
      .sort(),
  ).toEqual(queryOf(wanted).toString().split("&").sort());
});

describe("choices", () => {
  const overview = overviewOf({
    labels: [
      label("fear", { images: 2 }),
      label("old", { enabled: false, images: 1 }),
      label("off", { enabled: false }),
    ],
    subjects: [
      [null, 5],
      ["Ada", 3],
    ],
    sources: [["camera", 8]],
  });

  test("are the labels in use or with images, subjects and sources with their numbers", () => {
    const { label: labels, subject, source } = filterChoices(overview);
    expect(labels.map(([value]) => value)).toEqual([
      "",
      "answer:none",
      "answer:skip",
      "answer:not_a_face",
      "label:fear",
      "label:old",
    ]);
    expect(subject).toEqual([
      ["", "all"],
      ["*none", "not named (5)"],
      ["Ada", "Ada (3)"],
    ]);
    expect(source[1]).toEqual(["camera", "camera (8)"]);
  });

  test("of relabelling are the labels in use alone, none, and no face", () => {
    expect(relabelChoices(overview.labels).map(([value]) => value)).toEqual(["", "label:fear", "clear", "not_a_face"]);
  });
});

test("a choice of relabelling is an answer", () => {
  expect(answerOf("label:clear")).toEqual({ label: "clear", kind: "label" });
  expect(answerOf("clear")).toEqual({ kind: "clear" });
});
