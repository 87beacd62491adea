// Deleting images, after a question: into the trash, with a way back, or for good.

import { post } from "../shared/ask.js";
import { askPerson } from "../shared/dialog.js";
import { changed } from "../shared/freshness.js";
import { count } from "../shared/numbers.js";
import { say } from "../shared/toast.js";
import { offerUndo } from "../shared/undo.js";

/** @import { DeletionRequest } from "../shared/api" */

/** @type {[value: "good" | "trash", text: string, className: string][]} */
const ANSWERS = [
  ["good", "Delete for good now", "danger"],
  ["trash", "Move to trash", "primary"],
];

/**
 * What is said before images are deleted.
 * @param {number} inTrash how many more that are meant lie in the trash already
 */
export function whatHappens(inTrash) {
  const said = [
    "In the trash they are out of sight and out of training, and can be restored for 30 days, or until you empty it.",
    "Deleted for good, they leave every file of this data set at once.",
  ];
  if (inTrash) said.push(`That takes in ${count(inTrash, "more image")} already in the trash.`);
  return said.join(" ");
}

/**
 * Asks, deletes, and offers to undo what can be undone.
 * @param {Omit<DeletionRequest, "for_good">} what
 * @param {string} described the same in words
 * @param {() => unknown} [after] what the asking view does once images are gone
 * @param {number} [inTrash] how many more that are meant lie in the trash already
 */
export async function removeAsked(what, described, after = () => {}, inTrash = 0) {
  const answer = await askPerson(`Delete ${described}?`, whatHappens(inTrash), ANSWERS);
  if (!answer) return;
  const { ids, action, purged } = await post("/data/delete", { body: { ...what, for_good: answer === "good" } });
  await after();
  changed();
  if (answer === "good") say(`${count(purged, "image")} deleted for good.`);
  else if (ids.length) offerUndo(`${count(ids.length, "image")} moved to the trash.`, action);
  else say("These images are in the trash already.");
}
