import { beforeEach, expect, test, vi } from "vitest";

import html from "../../../webapp/static/train/train.html?raw";
import { VersionList } from "../../../webapp/static/train/version-list.js";
import { page } from "../fakes.js";
import { scoreOf, stateOf, versionOf } from "./runs.js";

const actions = { open: vi.fn(), use: vi.fn(), describe: vi.fn(), remove: vi.fn() };
const state = stateOf({ active: 1, versions: [versionOf(2, { scoring: true }), versionOf(1), versionOf(0)] });
const scored = { ...state, versions: [versionOf(2, { held_out: scoreOf(0.5) }), ...state.versions.slice(1)] };

/** @type {HTMLElement} */
let element;
/** @type {VersionList} */
let list;

const row = (/** @type {number} */ number) =>
  /** @type {HTMLElement} */ (element.querySelector(`tr[data-version="${number}"]`));
const button = (/** @type {number} */ number, /** @type {string} */ text) =>
  /** @type {HTMLElement} */ ([...row(number).querySelectorAll("button")].find((each) => each.textContent === text));

beforeEach(() => {
  element = /** @type {HTMLElement} */ (page(html));
  list = new VersionList(element, actions);
  list.draw(state, 1);
});

test("a score that comes draws its own row anew and no other", () => {
  const others = [row(1), row(0)];
  list.draw(scored, 1);
  expect(row(2).textContent).toContain("50.0 %");
  expect([row(1), row(0)]).toEqual(others);
  expect(element.querySelector("[data-scored-on]")?.textContent).toContain("the 40 faces held out now");
});

test("the focus stays at the button, or at the version whose button is gone", () => {
  button(2, "Use").focus();
  list.draw(scored, 1);
  expect(document.activeElement).toBe(button(2, "Use"));
  list.draw({ ...scored, active: 2 }, 1);
  expect(document.activeElement).toBe(button(2, "Version 2"));
});

test("a version that comes or goes is in its place", () => {
  list.draw({ ...scored, versions: [versionOf(3), ...scored.versions.filter(({ number }) => number !== 1)] }, 1);
  const rows = [...element.querySelectorAll("[data-versions] tr")].map((each) => each.getAttribute("data-version"));
  expect(rows).toEqual(["3", "2", "0"]);
});
