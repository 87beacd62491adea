// The images of the gallery: those of one filter, a page of them at hand.

import { get } from "../shared/ask.js";
import { PAGE_SIZE, nearestPage, pagesOf } from "./gallery-pages.js";

/** @import { ListedImage, OverviewFigures } from "../shared/api" */
/** @import { WantedImages } from "./gallery-filter.js" */

export class GalleryImages {
  /** @type {WantedImages} */
  wanted = {};
  /** @type {WantedImages | null} the filter that `items` are of */
  #answered = null;
  /** Number of the page at hand, from 0. */
  page = 0;
  /** How many images match. */
  total = 0;
  /** @type {ListedImage[]} those of the page */
  items = [];
  /** @type {OverviewFigures | null} */
  overview = null;

  #asked = 0;

  get ids() {
    return this.items.map(({ id }) => id);
  }

  get hasNext() {
    return this.page < pagesOf(this.total) - 1;
  }

  /**
   * Other images; the old ones stay at hand until they are there.
   * @param {WantedImages} wanted
   */
  want(wanted) {
    this.wanted = wanted;
    this.page = 0;
  }

  /** Lets go of images of an earlier filter; whether there were any. */
  dropOld() {
    if (this.#answered === this.wanted) return false;
    this.total = 0;
    this.items = [];
    return true;
  }

  /**
   * Asks the server for the page.
   * @returns {Promise<boolean>} whether its answer counts: it does not where another page was asked for meanwhile
   */
  async load() {
    const mine = ++this.#asked;
    const [overview, found] = await Promise.all([
      get("/data/overview"),
      get("/data/gallery", { query: { ...this.wanted, page: this.page, size: PAGE_SIZE } }),
    ]);
    if (mine !== this.#asked) return false;
    if (this.page !== nearestPage(this.page, found.total)) {
      this.page = nearestPage(this.page, found.total);
      return this.load();
    }
    this.overview = overview;
    this.#answered = this.wanted;
    ({ total: this.total, items: this.items } = found);
    return true;
  }

  /** The ids of all images that match, on whatever page. */
  async allIds() {
    return (await get("/data/gallery/ids", { query: this.wanted })).ids;
  }

  /** @param {ListedImage} item one of the page, as it is now */
  update(item) {
    this.items = this.items.map((known) => (known.id === item.id ? item : known));
  }

  /**
   * The place on its page of the image `by` (1 or -1) steps from place `index`; pages are turned where need be.
   * @param {number} index
   * @param {number} by
   * @returns {Promise<number>} -1 where there is none
   */
  async step(index, by) {
    const next = index + by;
    if (next >= 0 && next < this.items.length) return next;
    if (by > 0) return this.#afterPage();
    if (!this.page) return -1;
    this.page -= 1;
    await this.load();
    return this.items.length - 1;
  }

  /** Images that no longer match have let others move up to this page, which would be passed over with the next one. */
  async #afterPage() {
    const seen = new Set(this.ids);
    await this.load();
    const next = this.ids.findLastIndex((id) => seen.has(id)) + 1;
    if (next < this.items.length) return next;
    if (!this.hasNext) return -1;
    this.page += 1;
    await this.load();
    return this.items.length ? 0 : -1;
  }
}
