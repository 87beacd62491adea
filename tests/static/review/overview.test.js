import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { overview } from "../../../webapp/static/review/overview.js";
import { fakeServer } from "../fakes.js";
import { comeIntoView, offer, reply, said, tidy, turn, withDialogs } from "../person.js";
import { label, overviewOf } from "./listings.js";
import { reviewPanel } from "./review-page.js";

/** @type {HTMLElement} */
let element;
/** @type {ReturnType<typeof fakeServer>} */
let asked;
const show = vi.fn();
const toTrash = vi.fn();

const click = (/** @type {string} */ text) =>
  [...element.querySelectorAll("button")].find(({ textContent }) => textContent?.includes(text))?.click();

beforeEach(async () => {
  vi.useFakeTimers();
  withDialogs();
  show.mockReset();
  element = reviewPanel("overview");
  asked = fakeServer({
    "GET /data/overview": overviewOf({
      total: 9,
      unlabelled: 4,
      labels: [label("fear", { images: 5 })],
      subjects: [
        [null, 5],
        ["Ada", 4],
      ],
      days: [["2026-03-14", 9]],
      flags: { dark: 2 },
      trash: { images: 3, bytes: 1_240_000, people: [["Ada", 1]], newest: "2026-03-14T12:00:00+00:00" },
    }),
    "POST /data/delete": ({ body }) =>
      body.for_good ? { ids: [], action: "", purged: 5 } : { ids: [1, 2, 3, 4], action: "deleted", purged: 0 },
    "POST /data/undo": { ids: [1, 2, 3, 4], later: 0, label: null },
  });
  overview(element, show, toTrash);
  await comeIntoView(element);
});

afterEach(tidy);

test("each figure opens the gallery on what it counts", () => {
  for (const text of ["labelled", "to label", "fear", "not named", "2 dark"]) click(text);
  /** @type {HTMLElement} */ (element.querySelector(".overview-days button")).click();
  expect(show.mock.calls).toEqual([
    [{ answer: "label" }],
    [{ answer: "none" }],
    [{ label: "fear" }],
    [{ no_subject: "1" }],
    [{ flag: "dark" }],
    [{ since: "2026-03-14", until: "2026-03-14" }],
  ]);
});

test("all of a person is moved to the trash after a question, and back", async () => {
  click("Delete all of this person");
  await turn();
  expect(document.querySelector("dialog h2")?.textContent).toBe("Delete 4 images of Ada?");
  expect(document.querySelector("dialog p")?.textContent).toContain("takes in 1 more image already in the trash");
  await reply("Move to trash");
  offer()?.querySelector("button")?.click();
  await turn();
  const posts = asked.filter(({ method }) => method === "POST");
  expect(posts.map(({ body }) => body)).toEqual([{ subject: "Ada", for_good: false }, { action: "deleted" }]);
});

test("all of a person is deleted for good where that is asked for, without a way back", async () => {
  click("Delete all of this person");
  await turn();
  await reply("Delete for good now");
  const posts = asked.filter(({ method }) => method === "POST");
  expect(posts.map(({ body }) => body)).toEqual([{ subject: "Ada", for_good: true }]);
  expect(said()).toBe("5 images deleted for good.");
  expect(offer()).toBeNull();
});

test("what the trash still holds is said, and a click away", () => {
  click("3 images, 1.2 MB");
  expect(toTrash).toHaveBeenCalledOnce();
});
