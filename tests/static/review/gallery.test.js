import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { fakeServer } from "../fakes.js";
import { complaint, offer, press, reply, tidy, turn } from "../person.js";
import { LABELS, openGallery } from "./gallery-page.js";
import { image, overviewOf } from "./listings.js";

/** @type {Awaited<ReturnType<typeof openGallery>>} */
let seen;

const select = (/** @type {string} */ selector, /** @type {string} */ value) => {
  const field = /** @type {HTMLSelectElement} */ (seen.part(selector));
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
};
const chips = () =>
  [...seen.part("[data-chips]").querySelectorAll("button")].map(
    (each) => (each.querySelector("span") ?? each).textContent,
  );
const chip = (/** @type {string} */ text) =>
  [...seen.part("[data-chips]").querySelectorAll("button")][chips().indexOf(text)];

beforeEach(async () => {
  seen = await openGallery();
});

afterEach(tidy);

test("what the form says is what is asked for, from the first page on", async () => {
  seen.part("[data-next]").click();
  await turn();
  expect(seen.pages().at(-1)?.query.get("page")).toBe("1");
  select("[name=label]", "label:wink");
  await turn();
  expect(Object.fromEntries(seen.pages().at(-1)?.query ?? [])).toEqual({ label: "wink", page: "0", size: "60" });
  chip("label: wink").click();
  await turn();
  expect(seen.narrowed).toEqual([{ label: "wink" }, {}]);
  expect(Object.fromEntries(seen.pages().at(-1)?.query ?? [])).toEqual({ page: "0", size: "60" });
});

test("a filter from elsewhere shows in the form and as a chip while it holds", async () => {
  seen.pictures.filter({ subject: "Ada", answer: "label", page: "3" });
  expect(chips()).toEqual(["labelled", "person: Ada", "Clear all"]);
  await turn();
  expect(seen.part("[name=subject]")).toHaveProperty("value", "Ada");
  expect(seen.part("[name=label]")).toHaveProperty("value", "answer:label");
  seen.pictures.filter({});
  expect(chips()).toEqual([]);
});

test("a filter that cannot be shows no images, and stays to be taken away", async () => {
  fakeServer({ "GET /data/overview": overviewOf({ total: 130, labels: LABELS }) });
  seen.pictures.filter({ label: "gone" });
  await turn();
  expect(complaint()).toContain("Nothing is at");
  expect(seen.tiles()).toEqual([]);
  expect(chips()).toEqual(["label: gone"]);
  expect(seen.part("[data-gallery-empty]").textContent).toContain("Nothing is at");
});

test("while others are asked for, what is shown can still be selected", async () => {
  seen.pictures.filter({ label: "wink" });
  seen.tiles()[1].click();
  expect(seen.chosen()).toEqual([1]);
  await turn();
  expect(seen.chosen()).toEqual([1]);
});

test("what is shown stays where the server cannot be reached", async () => {
  fakeServer({});
  window.dispatchEvent(new CustomEvent("mien:changed", { detail: {} }));
  await turn();
  expect(complaint()).toBeTruthy();
  expect(seen.tiles()).toHaveLength(8);
});

test("why there are no likely mistakes yet is said, with the way to Train", async () => {
  seen.server.total = 0;
  fakeServer({
    "GET /data/overview": overviewOf({ total: 9, labels: LABELS }),
    "GET /data/gallery": { total: 0, items: [] },
  });
  seen.pictures.filter({ flag: "mislabelled" });
  await turn();
  expect(seen.part("[data-gallery-empty]").textContent).toContain("once a version has been trained on your own labels");
  expect(seen.part("[data-to-train]").hidden).toBe(false);
  seen.pictures.filter({ flag: "dark" });
  await turn();
  expect(seen.part("[data-to-train]").hidden).toBe(true);
});

test("the last page is shown when images of it are gone", async () => {
  seen.part("[data-next]").click();
  await turn();
  seen.server.total = 61;
  seen.part("[data-next]").click();
  await turn();
  expect(seen.part("[data-page]").textContent).toBe("61 images · page 2 of 2");
  expect(seen.tiles()).toHaveLength(1);
  expect(seen.part("[data-next]")).toHaveProperty("disabled", true);
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
  seen.pictures.filter({ flag: "dark" });
  seen.pictures.filter({ flag: "blurry" });
  await turn();
  expect(late.filter(({ path }) => path === "/data/gallery")).toHaveLength(2);
  landing[1]();
  await turn();
  landing[0]();
  await turn();
  expect(seen.tiles().map(({ id }) => id)).toEqual(["tile-2"]);
});

