import { beforeEach, expect, test } from "vitest";

import { LabelCards } from "../../../webapp/static/collect/label-cards.js";
import { page } from "../fakes.js";

const label = (name, color, key, images) => ({
  name,
  color,
  key,
  images,
  id: 1,
  built_in: true,
  enabled: true,
  position: 0,
});
const LABELS = [
  label("neutral", "#999999", "1", 3),
  label("fear", "#56B4E9", "7", 0),
  label("<b>wink</b>", "#000000", "", 1),
];

let group;
let cards;

beforeEach(() => {
  group = page(`<div role="radiogroup"></div>`).firstElementChild;
  cards = new LabelCards(group);
});

const checked = () => [...group.children].map((card) => card.getAttribute("aria-checked") === "true");
const press = (key) => group.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));

test("nothing is chosen while there is nothing to choose", () => {
  expect(cards.chosen).toBeUndefined();
  cards.show([]);
  press("ArrowRight");
  expect(cards.chosen).toBeUndefined();
});

test("the first label is chosen at first; the chosen one stays chosen while it is there", () => {
  cards.show(LABELS);
  expect(cards.chosen.name).toBe("neutral");
  cards.choose("fear");
  cards.show([...LABELS].reverse());
  expect(cards.chosen.name).toBe("fear");
  cards.show([LABELS[2], LABELS[0]]);
  expect(cards.chosen.name).toBe("<b>wink</b>");
});

test("one card is chosen, and it is the one that the Tab key comes to", () => {
  cards.show(LABELS);
  group.children[1].click();
  expect(checked()).toEqual([false, true, false]);
  expect([...group.children].map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1]);
});

test("arrows choose the next one and move the focus there, round and round", () => {
  cards.show(LABELS);
  press("ArrowLeft");
  expect(cards.chosen.name).toBe("<b>wink</b>");
  expect(document.activeElement).toBe(group.children[2]);
  press("ArrowDown");
  press("ArrowRight");
  expect(cards.chosen.name).toBe("fear");
});

test("a number key chooses the label that has it", () => {
  cards.show(LABELS);
  expect(cards.chooseByKey("7")).toBe(true);
  expect(cards.chosen.name).toBe("fear");
  expect(cards.chooseByKey("9")).toBe(false);
  expect(cards.chooseByKey("")).toBe(false); // a label without a key
  expect(cards.chosen.name).toBe("fear");
});

test("a card counts its images, and names are no markup", () => {
  cards.show(LABELS);
  cards.countUp("fear");
  cards.countUp("fear");
  cards.countUp("gone");
  expect([...group.children].map((card) => card.lastElementChild.textContent)).toEqual(["3", "2", "1"]);
  expect(cards.chosen.images).toBe(3);
  expect(group.children[2].querySelector(".name").textContent).toBe("<b>wink</b>");
  expect(LABELS[1].images).toBe(0);
});

test("each label has its colour, an unknown one a spare one", () => {
  cards.show(LABELS);
  expect(cards.colorOf("fear")).toBe("#56B4E9");
  expect(cards.colorOf("gone")).toBe("#767676");
  expect(group.children[1].style.getPropertyValue("--label")).toBe("#56B4E9");
});
