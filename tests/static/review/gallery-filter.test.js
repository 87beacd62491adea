// @vitest-environment node

import { describe, expect, test } from "vitest";

import {
  answerOf,
  chipsFor,
  fieldsFor,
  filterChoices,
  filterFrom,
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
  [{ answer: "label" }],
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
      "answer:label",
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

  test("are what is wanted too, where there is no such image or label any more", () => {
    const wanted = { label: "gone", subject: "Bo", source: "fax", flag: "odd" };
    const choices = filterChoices(overview, wanted);
    expect(Object.values(choices).map((some) => some.at(-1))).toEqual([
      ["label:gone", "gone"],
      ["Bo", "Bo"],
      ["fax", "fax"],
      ["odd", "odd"],
    ]);
    expect(filterChoices(overview, { subject: "Ada", answer: "label" })).toEqual(filterChoices(overview));
  });

  test("of relabelling are the labels in use alone, none, and no face", () => {
    const values = relabelChoices(overview.labels).map(([value]) => value);
    expect(values).toEqual(["", "label:fear", "clear", "skip", "not_a_face"]);
  });
});

test("an address gives a filter, whatever else stands in it", () => {
  expect(filterFrom({ label: "wink", page: "7", constructor: "x", since: "" })).toEqual({ label: "wink" });
});

test("each part of a filter is a chip, which leaves the others", () => {
  const texts = (/** @type {WantedImages} */ wanted) => chipsFor(wanted).map(({ text }) => text);
  const wanted = { label: "wink", no_subject: "1", source: "camera", flag: "mislabelled", since: "2026-03-01" };
  expect(texts(wanted)).toEqual([
    ...["label: wink", "person: not named", "source: camera", "likely mislabelled", "from 2026-03-01"],
  ]);
  expect(texts({ answer: "label", subject: "<b>Ada</b>", until: "2026-03-14" })).toEqual([
    ...["labelled", "person: <b>Ada</b>", "to 2026-03-14"],
  ]);
  expect(texts({ since: "2026-03-01", until: "2026-03-01" })).toEqual(["day: 2026-03-01"]);
  expect(texts({})).toEqual([]);
  expect(chipsFor({ label: "wink", no_subject: "1" })[1].without).toEqual({ label: "wink" });
  expect(chipsFor({ since: "2026-03-01", until: "2026-03-01" })[0].without).toEqual({});
});

test("a choice of relabelling is an answer", () => {
  expect(answerOf("label:clear")).toEqual({ label: "clear", kind: "label" });
  expect(answerOf("clear")).toEqual({ kind: "clear" });
  expect(answerOf("skip")).toEqual({ kind: "skip" });
});
