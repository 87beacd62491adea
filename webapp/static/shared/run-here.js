// Whether the Live tab is to name faces in this browser instead of at the server; remembered by the browser.

import { recall, remember } from "./remember.js";

const KEPT = "mien-run-here";

export const runHere = {
  wanted: recall(KEPT) === "on",

  /** @param {boolean} wanted */
  want(wanted) {
    this.wanted = wanted;
    remember(KEPT, wanted ? "on" : "off");
  },
};
