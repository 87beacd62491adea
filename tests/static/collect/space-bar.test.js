import { beforeEach, expect, test } from "vitest";

import { SpaceBar } from "../../../webapp/static/collect/space-bar.js";
import { page } from "../fakes.js";

const MARKUP = `
  <button class="other"><i></i></button><button data-hold></button><a href="#"></a><p></p>
  <button class="label-card" id="chosen" aria-checked="true"></button><button class="label-card" id="next"></button>
  <button role="tab" id="here" aria-selected="true"></button><button role="tab" id="there" aria-selected="false"></button>`;

let container;
let controller;
let bar;

beforeEach(() => {
  container = page(MARKUP);
  controller = new AbortController();
  bar = new SpaceBar(controller.signal);
});

const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
const captures = (selector) => bar.captures(container.querySelector(selector));

test("after a click the space bar captures, whatever has the focus", () => {
  press("Tab");
  container.querySelector(".other").dispatchEvent(new Event("pointerdown", { bubbles: true }));
  for (const selector of [".other", ".other i", "a", "p", "[data-hold]"]) expect(captures(selector)).toBe(true);
});

test("who came by the Tab key presses a control, unless it is the one for capturing or does nothing any more", () => {
  press("Tab");
  press("x");
  for (const selector of [".other", ".other i", "a", "#next", "#there"])
    expect(captures(selector), selector).toBe(false);
  for (const selector of ["[data-hold]", "#chosen", "#here", "p"]) expect(captures(selector), selector).toBe(true);
  expect(bar.captures(document)).toBe(true);
  bar.captureAgain();
  expect(captures(".other")).toBe(true);
});

test("after the part's end it hears nothing", () => {
  controller.abort();
  press("Tab");
  expect(bar.tabbed).toBe(false);
});
