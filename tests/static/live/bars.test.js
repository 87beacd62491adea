import { beforeEach, expect, test, vi } from "vitest";

import { Bars } from "../../../webapp/static/live/bars.js";

const LABELS = [
  { name: "neutral", color: "#999999", key: "1" },
  { name: "<b>wink</b>", color: "#009E73", key: "" },
];
const face = (label, probabilities) => ({ id: 1, box: [0, 0, 1, 1], label, probabilities });

let element;
let bars;
let choose;

beforeEach(() => {
  element = document.createElement("div");
  choose = vi.fn();
  bars = new Bars(element, choose);
  bars.setLabels(LABELS);
});

const rows = () => [...element.children];
const shares = () => rows().map((row) => row.querySelector(".number").textContent);
const widths = () => rows().map((row) => row.querySelector("i").style.transform);

test("there is a row for every label, in the model's order, whichever is first now", () => {
  bars.show(face("<b>wink</b>", { neutral: 0.126, "<b>wink</b>": 0.874 }));
  expect(rows().map((row) => row.querySelector(".name").textContent)).toEqual(["neutral", "<b>wink</b>"]);
  expect(rows().map((row) => row.classList.contains("first"))).toEqual([false, true]);
  expect(shares()).toEqual(["13\u00a0%", "87\u00a0%"]);
  expect(widths()).toEqual(["translateX(-87.4%)", "translateX(-12.6%)"]);
});

test("without a face nothing is claimed", () => {
  bars.show(face("neutral", { neutral: 1 }));
  bars.show(null);
  expect(shares()).toEqual(["–", "–"]);
  expect(widths()).toEqual(["translateX(-100%)", "translateX(-100%)"]);
  expect(element.querySelector(".first")).toBeNull();
});

test("a label that this version does not know has none of it", () => {
  bars.show(face("neutral", { neutral: 1 }));
  expect(shares()).toEqual(["100\u00a0%", "0\u00a0%"]);
});

test("a click says that the face is really that", () => {
  rows()[1].click();
  expect(choose.mock.calls).toEqual([["<b>wink</b>"]]);
});

test("the same labels again leave the rows and what has the focus alone", () => {
  const [first] = rows();
  bars.setLabels(structuredClone(LABELS));
  expect(rows()[0]).toBe(first);
  bars.setLabels([{ ...LABELS[0], color: "#000000" }]);
  expect(rows()[0]).not.toBe(first);
  expect(rows()).toHaveLength(1);
});

test("an answer that is not sure has its figures, and none of them stands out", () => {
  bars.show({ ...face("neutral", { neutral: 0.5, "<b>wink</b>": 0.45 }), doubt: "neutral or <b>wink</b>" });
  expect(shares()).toEqual(["50\u00a0%", "45\u00a0%"]);
  expect(element.querySelector(".first")).toBeNull();
});
