import { beforeEach, expect, test } from "vitest";

import { LabelCards, nearest } from "../../../webapp/static/collect/label-cards.js";
import { page } from "../fakes.js";
import { label } from "../review/listings.js";

const FAIR = { images: 20, takes: 2 };
const LABELS = [
  label("neutral", { color: "#999999", key: "1", images: 3 }),
  label("fear", { color: "#56B4E9", key: "w" }),
  label("<b>wink</b>", { color: "#000000", images: 31, takes: 2 }),
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
  cards.show([], FAIR);
  press("ArrowRight");
  expect(cards.chosen).toBeUndefined();
});

test("the first label is chosen at first; the chosen one stays chosen while it is there", () => {
  cards.show(LABELS, FAIR);
  expect(cards.chosen.name).toBe("neutral");
  cards.choose("fear");
  cards.show([...LABELS].reverse(), FAIR);
  expect(cards.chosen.name).toBe("fear");
  cards.show([LABELS[2], LABELS[0]], FAIR);
  expect(cards.chosen.name).toBe("<b>wink</b>");
});

test("one card is chosen, and it is the one that the Tab key comes to", () => {
  cards.show(LABELS, FAIR);
  group.children[1].click();
  expect(checked()).toEqual([false, true, false]);
  expect([...group.children].map(({ tabIndex }) => tabIndex)).toEqual([-1, 0, -1]);
});

test("arrows choose the next one and move the focus there, round and round", () => {
  cards.show(LABELS, FAIR);
  press("ArrowLeft");
  expect(cards.chosen.name).toBe("<b>wink</b>");
  expect(document.activeElement).toBe(group.children[2]);
  press("ArrowDown");
  press("ArrowRight");
  expect(cards.chosen.name).toBe("fear");
});

test("a label's key chooses it, and is shown on its card", () => {
  cards.show(LABELS, FAIR);
  expect([...group.querySelectorAll("kbd")].map(({ textContent }) => textContent)).toEqual(["1", "W", ""]);
  expect(cards.chooseByKey("w")).toBe(true);
  expect(cards.chosen.name).toBe("fear");
  expect(cards.chooseByKey("9")).toBe(false);
  expect(cards.chooseByKey("")).toBe(false); // a label without a key
  expect(cards.chosen.name).toBe("fear");
});

const amounts = () => [...group.querySelectorAll(".amount")].map(({ textContent }) => textContent);
const bars = () => [...group.querySelectorAll(".track i")].map(({ style }) => style.width);

test("a card counts takes and images against a fair start, and names are no markup", () => {
  cards.show(LABELS, FAIR);
  expect(amounts()).toEqual(["3 images", "none yet", "2 takes · 31"]);
  expect(bars()).toEqual(["15%", "0%", "100%"]);
  cards.countUp("fear", true);
  cards.countUp("fear", false);
  cards.countUp("gone", true);
  expect(amounts()[1]).toBe("1 take · 2");
  expect(bars()[1]).toBe("30%");
  expect(group.children[2].querySelector(".name").textContent).toBe("<b>wink</b>");
  expect(LABELS[1].images).toBe(0);
});

test("new figures leave the cards, and the focus on them, in place", () => {
  cards.show(LABELS, FAIR);
  const [card] = group.children;
  card.focus();
  cards.show([{ ...LABELS[0], images: 7 }, ...LABELS.slice(1)], FAIR);
  expect([group.children[0], document.activeElement, amounts()[0]]).toEqual([card, card, "7 images"]);
  cards.show([...LABELS, label("new")], FAIR);
  expect(document.activeElement.dataset.label).toBe("neutral");
});

test("what is chosen comes into view by as little as can be", () => {
  expect(nearest(0, 100, 40, 20)).toBe(0);
  expect(nearest(0, 100, 120, 20)).toBe(40);
  expect(nearest(60, 100, 40, 20)).toBe(40);
});

test("each label has its colour, an unknown one a spare one", () => {
  cards.show(LABELS, FAIR);
  expect(cards.lookOf("fear")).toMatchObject({ color: "#56B4E9", pattern: "" });
  expect(cards.lookOf("gone")).toEqual({ color: "#767676", pattern: "" });
  expect(group.children[1].style.getPropertyValue("--label")).toBe("#56B4E9");
});
