import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { GalleryImages } from "../../../webapp/static/review/gallery-images.js";
import { fakeServer } from "../fakes.js";
import { image, overviewOf } from "./listings.js";

const numbers = (/** @type {number} */ from, /** @type {number} */ to) =>
  Array.from({ length: from - to + 1 }, (_, at) => from - at);

/** What the server has, the newest first. */
let all = numbers(130, 1);
let reachable = true;
/** @type {GalleryImages} */
let images;

beforeEach(async () => {
  all = numbers(130, 1);
  reachable = true;
  fakeServer({
    "GET /data/overview": overviewOf(),
    "GET /data/gallery": ({ query }) => {
      if (!reachable) throw new Error("lost");
      const first = Number(query.get("page")) * Number(query.get("size"));
      const items = all.slice(first, first + Number(query.get("size"))).map((id) => image(id));
      return { total: all.length, items };
    },
  });
  images = new GalleryImages();
  await images.load();
});

afterEach(() => vi.unstubAllGlobals());

const stepFrom = async (/** @type {number} */ index, /** @type {number} */ by) => {
  const place = await images.step(index, by);
  return place < 0 ? null : { id: images.ids[place], page: images.page, place };
};

test("a step over the end of a page leads to the next one, and back", async () => {
  expect(await stepFrom(59, 1)).toEqual({ id: 70, page: 1, place: 0 });
  expect(await stepFrom(0, -1)).toEqual({ id: 71, page: 0, place: 59 });
  expect(await stepFrom(0, -1)).toBeNull();
});

test("images that are gone make none be passed over", async () => {
  all = all.filter((id) => id > 73 || id < 72);
  expect(await stepFrom(59, 1)).toEqual({ id: 70, page: 0, place: 58 });
});

test("new images make none come twice", async () => {
  all = numbers(133, 1);
  expect(await stepFrom(59, 1)).toEqual({ id: 70, page: 1, place: 3 });
});

test("until a step is done, page and images stay as they are; so they do where it fails", async () => {
  all = numbers(133, 1);
  const before = [images.page, images.total, images.ids];
  /** @type {unknown[]} */
  const told = [];
  images.on("items", () => told.push([images.page, images.total, images.ids[0]]));
  const step = images.step(59, 1);
  expect([images.page, images.total, images.ids]).toEqual(before);
  await step;
  expect(told).toEqual([[1, 133, 73]]);
  reachable = false;
  await expect(images.step(0, -1)).rejects.toThrow();
  expect([images.page, images.ids[0]]).toEqual([1, 73]);
});

test("a step that something else overtakes leads nowhere", async () => {
  const step = images.step(59, 1);
  images.want({ label: "wink" });
  const load = images.load();
  expect([await step, await load]).toEqual([-1, true]);
  expect([images.page, images.ids[0]]).toEqual([0, 130]);
});

test("a page that could not be had is the one that is turned to next", async () => {
  reachable = false;
  images.turn(1);
  await expect(images.load()).rejects.toThrow();
  expect([images.page, images.ids[0]]).toEqual([0, 130]);
  reachable = true;
  images.turn(1);
  await images.load();
  expect([images.page, images.ids[0]]).toEqual([1, 70]);
});
