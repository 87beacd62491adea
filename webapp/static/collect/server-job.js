// A job of the server's: an import or an export, which goes on in the background.

import { get, post } from "../shared/ask.js";

/** @import { TransferState } from "../shared/api" */

const LOOK_EVERY = 300; // ms

/**
 * Looks at a job until it is over.
 * @param {string} number
 * @param {(state: TransferState) => void} tell how far it is
 * @returns {Promise<TransferState>} its end, with a report or an error
 */
export async function follow(number, tell) {
  for (;;) {
    const state = await get("/data/jobs/{number}", { path: { number } });
    if (state.error || state.report) return state;
    tell(state);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
  }
}

/** @param {string} number */
export const cancel = (number) => post("/data/jobs/{number}/cancel", { path: { number } });
