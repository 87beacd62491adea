import { beforeEach, expect, test } from "vitest";

import { amountOf, drawTrainData, sentenceOf } from "../../../webapp/static/train/train-data.js";
import { chosenPeople, drawTrainPeople } from "../../../webapp/static/train/train-people.js";
import html from "../../../webapp/static/train/train.html?raw";
import { page } from "../fakes.js";
import { stateOf, trainableLabel } from "./runs.js";

/** @import { TrainablePerson } from "../../../webapp/static/shared/api" */

const ONE_TAKE = "One take: measured on its end, which flatters. Record it once more, later.";
const HOSTILE = "<img src=x onerror=alert(1)>";

/** @type {HTMLElement} */
let element;
const rows = () => [...element.querySelectorAll(".train-row")].map(({ textContent }) => textContent);
const chosen = () => element.querySelector("[data-chosen]")?.textContent;
const boxes = () => [...element.querySelectorAll("fieldset input")].map((box) => /** @type {HTMLInputElement} */ (box));

beforeEach(() => {
  element = /** @type {HTMLElement} */ (page(html));
});

test("a label says how many images it has, of how many takes, and what it cannot be measured on", () => {
  const data = {
    ...stateOf().data,
    labels: [
      trainableLabel("neutral", { images: 40, takes: 2, measured_by: "takes" }),
      trainableLabel("wink", { images: 20, takes: 1, measured_by: "same take", note: ONE_TAKE }),
      trainableLabel("anger"),
    ],
  };
  drawTrainData(element, data);
  expect(rows()).toEqual(["neutral2 takes · 40", `wink1 take · 20${ONE_TAKE}`, "anger0"]);
});

test("sixty labels are sixty rows, and their names are text", () => {
  const labels = Array.from({ length: 60 }, (_, at) => trainableLabel(`${HOSTILE} ${at}`));
  drawTrainData(element, { ...stateOf().data, labels });
  expect(rows()).toHaveLength(60);
  expect(element.querySelector("img")).toBeNull();
});

test("what a label lacks comes first, and is all that is said of one that is left out", () => {
  const { data } = stateOf();
  const few = trainableLabel("wink", { images: 9, takes: 1, note: ONE_TAKE });
  expect(sentenceOf(few, data, [])).toBe(`11 more make a fair start. ${ONE_TAKE}`);
  expect(sentenceOf({ ...few, images: 3, left_out: true }, data, [])).toBe("Left out: 2 more needed.");
  expect(sentenceOf({ ...few, images: 40, note: "" }, data, [])).toBe("");
  expect(amountOf({ images: 12, takes: 0 })).toBe("12");
});

test("where people are held out, each label says how many of its images are", () => {
  /** @type {TrainablePerson[]} */
  const people = [
    { name: "Ada", images: { wink: 10, fear: 20 } },
    { name: "Bo", images: { wink: 5 } },
  ];
  const data = { ...stateOf().data, people };
  const said = (/** @type {string} */ name, /** @type {number} */ images) =>
    sentenceOf(trainableLabel(name, { images, note: ONE_TAKE }), data, ["Ada", "Bo"]);
  expect(said("wink", 40)).toBe("15 of 40 held out.");
  expect(said("fear", 20)).toBe("All held out: nothing is learned of it.");
  expect(said("smirk", 30)).toBe("Not measured: nobody you hold out shows it.");
  expect(said("anger", 0)).toBe("");
});

test("people can be chosen to be held out, and stay chosen while the data changes", () => {
  const people = ["Ada", HOSTILE, "x".repeat(64)].map((name) => ({ name, images: { wink: 2, fear: 1 } }));
  drawTrainPeople(element, []);
  expect(element.querySelector("details")).toHaveProperty("hidden", true);
  drawTrainPeople(element, people);
  expect(element.querySelector("details")).toHaveProperty("hidden", false);
  expect(element.querySelector("fieldset")?.textContent).toContain(`${HOSTILE}3 images`);
  expect(element.querySelector("img")).toBeNull();
  expect(chosen()).toBe("none");
  boxes()[1].checked = true;
  const box = boxes()[1];
  drawTrainPeople(element, people);
  expect(boxes()[1]).toBe(box);
  expect([chosenPeople(element), chosen()]).toEqual([[HOSTILE], HOSTILE]);
  drawTrainPeople(element, [{ name: "Aaron", images: { wink: 1 } }, ...people]);
  expect(chosenPeople(element)).toEqual([HOSTILE]);
  expect(element.querySelector("fieldset")?.textContent).toContain("Aaron1 image");
  boxes().forEach((each) => (each.checked = true));
  drawTrainPeople(element, people);
  expect(chosen()).toBe("3 people");
  drawTrainPeople(element, people.slice(0, 1));
  expect(chosenPeople(element)).toEqual(["Ada"]);
});
