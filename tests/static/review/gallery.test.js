import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { gallery } from "../../../webapp/static/review/gallery.js";
import { fakeServer } from "../fakes.js";
import { comeIntoView, offer, press, reply, tidy, turn, withDialogs } from "../person.js";
import { image, label, overviewOf } from "./listings.js";
import { reviewPanel } from "./review-page.js";

const LABELS = [label("fear", { images: 3 }), label("wink", { images: 2 })];

/** @type {HTMLElement} */
let element;
/** @type {number} images that match */
let total;
/** @type {ReturnType<typeof fakeServer>} */
let asked;
/** @type {ReturnType<typeof gallery>} */
let pictures;

const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (element.querySelector(selector));
const select = (/** @type {string} */ selector, /** @type {string} */ value) => {
  const field = /** @type {HTMLSelectElement} */ (part(selector));
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
};
const tiles = () => /** @type {HTMLElement[]} */ ([...element.querySelectorAll(".tile")]);
const chosen = () => tiles().flatMap((tile, at) => (tile.getAttribute("aria-selected") === "true" ? [at] : []));
const pages = () => asked.filter(({ path }) => path === "/data/gallery");
const sent = (/** @type {string} */ path) => asked.filter((request) => request.path === path).map(({ body }) => body);

beforeEach(async () => {
  vi.useFakeTimers();
  withDialogs();
  element = reviewPanel("gallery");
  Element.prototype.scrollIntoView = () => {};
  total = 130;
  asked = fakeServer({
    "GET /data/overview": () => overviewOf({ total, labels: LABELS, subjects: [["Ada", 4]] }),
    "GET /data/gallery": ({ query }) => {
      const first = 60 * Number(query.get("page"));
      const count = Math.max(0, Math.min(8, total - first)); // a page of 60 takes jsdom long
      return { total, items: Array.from({ length: count }, (_, at) => image(1000 - first - at)) };
    },
    "GET /data/gallery/ids": () => ({ ids: [1, 2, 3] }),
    "POST /data/annotate": () => ({ action: "a1" }),
    "POST /data/undo": () => ({ ids: [] }),
    "POST /data/delete": ({ body }) => ({ ids: body.ids }),
    "POST /data/restore": ({ body }) => ({ restored: body.ids.length }),
  });
  pictures = gallery(element);
  await comeIntoView(element);
});

afterEach(tidy);

test("what the form says is what is asked for, from the first page on", async () => {
  part("[data-next]").click();
  await turn();
  expect(pages().at(-1)?.query.get("page")).toBe("1");
  select("[name=label]", "label:wink");
  await turn();
  expect(Object.fromEntries(pages().at(-1)?.query ?? [])).toEqual({ label: "wink", page: "0", size: "60" });
  part("[data-clear-filters]").click();
  await turn();
  expect(Object.fromEntries(pages().at(-1)?.query ?? [])).toEqual({ page: "0", size: "60" });
});

test("a filter from elsewhere shows in the form", async () => {
  pictures.filter({ subject: "Ada" });
  await turn();
  expect(part("[name=subject]")).toHaveProperty("value", "Ada");
});

test("the last page is shown when images of it are gone", async () => {
  part("[data-next]").click();
  await turn();
  total = 61;
  part("[data-next]").click();
  await turn();
  expect(part("[data-page]").textContent).toBe("61 images · page 2 of 2");
  expect(tiles()).toHaveLength(1);
  expect(part("[data-next]")).toHaveProperty("disabled", true);
});

test("an answer that comes after a newer one is not shown", async () => {
  /** @type {(() => void)[]} */
  const landing = [];
  const late = fakeServer({
    "GET /data/overview": overviewOf({ labels: LABELS }),
    "GET /data/gallery": ({ query }) =>
      new Promise((resolve) => {
        const found = { total: 1, items: [image(query.get("flag") === "dark" ? 1 : 2)] };
        landing.push(() => resolve(found));
      }),
  });
  pictures.filter({ flag: "dark" });
  pictures.filter({ flag: "blurry" });
  await turn();
  expect(late.filter(({ path }) => path === "/data/gallery")).toHaveLength(2);
  landing[1]();
  await turn();
  landing[0]();
  await turn();
  expect(tiles().map(({ id }) => id)).toEqual(["tile-2"]);
});

describe("choosing", () => {
  test("by mouse and by keyboard", () => {
    tiles()[1].click();
    tiles()[4].dispatchEvent(new MouseEvent("click", { shiftKey: true }));
    expect(chosen()).toEqual([1, 2, 3, 4]);
    expect(part("[data-chosen]").textContent).toBe("4 images chosen");
    const grid = part("[data-grid]");
    press("ArrowRight", grid);
    press(" ", grid);
    expect(chosen()).toEqual([1, 2, 3, 4, 5]);
    press("Escape", grid);
    expect(chosen()).toEqual([]);
  });

  test("all that match, not only those on the page", async () => {
    select("[name=label]", "label:wink");
    await turn();
    part("[data-choose-all]").click();
    await turn();
    expect(asked.find(({ path }) => path === "/data/gallery/ids")?.query.get("label")).toBe("wink");
    expect(part("[data-chosen]").textContent).toBe("3 images chosen");
    part("[data-choose-all]").click();
    await turn();
    expect(part("[data-relabel]")).toHaveProperty("disabled", true);
  });

  test("stays over pages, and ends with another filter", async () => {
    tiles()[0].click();
    press("PageDown");
    await turn();
    expect(part("[data-chosen]").textContent).toBe("1 image chosen");
    press("PageUp");
    await turn();
    expect(chosen()).toEqual([0]);
    select("[name=source]", "");
    await turn();
    expect(chosen()).toEqual([]);
  });
});

describe("what is chosen", () => {
  test("is relabelled at once, and back", async () => {
    tiles()[0].click();
    tiles()[2].click();
    select("[data-relabel]", "label:wink");
    await turn();
    expect(sent("/data/annotate")).toEqual([{ ids: [1000, 998], label: "wink", kind: "label" }]);
    expect(chosen()).toEqual([]);
    expect(offer()?.textContent).toContain("2 images relabelled as wink.");
    offer()?.querySelector("button")?.click();
    await turn();
    expect(sent("/data/undo")).toEqual([{ action: "a1" }]);
  });

  test("is deleted after a question, and brought back", async () => {
    tiles()[0].click();
    press("Delete", part("[data-grid]"));
    await turn();
    expect(document.querySelector("dialog h2")?.textContent).toBe("Delete 1 image?");
    await reply("Cancel");
    expect(sent("/data/delete")).toEqual([]);
    part("[data-delete]").click();
    await turn();
    await reply("Delete");
    expect(sent("/data/delete")).toEqual([{ ids: [1000] }]);
    offer()?.querySelector("button")?.click();
    await turn();
    expect(sent("/data/restore")).toEqual([{ ids: [1000] }]);
  });
});

test("keys are not heard once the tab is gone", async () => {
  const before = pages().length;
  const tab = /** @type {Element} */ (element.closest(".gradio-container"));
  tab.remove();
  await turn();
  document.body.append(tab);
  press("PageDown");
  await turn();
  expect(pages()).toHaveLength(before);
});
