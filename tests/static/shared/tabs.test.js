import { afterEach, beforeEach, expect, test } from "vitest";

import html from "../../../webapp/static/shared/header.html?raw";
import { openView } from "../../../webapp/static/shared/address-bar.js";
import { tabs } from "../../../webapp/static/shared/tabs.js";
import { press } from "../person.js";

/** @type {HTMLElement} */
let list;
/** @type {AbortController} */
let alive;

beforeEach(() => {
  history.replaceState(null, "", "/");
  document.body.innerHTML = html;
  list = /** @type {HTMLElement} */ (document.querySelector("[data-tabs]"));
  alive = new AbortController();
  tabs(list, alive.signal);
});
afterEach(() => {
  alive.abort();
  history.replaceState(null, "", "/");
  document.body.replaceChildren();
});

const tab = (/** @type {string} */ name) => /** @type {HTMLElement} */ (list.querySelector(`[data-tab="${name}"]`));
const chosen = () => [...list.querySelectorAll("[aria-selected=true]")].map(({ textContent }) => textContent);

test("one tab is chosen, and it alone has a place in the order of Tab", () => {
  tab("review").click();
  expect(chosen()).toEqual(["Review"]);
  const places = [...list.querySelectorAll("button")].map(({ tabIndex }) => tabIndex);
  expect(places).toEqual([-1, -1, 0, -1]);
  expect([location.hash, document.documentElement.dataset.tab]).toEqual(["#review/queue", "review"]);
  expect(document.title).toBe("Review › Queue · Mien");
});

test("arrow keys, Home and End open the next, the first and the last, round the ends", () => {
  tab("live").focus();
  const opened = ["ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home"].map((key) => {
    press(key, document.activeElement ?? undefined);
    return [document.activeElement?.textContent, ...chosen()];
  });
  expect(opened.map(([focused]) => focused)).toEqual(["Collect", "Train", "Live", "Train", "Live"]);
  expect(opened.every(([focused, open]) => focused === open)).toBe(true);
});

test("other keys, and the browser's own with Alt, are left alone", () => {
  tab("live").focus();
  expect(press("ArrowLeft", tab("live"), { altKey: true })).toBe(true);
  expect(press("a", tab("live"))).toBe(true);
  expect(chosen()).toEqual(["Live"]);
});

test("a tab opens where it was left", () => {
  openView("review/gallery", { label: "wink" });
  tab("train").click();
  tab("review").click();
  expect(location.hash).toBe("#review/gallery?label=wink");
});
