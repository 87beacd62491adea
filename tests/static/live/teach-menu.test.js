import { beforeEach, expect, test, vi } from "vitest";

import { beside, inside, TeachMenu } from "../../../webapp/static/live/teach-menu.js";
import { page, settled } from "../fakes.js";

const LABELS = ["neutral", "happiness", "<i>wink</i>"].map((name, index) => ({
  name,
  color: "#000000",
  key: `${index}`,
}));
const BOX = { x: 10, y: 20, width: 30, height: 40 };
const FACE = { id: 5, box: [0, 0, 1, 1], label: "neutral", probabilities: {} };

let stage;
let menu;
let choose;

beforeEach(() => {
  stage = page(`<div></div>`).firstElementChild;
  choose = vi.fn();
  menu = new TeachMenu(stage, choose);
  menu.setLabels(LABELS);
  menu.open(FACE, BOX);
});

const items = () => [...menu.element.querySelectorAll("button")];
const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));

test("a menu stays inside its stage", () => {
  expect(inside(50, 100, 400)).toBe(50);
  expect(inside(390, 100, 400)).toBe(292);
  expect(inside(-5, 100, 400)).toBe(8);
  expect(inside(50, 500, 400)).toBe(8);
});

test("it opens beside the face: right, left, or where there is more room", () => {
  const box = (x, width) => ({ x, y: 0, width, height: 10 });
  expect(beside(box(50, 100), 100, 400)).toBe(158);
  expect(beside(box(250, 100), 100, 400)).toBe(142);
  expect(beside(box(60, 300), 100, 400)).toBe(8);
  expect(beside(box(20, 300), 100, 400)).toBe(292);
});

test("it offers every label, and the first has the focus", () => {
  expect(items().map((item) => item.querySelector("span").textContent)).toEqual(LABELS.map(({ name }) => name));
  expect(document.activeElement).toBe(items()[0]);
});

test("arrows go round, and the chosen label is for the face that was clicked", () => {
  press("ArrowUp");
  expect(document.activeElement).toBe(items()[2]);
  press("ArrowDown");
  press("ArrowDown");
  expect(document.activeElement).toBe(items()[1]);
  document.activeElement.click();
  expect(choose.mock.calls).toEqual([["happiness", FACE]]);
  expect([menu.element.hidden, menu.face]).toEqual([true, null]);
});

test("closed, it has no focus left: an Enter at once would take the hidden label", () => {
  expect(document.activeElement).toBe(items()[0]);
  press("Escape");
  expect(document.activeElement).toBe(document.body);
});

test("Escape and a press elsewhere close it; a press inside does not", () => {
  items()[1].dispatchEvent(new Event("pointerdown", { bubbles: true }));
  expect(menu.element.hidden).toBe(false);
  document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  expect(menu.element.hidden).toBe(true);
  menu.open(FACE, BOX);
  press("Escape");
  expect(menu.element.hidden).toBe(true);
  expect(choose).not.toHaveBeenCalled();
});

test("a menu whose stage left the page hears nothing", async () => {
  stage.remove();
  await settled();
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  expect(menu.face).toBe(FACE);
});
