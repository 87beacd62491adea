import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { currentAddress, onView, openView, replaceParams } from "../../../webapp/static/shared/address-bar.js";

/** @type {AbortController} */
let listening;
const seen = vi.fn();

beforeEach(() => {
  listening = new AbortController();
  history.replaceState(null, "", "/?__theme=dark");
  seen.mockReset();
  onView(seen, listening.signal);
});
afterEach(() => {
  listening.abort();
  history.replaceState(null, "", "/");
});

/** @param {() => void} act and wait until the browser says that the address changed */
const untilHeard = (act) =>
  new Promise((resolve) => {
    window.addEventListener("hashchange", resolve, { once: true });
    act();
  });

test.each([
  ["", "live", {}],
  ["#live", "live", {}],
  ["#collect", "collect", {}],
  ["#review", "review/queue", {}],
  ["#review/overview", "review/overview", {}],
  ["#review/gallery?label=wink&flag=", "review/gallery", { label: "wink" }],
  ["#review/gallery?label=a%20%26%3Fb%3D%C3%BC", "review/gallery", { label: "a &?b=ü" }],
  ["#rev", "live", {}],
  ["#review/nothing?label=wink", "live", {}],
  ["#<img src=x onerror=alert(1)>", "live", {}],
  ["#toString?__proto__=1", "live", {}],
])("the address %j is %s", (hash, view, params) => {
  history.replaceState(null, "", `/${hash}`);
  expect(currentAddress()).toEqual({ view, params });
});

test("a view that is opened stands in the address, and the rest of the address stays", () => {
  openView("review/gallery", { label: "a &?b=ü", flag: "", source: undefined });
  expect([location.pathname, location.search]).toEqual(["/", "?__theme=dark"]);
  expect(currentAddress()).toEqual({ view: "review/gallery", params: { label: "a &?b=ü" } });
  expect(seen.mock.calls.map(([{ view }]) => view)).toEqual(["live", "review/gallery"]);
});

test("Back goes to the view before, a filter is no step of its own", async () => {
  openView("collect");
  openView("review/gallery", { label: "wink" });
  replaceParams("review/gallery", { label: "wink", source: "webcam" });
  expect(location.hash).toBe("#review/gallery?label=wink&source=webcam");
  await untilHeard(() => history.back());
  expect(location.hash).toBe("#collect");
  expect(seen.mock.lastCall).toEqual([{ view: "collect", params: {} }]);
});

test("what is open already is no further step", () => {
  openView("review/gallery", { label: "wink" });
  const steps = history.length;
  openView("review/gallery", { label: "wink" });
  replaceParams("review/gallery", { label: "wink" });
  expect([history.length, seen.mock.calls.length]).toEqual([steps, 2]);
});

test("the filter of a view that is no longer open does not change the address", () => {
  openView("train");
  replaceParams("review/gallery", { label: "wink" });
  expect(location.hash).toBe("#train");
});

test("an address typed by hand is heard, and by nobody whose signal has ended", async () => {
  await untilHeard(() => (location.hash = "#review/labels"));
  expect(seen.mock.lastCall).toEqual([{ view: "review/labels", params: {} }]);
  listening.abort();
  openView("train");
  expect(seen).toHaveBeenCalledTimes(2);
});
