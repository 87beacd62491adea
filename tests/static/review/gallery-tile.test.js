import { expect, test, vi } from "vitest";

import { tile } from "../../../webapp/static/review/gallery-tile.js";
import { image, label } from "./listings.js";

const LABELS = [label("wink", { color: "#0072b2" }), label("fear", { color: "#e69f00" })];

/** @param {object} fields */
const made = (fields) => {
  const actions = { click: vi.fn(), open: vi.fn() };
  return { ...actions, cell: tile(image(7, fields), LABELS, actions) };
};

test("a tile shows what is in it as text, never as markup", () => {
  const { cell } = made({
    label: "<b>wink</b>",
    answer: "label",
    suggested: "<i>fear</i>",
    certainty: 0.5,
    subject: "<p>",
  });
  expect(cell.querySelector("b, p, .tile-model i:not(.tile-dot)")).toBeNull();
  expect(cell.querySelector(".tile-name")?.textContent).toBe("<b>wink</b>");
  expect(cell.querySelector(".tile-model")?.textContent).toBe("50\u00a0% <i>fear</i>");
  expect(cell.id).toBe("tile-7");
});

test("a tile wears the colours of its label and of what the model says", () => {
  const { cell } = made({ label: "wink", answer: "label", suggested: "fear", certainty: 0.5 });
  const color = (/** @type {string} */ part) =>
    /** @type {HTMLElement} */ (cell.querySelector(part)).style.getPropertyValue("--label");
  expect([color(".tile-name"), color(".tile-dot")]).toEqual(["#0072b2", "#e69f00"]);
});

test("only a doubt is marked as one", () => {
  const seen = { label: "wink", answer: "label", suggested: "fear", certainty: 0.5 };
  expect(made(seen).cell.querySelector("em")).toBeNull();
  expect(made({ ...seen, flags: ["mislabelled"] }).cell.querySelector("em")?.textContent).toBe("?");
});

test("a click selects; the corner or a double click shows it large", () => {
  const { cell, click, open } = made({});
  cell.click();
  expect(click).toHaveBeenCalledOnce();
  /** @type {HTMLElement} */ (cell.querySelector(".tile-open")).click();
  expect([click.mock.calls.length, open.mock.calls.length]).toEqual([1, 1]);
  cell.dispatchEvent(new MouseEvent("dblclick"));
  expect(open).toHaveBeenCalledTimes(2);
});
