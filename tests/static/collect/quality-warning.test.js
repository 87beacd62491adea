import { beforeEach, expect, test } from "vitest";
import { QualityWarning } from "../../../webapp/static/collect/quality-warning.js";

/** @import { SeenFace } from "../../../webapp/static/shared/api" */

/** @type {HTMLElement} */
let element;
/** @type {QualityWarning} */
let warning;

beforeEach(() => {
  element = document.createElement("p");
  element.hidden = true;
  warning = new QualityWarning(element);
});

/** @param {number} score @param {SeenFace["quality"]["faults"]} faults */
const face = (score, ...faults) => ({ quality: { score, faults } });

test("a good face brings no warning, nor does one that is only a little dark", () => {
  warning.show(face(1), 0);
  warning.show(face(0.8, "dark"), 30);
  expect(element.hidden).toBe(true);
});

test("a poor one is said with what helps, the worst first", () => {
  warning.show(face(0.2, "dark", "noisy"), 0);
  expect(element.hidden).toBe(false);
  expect(element.textContent).toBe("The face is dark: turn to the light.");
});

test("it stays for a second, so that it can be read, and goes with the face", () => {
  warning.show(face(0.2, "small"), 0);
  warning.show(face(1), 500);
  expect(element.hidden).toBe(false);
  warning.show(face(1), 1000);
  expect([element.hidden, element.textContent]).toEqual([true, ""]);
  warning.show(face(0.2, "small"), 1100);
  warning.show(null, 1130);
  expect(element.hidden).toBe(true);
});
