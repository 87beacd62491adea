import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { overview } from "../../../webapp/static/review/overview.js";
import { fakeServer } from "../fakes.js";
import { comeIntoView, offer, reply, tidy, turn, withDialogs } from "../person.js";
import { label, overviewOf } from "./listings.js";
import { reviewPanel } from "./review-page.js";

/** @type {HTMLElement} */
let element;
/** @type {ReturnType<typeof fakeServer>} */
let asked;
const show = vi.fn();

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
    }),
    "POST /data/delete": { ids: [1, 2, 3, 4] },
    "POST /data/restore": { restored: 4 },
  });
  overview(element, show);
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

test("all of a person is deleted after a question, and brought back", async () => {
  click("Delete all of this person");
  await turn();
  expect(document.querySelector("dialog h2")?.textContent).toBe("Delete everything of Ada?");
  await reply("Delete");
  offer()?.querySelector("button")?.click();
  await turn();
  const posts = asked.filter(({ method }) => method === "POST");
  expect(posts.map(({ body }) => body)).toEqual([{ subject: "Ada" }, { ids: [1, 2, 3, 4] }]);
});
