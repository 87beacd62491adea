// The images of the gallery: those of one filter, a page of them at hand.

import { get } from "../shared/ask.js";
import { Emitter } from "../shared/emitter.js";
import { PAGE_SIZE, nearestPage, pagesOf } from "./gallery-pages.js";

/** @import { ListedImage, OverviewFigures } from "../shared/api" */
/** @import { WantedImages } from "./gallery-filter.js" */

/** @typedef {{ page: number, total: number, items: ListedImage[], overview: OverviewFigures, wanted: WantedImages }} Found */

/**
 * Page, total and images change together, once all of them are there; "items" says so.
 * @extends {Emitter<{ items: null }>}
 */
export class GalleryImages extends Emitter {
  /** @type {WantedImages} */
  wanted = {};
  /** Number of the page at hand, from 0. */
  page = 0;
  /** How many images match. */
  total = 0;
  /** @type {ListedImage[]} those of the page */
  items = [];
  /** @type {OverviewFigures | null} */
  overview = null;

  /** @type {WantedImages | null} the filter that `items` are of */
  #answered = null;
  #wantedPage = 0;
  #asked = 0;

  get ids() {
    return this.items.map(({ id }) => id);
  }

  get hasNext() {
    return this.page < pagesOf(this.total) - 1;
  }

  /**
   * Other images, which `load` asks for; the old ones stay at hand until they are there.
   * @param {WantedImages} wanted
   */
  want(wanted) {
    this.wanted = wanted;
    this.#wantedPage = 0;
  }

  /** @param {number} by pages; `load` asks for that one */
  turn(by) {
    this.#wantedPage = Math.max(0, this.#wantedPage + by);
  }

  /** Lets go of images of an earlier filter; whether there were any. */
  dropOld() {
    if (this.#answered === this.wanted) return false;
    this.page = this.#wantedPage = this.total = 0;
    this.items = [];
    this.emit("items", null);
    return true;
  }

  /**
   * Asks the server for the page.
   * @returns {Promise<boolean>} whether its answer counts: it does not where something else was asked for meanwhile
   */
  async load() {
    try {
      return this.#take(await this.#find(this.#wantedPage));
    } catch (error) {
      this.#wantedPage = this.page;
      throw error;
    }
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
   * @returns {Promise<number>} -1 where there is none, or something else was asked for meanwhile
   */
  async step(index, by) {
    const next = index + by;
    if (next >= 0 && next < this.items.length) return next;
    if (by > 0) return this.#afterPage();
    if (!this.page) return -1;
    return this.#take(await this.#find(this.page - 1)) ? this.items.length - 1 : -1;
  }

  /**
   * The first image after all of this page's. It may be on this page: images that no longer match have let others move
   * up; new ones have moved some of this page's to the next.
   */
  async #afterPage() {
    const seen = new Set(this.ids);
    for (let { page } = this; ; page += 1) {
      const found = await this.#find(page);
      if (!found) return -1;
      ({ page } = found);
      const next = found.items.findLastIndex(({ id }) => seen.has(id)) + 1;
      if (next < found.items.length) return this.#take(found) ? next : -1;
      if (page >= pagesOf(found.total) - 1) return -1;
    }
  }

  /**
   * What is on page `page`, or on the last one where there are no longer so many; null where something else was asked
   * for meanwhile.
   * @param {number} page
   * @returns {Promise<Found | null>}
   */
  async #find(page) {
    const mine = ++this.#asked;
    const { wanted } = this;
    const [overview, { total, items }] = await Promise.all([
      get("/data/overview"),
      get("/data/gallery", { query: { ...wanted, page, size: PAGE_SIZE } }),
    ]);
    if (mine !== this.#asked) return null;
    const nearest = nearestPage(page, total);
    return nearest === page ? { page, total, items, overview, wanted } : this.#find(nearest);
  }

  /** @param {Found | null} found */
  #take(found) {
    if (!found) return false;
    ({ page: this.page, total: this.total, items: this.items, overview: this.overview } = found);
    this.#answered = found.wanted;
    this.#wantedPage = this.page;
    this.emit("items", null);
    return true;
  }
}
