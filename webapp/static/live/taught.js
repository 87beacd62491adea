// Saying that a face is kept as an example, and taking that back.

import { post } from "../shared/ask.js";
import { say } from "../shared/toast.js";
import { offerUndo } from "../shared/undo.js";

/** @typedef {{ image: number, state: string, label: string | null, guess: string }} Taught */

/**
 * A face that was there already has another label now, and stays.
 * @param {Taught} taught
 * @param {() => void} [undone] what follows when it is taken back
 */
export function tellTaught({ image, label, guess, state }, undone = () => {}) {
  const text = `Saved as ${label}${guess === label ? "" : `, not ${guess}`}.`;
  if (state !== "added") return say(text);
  offerUndo(text, async () => {
    await post("/data/delete", { body: { ids: [image] } });
    undone();
    return "Taken back. It is in the trash.";
  });
}