describe("choosing", () => {
  test("by mouse and by keyboard", () => {
    seen.tiles()[1].click();
    seen.tiles()[4].dispatchEvent(new MouseEvent("click", { shiftKey: true }));
    expect(seen.chosen()).toEqual([1, 2, 3, 4]);
    expect(seen.part("[data-selected]").textContent).toBe("4 images selected");
    const grid = seen.part("[data-grid]");
    press("ArrowRight", grid);
    press(" ", grid);
    expect(seen.chosen()).toEqual([1, 2, 3, 4, 5]);
    press("Escape", grid);
    expect(seen.chosen()).toEqual([]);
  });

  test("all that match, not only those on the page", async () => {
    select("[name=label]", "label:wink");
    await turn();
    expect(seen.part("[data-select-all]").textContent).toBe("Select all 130");
    seen.part("[data-select-all]").click();
    await turn();
    expect(seen.sent("/data/gallery/ids")[0].query.get("label")).toBe("wink");
    expect(seen.part("[data-selected]").textContent).toBe("3 images selected, 0 on this page");
    seen.part("[data-select-none]").click();
    expect(seen.part("[data-relabel]")).toHaveProperty("disabled", true);
  });

  test("Ctrl+A selects images, not the page's text; in a field it selects text", async () => {
    const ids = () => seen.sent("/data/gallery/ids").length;
    expect(press("a", document.body, { ctrlKey: true })).toBe(false);
    await turn();
    expect(seen.part("[data-selected]").textContent).toBe("3 images selected, 0 on this page");
    expect(press("a", document.body, { metaKey: true })).toBe(false);
    expect(press("a", seen.part("[data-person] input"), { ctrlKey: true })).toBe(true);
    expect(press("a", document.body, { ctrlKey: true, shiftKey: true })).toBe(true);
    expect(ids()).toBe(2);
  });

  test("stays over pages, and ends with another filter", async () => {
    seen.tiles()[0].click();
    press("PageDown");
    await turn();
    expect(seen.part("[data-selected]").textContent).toBe("1 image selected, 0 on this page");
    press("PageUp");
    await turn();
    expect(seen.chosen()).toEqual([0]);
    select("[name=label]", "label:wink");
    await turn();
    expect(seen.chosen()).toEqual([]);
  });
});

describe("what is chosen", () => {
  test("is relabelled at once, and back", async () => {
    seen.tiles()[0].click();
    seen.tiles()[2].click();
    select("[data-relabel]", "label:wink");
    await turn();
    expect(seen.bodies("/data/annotate")).toEqual([{ ids: [1000, 998], label: "wink", kind: "label" }]);
    expect(seen.chosen()).toEqual([]);
    expect(offer()?.textContent).toContain("2 images relabelled as wink.");
    offer()?.querySelector("button")?.click();
    await turn();
    expect(seen.bodies("/data/undo")).toEqual([{ action: "a1" }]);
  });

  test("is relabelled by a label's key, and back by U", async () => {
    press("w");
    await turn();
    expect(seen.bodies("/data/annotate")).toEqual([]);
    expect(document.body.textContent).toContain("Select images first");
    seen.tiles()[0].click();
    seen.tiles()[1].click();
    press("w");
    await turn();
    expect(seen.bodies("/data/annotate")).toEqual([{ ids: [1000, 999], label: "wink", kind: "label" }]);
    expect(seen.chosen()).toEqual([]);
    press("u");
    await turn();
    expect(seen.bodies("/data/undo")).toEqual([{ action: "a1" }]);
    press("u"); // nothing more to take back
    await turn();
    expect(seen.bodies("/data/undo")).toHaveLength(1);
    seen.tiles()[0].click();
    press("n");
    await turn();
    expect(seen.bodies("/data/annotate").at(-1)).toEqual({ ids: [1000], kind: "not_a_face" });
  });

  test("is given a person, and back", async () => {
    const form = /** @type {HTMLFormElement} */ (seen.part("[data-person]"));
    const [field, button] = [...form.querySelectorAll("input, button")];
    expect([...form.querySelectorAll("option")].map(({ value }) => value)).toEqual(["Ada"]);
    seen.tiles()[0].click();
    expect(button.textContent).toBe("Clear person");
    /** @type {HTMLInputElement} */ (field).value = "  Bo ";
    field.dispatchEvent(new Event("input"));
    expect(button.textContent).toBe("Set person");
    form.dispatchEvent(new Event("submit", { cancelable: true }));
    await turn();
    expect(seen.bodies("/data/people")).toEqual([{ people: [{ ids: [1000], subject: "Bo" }] }]);
    expect(field).toHaveProperty("value", "");
    expect(offer()?.textContent).toContain("Bo is on 1 image now.");
    press("u");
    await turn();
    expect(seen.bodies("/data/people").at(-1)).toEqual({ people: [{ ids: [1000], subject: null }] });
  });

  test("is deleted after a question, and brought back", async () => {
    seen.tiles()[0].click();
    press("Delete", seen.part("[data-grid]"));
    await turn();
    expect(document.querySelector("dialog h2")?.textContent).toBe("Delete 1 image?");
    await reply("Cancel");
    expect(seen.bodies("/data/delete")).toEqual([]);
    seen.part("[data-delete]").click();
    await turn();
    await reply("Move to trash");
    expect(seen.bodies("/data/delete")).toEqual([{ ids: [1000], for_good: false }]);
    offer()?.querySelector("button")?.click();
    await turn();
    expect(seen.bodies("/data/undo")).toEqual([{ action: "deleted" }]);
  });
});

test("keys are not heard once the tab is gone", async () => {
  const before = seen.pages().length;
  const tab = /** @type {Element} */ (seen.element.closest(".gradio-container"));
  tab.remove();
  await turn();
  document.body.append(tab);
  press("PageDown");
  await turn();
  expect(seen.pages()).toHaveLength(before);
});
