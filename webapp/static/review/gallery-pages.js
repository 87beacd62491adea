// The pages of the gallery.

import { count } from "../shared/numbers.js";

/** Images on a page. */
export const PAGE_SIZE = 60;

/** @param {number} total images that match */
export const pagesOf = (total) => Math.max(1, Math.ceil(total / PAGE_SIZE));

/**
 * The page to show where `page`, from 0, is wanted: images may have gone meanwhile.
 * @param {number} page
 * @param {number} total
 */
export const nearestPage = (page, total) => Math.min(page, pagesOf(total) - 1);

/**
 * @param {number} page
 * @param {number} total
 */
export const pageText = (page, total) =>
  `${count(total, "image")} · page ${(page + 1).toLocaleString("en")} of ${pagesOf(total).toLocaleString("en")}`;
