import { afterEach, beforeEach, expect, test } from "vitest";

import { offer, press, reply, tidy, turn } from "../person.js";
import { openGallery } from "./gallery-page.js";

/** @type {Awaited<ReturnType<typeof openGallery>>} */
let seen;

const dialog = () => /** @type {HTMLDialogElement} */ (document.querySelector("dialog.large-view"));
const title = () => dialog().querySelector("h2")?.textContent;

beforeEach(async () => {
  seen = await openGallery();
  press("Enter", seen.part("[data-grid]"));
  await turn();
});

afterEach(tidy);

test("the one at the keyboard is shown; arrows lead to others, and Escape back to the last one", async () => {
  expect(title()).toBe("unlabelled · 1 of 130");
  press("ArrowRight", dialog());
  await turn();
  expect(title()).toBe("unlabelled · 2 of 130");
  expect(dialog().querySelector(".large-history b")?.textContent).toBe("<b>");
  press("ArrowLeft", dialog());
  press("ArrowLeft", dialog());
  await turn();
  expect(title()).toBe("unlabelled · 1 of 130");
  press("ArrowRight", dialog());
  await turn();
  dialog().close();
  await turn();
  expect(dialog()).toBeNull();
  expect(document.activeElement).toBe(seen.part("[data-grid]"));
  expect(seen.part("[data-grid]").getAttribute("aria-activedescendant")).toBe("tile-999");
});

test("an image is relabelled by a label's key and stays, and U takes it back", async () => {
  press("ArrowRight", dialog());
  await turn();
  press("w", dialog());
  await turn();
  expect(seen.bodies("/data/annotate")).toEqual([{ ids: [999], label: "wink", kind: "label" }]);
  expect(title()).toBe("wink · 2 of 130");
  expect(dialog().querySelector("[aria-pressed=true]")?.textContent).toBe("Wwink");
  expect(dialog().contains(offer())).toBe(true);
  press("u", dialog());
  await turn();
  expect(seen.bodies("/data/undo")).toEqual([{ action: "a1" }]);
});

test("letters that are typed into its field are text", async () => {
  expect(press("w", dialog().querySelector("input") ?? undefined)).toBe(true);
  await turn();
  expect(seen.bodies("/data/annotate")).toEqual([]);
});

test("the arrows lead over the end of a page", async () => {
  for (let at = 0; at < 8; at++) {
    press("ArrowRight", dialog());
    await turn();
  }
  expect(seen.pages().at(-1)?.query.get("page")).toBe("1");
  expect(title()).toBe("unlabelled · 61 of 130");
});
test("Back closes it", async () => {
  location.hash = "#review/overview";
  window.dispatchEvent(new Event("hashchange"));
  await turn();
  expect(dialog()).toBeNull();
  location.hash = "";
});

test("an image is given a person", async () => {
  const form = /** @type {HTMLFormElement} */ (dialog().querySelector("form"));
  const field = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  field.value = "Bo";
  form.dispatchEvent(new Event("submit", { cancelable: true }));
  await turn();
  expect(seen.bodies("/data/people")).toEqual([{ people: [{ ids: [1000], subject: "Bo" }] }]);
});

test("where an image is deleted the next one is shown, and after the last one none", async () => {
  press("Delete", dialog());
  await turn();
  seen.server.total = 1;
  await reply("Move to trash");
  expect(seen.bodies("/data/delete")).toEqual([{ ids: [1000], for_good: false }]);
  expect(title()).toBe("unlabelled · 1 of 1");
  press("Delete", dialog());
  await turn();
  seen.server.total = 0;
  await reply("Move to trash");
  expect(dialog()).toBeNull();
});
