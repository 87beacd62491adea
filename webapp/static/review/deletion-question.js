// Deleting images, after a question, with a way back.

import { remove, restore } from "../shared/deletion.js";
import { askPerson } from "../shared/dialog.js";
import { changed } from "../shared/freshness.js";
import { count } from "../shared/numbers.js";
import { attempt, say } from "../shared/toast.js";

/** @import { DeletionRequest } from "../shared/api" */

const WHAT_HAPPENS =
  "What you delete is out of sight and out of training at once. You can undo this for eight seconds. When you leave " +
  "the page, it is gone for good.";

/**
 * Asks, deletes, and offers to undo.
 * @param {DeletionRequest} what
 * @param {string} described the same in words
 * @param {() => unknown} after what the asking view does once images are gone or back
 */
export async function removeAsked(what, described, after) {
  if (!(await askPerson(`Delete ${described}?`, WHAT_HAPPENS, [["yes", "Delete", "danger"]]))) return;
  const ids = await remove(what);
  await after();
  changed();
  const bringBack = async () => {
    await restore(ids);
    say(`${count(ids.length, "image")} brought back.`);
    await after();
    changed();
  };
  say(`${count(ids.length, "image")} deleted.`, { undo: () => attempt(bringBack) });
}
