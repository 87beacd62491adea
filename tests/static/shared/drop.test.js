import { expect, test, vi } from "vitest";

import { takesDrops } from "../../../webapp/static/shared/drop.js";

/** A drag event, which jsdom has not. */
function drag(type, dataTransfer = null) {
  return Object.assign(new Event(type, { cancelable: true }), { dataTransfer });
}

test("a place shows that it would take what is over it, and takes it", () => {
  const place = document.createElement("div");
  const take = vi.fn();
  takesDrops(place, take);
  const over = drag("dragover");
  place.dispatchEvent(drag("dragenter"));
  place.dispatchEvent(over);
  expect(over.defaultPrevented).toBe(true); // else a browser opens the file in place of the page
  expect(place.className).toBe("over");
  place.dispatchEvent(drag("dragleave"));
  expect(place.className).toBe("");

  const dropped = { files: [] };
  place.dispatchEvent(drag("dragover"));
  const drop = drag("drop", dropped);
  place.dispatchEvent(drop);
  expect(drop.defaultPrevented).toBe(true);
  expect(place.className).toBe("");
  expect(take.mock.calls).toEqual([[dropped]]);
});
