// What is deleted can be brought back until the page is left; then the server is told to forget it for good.

import { address, post } from "./ask.js";

/** @import { DeletionRequest } from "./api" */

/** @type {Set<number>} */
const deleted = new Set();

/**
 * Deletes softly. Returns the ids.
 * @param {DeletionRequest} what
 */
export async function remove(what) {
  const { ids } = await post("/data/delete", { body: what });
  ids.forEach((id) => deleted.add(id));
  return ids;
}

/** @param {number[]} ids */
export async function restore(ids) {
  await post("/data/restore", { body: { ids } });
  ids.forEach((id) => deleted.delete(id));
}

window.addEventListener("pagehide", () => {
  if (deleted.size) navigator.sendBeacon(address("/data/purge"), JSON.stringify({ ids: [...deleted] }));
  deleted.clear();
});
