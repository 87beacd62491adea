import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { trash } from "../../../webapp/static/review/trash.js";
import { fakeServer } from "../fakes.js";
import { comeIntoView, complaint, reply, said, tidy, turn, withDialogs } from "../person.js";
import { reviewPanel } from "./review-page.js";

const NEWEST = "2026-03-30T11:00:00.123456+00:00";

/** @type {HTMLElement} */
let element;
/** @type {ReturnType<typeof fakeServer>} */
let asked;
/** @type {number[]} */
let there;

const part = (/** @type {string} */ name) =>
  /** @type {HTMLButtonElement} */ (element.querySelector(`[data-trash-${name}]`));
const boxes = () => /** @type {HTMLInputElement[]} */ ([...element.querySelectorAll(".trash-tile input")]);
const posts = () => asked.filter(({ method }) => method === "POST").map(({ path, body }) => [path, body]);
const question = () => document.querySelector("dialog h2")?.textContent;

beforeEach(async () => {
  vi.useFakeTimers({ now: Date.parse("2026-03-31T12:00:00Z") });
  withDialogs();
  there = [9, 8, 7];
  const gone = (/** @type {number[] | null | undefined} */ ids) => {
    const found = there.filter((id) => !ids || ids.includes(id));
    there = there.filter((id) => !found.includes(id));
    const error = { error: "None of these images is in the trash any more." };
    return found.length ? found.length : Response.json(error, { status: 404 });
  };
  asked = fakeServer({
    "GET /data/trash": ({ query }) => ({
      images: there.length,
      bytes: there.length * 400_000,
      people: [],
      newest: there.length ? NEWEST : null,
      days: 30,
      items: there
        .slice(0, Number(query.get("size")))
        .map((id) => ({ id, label: id === 9 ? "wink" : null, subject: null, deleted: NEWEST })),
    }),
    "POST /data/restore": ({ body }) => {
      const restored = gone(body.ids);
      return restored instanceof Response ? restored : { restored };
    },
    "POST /data/purge": ({ body }) => {
      const purged = gone(body.ids);
      return purged instanceof Response ? purged : { purged, wiping: false };
    },
  });
  element = reviewPanel("trash");
  trash(element);
  await comeIntoView(element);
});

afterEach(tidy);

test("it says how many, how large and for how long, and shows each", () => {
  expect(part("told").textContent).toMatch(/^3 images, 1\.2 MB\. Each is removed for good 30 days after/);
  expect([...element.querySelectorAll(".trash-tile")].map(({ textContent }) => textContent)).toEqual([
    "wink29 days left",
    "no label29 days left",
    "no label29 days left",
  ]);
  expect(element.querySelector("img")?.getAttribute("src")).toBe("/mien/api/data/images/9/thumbnail");
});

test("what is chosen is restored, without a question", async () => {
  boxes()[0].click();
  boxes()[2].click();
  expect(part("restore").textContent).toBe("Restore 2 images");
  part("restore").click();
  await turn();
  expect(posts()).toEqual([["/data/restore", { ids: [9, 7] }]]);
  expect(said()).toBe("2 images restored.");
  expect(boxes()).toHaveLength(1);
  expect(part("restore").textContent).toBe("Restore all");
});

test("all of it is restored, and then it says that it is empty", async () => {
  part("restore").click();
  await turn();
  expect(posts()).toEqual([["/data/restore", { ids: null }]]);
  expect(said()).toBe("3 images restored.");
  expect(part("empty").hidden).toBe(false);
  expect(part("actions").hidden).toBe(true);
});

test("it is emptied after a question, of what was there when that was asked", async () => {
  expect(part("remove").textContent).toBe("Empty trash");
  part("remove").click();
  await turn();
  expect(question()).toBe("Empty the trash?");
  expect(document.querySelector("dialog p")?.textContent).toMatch(/^3 images, 1\.2 MB: .*cannot be undone/);
  await reply("Cancel");
  expect(posts()).toEqual([]);
  part("remove").click();
  await turn();
  await reply("Empty trash");
  expect(posts()).toEqual([["/data/purge", { until: NEWEST }]]);
  expect(said()).toBe("3 images removed for good.");
});

test("chosen images are removed for good; those that another page took out are counted", async () => {
  boxes()[0].click();
  boxes()[1].click();
  there = [8, 7];
  part("remove").click();
  await turn();
  expect(question()).toBe("Delete 2 images for good?");
  await reply("Delete for good");
  expect(posts()).toEqual([["/data/purge", { ids: [9, 8] }]]);
  expect(said()).toBe("1 image removed for good. 1 image was in the trash no more.");
});

test("restoring what is gone says so, and shows what is left", async () => {
  boxes()[0].click();
  there = [7];
  part("restore").click();
  await turn();
  expect(complaint()).toBe("None of these images is in the trash any more.");
  expect(boxes()).toHaveLength(1);
  expect(part("restore").textContent).toBe("Restore all");
});

test("all are chosen and none", async () => {
  part("choose").click();
  expect(boxes().every(({ checked }) => checked)).toBe(true);
  expect(part("choose").textContent).toBe("Select none");
  part("choose").click();
  expect(boxes().some(({ checked }) => checked)).toBe(false);
});

test("more are shown when that is asked for", async () => {
  there = Array.from({ length: 70 }, (_, index) => index + 1);
  window.dispatchEvent(new Event("mien:changed"));
  await turn();
  expect(boxes()).toHaveLength(60);
  expect(part("choose").textContent).toBe("Select these 60");
  part("more").click();
  await turn();
  expect(boxes()).toHaveLength(70);
  expect(part("more").hidden).toBe(true);
});
