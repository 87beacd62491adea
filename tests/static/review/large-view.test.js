import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { offer, press, reply, tidy, turn } from "../person.js";
import { openGallery } from "./gallery-page.js";

/** @type {Awaited<ReturnType<typeof openGallery>>} */
let seen;

const dialog = () => /** @type {HTMLDialogElement} */ (document.querySelector("dialog.large-view"));
const title = () => dialog().querySelector("h2")?.textContent;
const shown = () => Number(dialog().querySelector("img")?.getAttribute("src")?.split("/").at(-1));
const toLast = async () => {
  for (let at = 1; at < 8; at++) {
    press("ArrowRight", dialog());
    await turn();
  }
};
/** From now on pages come when they are let go, each by its own call. */
const holdPages = () => {
  /** @type {(() => void)[]} */
  const letGo = [];
  seen.server.ready = () => new Promise((resolve) => letGo.push(resolve));
  return letGo;
};

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

test("what spoke for the version's answer is shown while that is wanted, and asked for only then", async () => {
  const image = { data: new Uint8ClampedArray(4 * 48 * 48) };
  const drawImage = vi.fn();
  const pen = new Proxy({}, { get: (_, name) => (name === "drawImage" ? drawImage : () => image), set: () => true });
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(/** @type {any} */ (pen));
  const legend = () => /** @type {HTMLElement} */ (dialog().querySelector(".heat-legend"));
  expect([legend().hidden, seen.sent("/data/images/1000/heat").length]).toEqual([true, 0]);
  press("?", dialog());
  await turn();
  expect([legend().hidden, legend().textContent]).toEqual([false, "What spoke for fear"]);
  expect(drawImage).toHaveBeenCalledTimes(1);
  expect(dialog().querySelector(".why-button")?.getAttribute("aria-pressed")).toBe("true");
  press("ArrowRight", dialog());
  await turn();
  expect([legend().textContent, drawImage.mock.calls.length]).toEqual(["It cannot.", 1]);
  press("?", dialog());
  await turn();
  expect(legend().hidden).toBe(true);
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
  await toLast();
  press("ArrowRight", dialog());
  await turn();
  expect(seen.pages().at(-1)?.query.get("page")).toBe("1");
  expect(title()).toBe("unlabelled · 61 of 130");
  expect(shown()).toBe(940);
});

describe("the image that is shown is the one that gets the label", () => {
  const answered = () => seen.bodies("/data/annotate").map(({ ids }) => ids);

  test("while the next page is on its way and new images have moved all others", async () => {
    await toLast();
    Object.assign(seen.server, { total: 131, newest: 1001 });
    const letGo = holdPages();
    press("ArrowRight", dialog());
    letGo[0]();
    await turn(); // the old page is there as it is now, the next one is not
    expect(shown()).toBe(993);
    press("w", dialog());
    await turn();
    expect(answered()).toEqual([[993]]);
  });

  test("where the next page cannot be had: it stays, at its place", async () => {
    await toLast();
    seen.server.ready = () => Promise.reject(new Error("lost"));
    press("ArrowRight", dialog());
    await turn();
    press("w", dialog());
    await turn();
    expect(answered()).toEqual([[993]]);
    expect([shown(), title()]).toEqual([993, "wink · 8 of 130"]);
  });

  test("where it was opened while another page was asked for", async () => {
    dialog().close();
    await turn();
    const letGo = holdPages();
    press("PageDown");
    press("Enter", seen.part("[data-grid]"));
    letGo[0]();
    await turn();
    expect([shown(), title()]).toEqual([1000, "unlabelled · 1 of 130"]);
    press("w", dialog());
    await turn();
    expect(answered()).toEqual([[1000]]);
    press("ArrowRight", dialog());
    await turn();
    expect([shown(), title()]).toEqual([940, "unlabelled · 61 of 130"]);
  });

  test("and a tile that is chosen after a step that was left half way is the one that is there", async () => {
    await toLast();
    const letGo = holdPages();
    press("ArrowRight", dialog());
    dialog().close();
    await turn();
    for (const go of letGo) {
      go(); // also the ones that are asked for meanwhile
      await turn();
    }
    const [, tile] = seen.tiles();
    tile.click();
    press("w");
    await turn();
    expect(answered().map(([id]) => `tile-${id}`)).toEqual([tile.id]);
  });
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
