// What is said of the trash.

import { count } from "../shared/numbers.js";

/** @import { TrashSummary } from "../shared/api" */

const DAY = 86_400_000; // ms
const UNITS = ["KB", "MB", "GB", "TB"];

/** @param {number} bytes */
export function size(bytes) {
  let number = bytes / 1000;
  let unit = 0;
  while (number >= 999.95 && unit < UNITS.length - 1) {
    number /= 1000;
    unit += 1;
  }
  return `${number.toLocaleString("en", { maximumFractionDigits: number < 10 ? 1 : 0 })} ${UNITS[unit]}`;
}

/** @param {Pick<TrashSummary, "images" | "bytes">} trash */
export const holds = ({ images, bytes }) => `${count(images, "image")}, ${size(bytes)}`;

/**
 * For how long an image can be restored.
 * @param {string} deleted when it went to the trash
 * @param {number} days for how many the trash keeps it
 * @param {number} now
 */
export function timeLeft(deleted, days, now) {
  const left = Math.ceil((Date.parse(deleted) + days * DAY - now) / DAY);
  return left < 1 ? "any time now" : left === 1 ? "last day" : `${left} days left`;
}

/**
 * What is said once images are back or gone.
 * @param {number} done
 * @param {number} asked
 * @param {string} what became of them
 */
export function outcome(done, asked, what) {
  const missing = asked - done;
  const rest = missing > 0 ? ` ${count(missing, "image")} ${missing === 1 ? "was" : "were"} in the trash no more.` : "";
  return `${count(done, "image")} ${what}.${rest}`;
}
