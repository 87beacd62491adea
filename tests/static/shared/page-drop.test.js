import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { refusesOtherDrops, takesPageDrops } from "../../../webapp/static/shared/page-drop.js";
import { layOut, page } from "../fakes.js";

const WORDS = { title: "Drop pictures", text: "They are kept." };

/** A drag event, which jsdom has not; `types` as a browser says them. */
function drag(type, types = ["Files"]) {
  const dataTransfer = { types, files: [], dropEffect: "copy" };
  return Object.assign(new Event(type, { bubbles: true, cancelable: true }), { dataTransfer });
}
const onPage = (event) => {
  document.body.dispatchEvent(event);
  return event;
};
const overlay = () => document.querySelector(".page-drop");

let element;
let take;
let ended;

beforeEach(() => {
  page("<section></section>");
  layOut();
  element = document.querySelector("section");
  take = vi.fn();
  ended = new AbortController();
  takesPageDrops(element, WORDS, take);
  refusesOtherDrops(ended.signal);
});
afterEach(() => {
  ended.abort();
  vi.restoreAllMocks();
});

test("the whole page shows that it would take what is over it, and takes it", () => {
  expect(overlay().hidden).toBe(true);
  expect(onPage(drag("dragover")).defaultPrevented).toBe(true); // else a browser opens the file in place of the page
  expect([overlay().hidden, overlay().textContent]).toEqual([false, "Drop picturesThey are kept."]);
  const dropped = onPage(drag("drop"));
  expect([dropped.defaultPrevented, overlay().hidden]).toEqual([true, true]);
  expect(take.mock.calls).toEqual([[dropped.dataTransfer]]);
  expect(document.querySelector(".mien-toast")).toBeNull();
});

test("what is no file is none of its business", () => {
  expect(onPage(drag("drop", ["text/plain"])).defaultPrevented).toBe(false);
  expect(take).not.toHaveBeenCalled();
});

test("where no open part takes files, the page stays and says where to drop them", () => {
  element.hidden = true;
  expect(onPage(drag("dragover")).dataTransfer.dropEffect).toBe("none");
  expect(onPage(drag("drop")).defaultPrevented).toBe(true);
  expect(take).not.toHaveBeenCalled();
  expect(document.body.textContent).toContain("or on Collect to keep them");
});
