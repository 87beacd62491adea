// The gallery on a page, with a server that has `total` images, numbered down from `newest`, and has a page ready once `ready` says so.

import { vi } from "vitest";

import { gallery } from "../../../webapp/static/review/gallery.js";
import { undoButton } from "../../../webapp/static/review/undo-button.js";
import { fakeServer } from "../fakes.js";
import { comeIntoView, withDialogs } from "../person.js";
import { image, label, overviewOf } from "./listings.js";
import { reviewPanel } from "./review-page.js";

/** @import { WantedImages } from "../../../webapp/static/review/gallery-filter.js" */

export const LABELS = [label("fear", { images: 3, key: "1" }), label("wink", { images: 2, key: "w" })];

const HEAT = { cells: [[1, 0], [0, -1]], corners: [[0.2, 0.2], [0.4, 0.2], [0.2, 0.6]] }; // prettier-ignore

/** Opens it; timers are fake from now on. */
export async function openGallery() {
  vi.useFakeTimers();
  withDialogs();
  const element = reviewPanel("gallery");
  Element.prototype.scrollIntoView = () => {};
  const server = { total: 130, newest: 1000, ready: async () => {} };
  const asked = fakeServer({
    "GET /data/overview": () => overviewOf({ total: server.total, labels: LABELS, subjects: [["Ada", 4]] }),
    "GET /data/gallery": async ({ query }) => {
      await server.ready();
      const { total, newest } = server;
      const first = 60 * Number(query.get("page"));
      const count = Math.max(0, Math.min(8, total - first)); // a page of 60 takes jsdom long
      return { total, items: Array.from({ length: count }, (_, at) => image(newest - first - at)) };
    },
    "GET /data/gallery/ids": () => ({ ids: [1, 2, 3] }),
    "POST /data/annotate": () => ({ action: "a1" }),
    "POST /data/undo": () => ({ ids: [1], later: 0, label: null }),
    "POST /data/people": () => ({ people: [{ ids: [1000], subject: null }] }),
    "GET /data/images/1000/history": [],
    "GET /data/images/1000/heat": { version: 3, label: "fear", certainty: 0.6, doubt: "", heat: HEAT, no_heat: "" },
    "GET /data/images/999/heat": {
      version: 3,
      label: "wink",
      certainty: 0.6,
      doubt: "",
      heat: null,
      no_heat: "It cannot.",
    },
    "GET /data/images/1000/listed": () => image(1000),
    "GET /data/images/993/history": [],
    "GET /data/images/993/listed": () => image(993, { label: "wink", answer: "label" }),
    "GET /data/images/999/history": [{ kind: "label", label: "<b>", who: "me", created: "2026-03-14T09:26:00+00:00" }],
    "GET /data/images/999/listed": () => image(999, { label: "wink", answer: "label" }),
    "POST /data/delete": ({ body }) => ({ ids: body.ids, action: "deleted", purged: 0 }),
  });
  /** @type {WantedImages[]} */
  const narrowed = [];
  const pictures = gallery(element, (wanted) => {
    narrowed.push(wanted);
    pictures.filter(wanted);
  });
  undoButton(/** @type {HTMLElement} */ (element.closest(".review")));
  await comeIntoView(element);

  const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (element.querySelector(selector));
  const tiles = () => /** @type {HTMLElement[]} */ ([...element.querySelectorAll(".tile")]);
  return {
    ...{ element, server, pictures, part, tiles },
    /** The filters that the page was asked for. */
    narrowed,
    /** Places of the tiles that are selected. */
    chosen: () => tiles().flatMap((tile, at) => (tile.getAttribute("aria-selected") === "true" ? [at] : [])),
    /** Requests for pages. */
    pages: () => asked.filter(({ path }) => path === "/data/gallery"),
    /**
     * Requests for `path`.
     * @param {string} path
     */
    sent: (path) => asked.filter((request) => request.path === path),
    /**
     * Bodies of the requests for `path`.
     * @param {string} path
     */
    bodies: (path) => asked.filter((request) => request.path === path).map(({ body }) => body),
  };
}
