// The list of versions. A row is drawn anew only when it has changed, so that clicks and focus on the others are not lost.

import { find } from "../shared/elements.js";
import { scoredOn, versionRow } from "./version-row.js";

/** @import { TrainingState } from "../shared/api" */
/** @import { VersionActions } from "./version-row.js" */

export class VersionList {
  /** @type {Map<number, { drawn: string, row: HTMLElement }>} */
  #rows = new Map();
  #order = "";

  /**
   * @param {HTMLElement} element the Train tab
   * @param {VersionActions} actions
   */
  constructor(element, actions) {
    this.body = find(element, "tbody", "[data-versions]");
    this.scored = find(element, "p", "[data-scored-on]");
    this.actions = actions;
  }

  /**
   * @param {TrainingState} state
   * @param {number | null} shown number of the version whose result is shown
   */
  draw({ versions, active }, shown) {
    const said = scoredOn(versions);
    if (this.scored.textContent !== said) this.scored.textContent = said;
    const rows = new Map(
      versions.map((version) => {
        const drawn = JSON.stringify([version, version.number === active, version.number === shown]);
        const known = this.#rows.get(version.number);
        if (known?.drawn === drawn) return [version.number, known];
        const row = versionRow(version, active, shown, this.actions);
        if (known) replaceRow(known.row, row);
        return [version.number, { drawn, row }];
      }),
    );
    const order = [...rows.keys()].join();
    if (order !== this.#order) this.body.replaceChildren(...[...rows.values()].map(({ row }) => row));
    this.#rows = rows;
    this.#order = order;
  }
}

/**
 * Puts a row in another's place; the focus stays at the same button, or at the version's name where that button is gone.
 * @param {HTMLElement} before
 * @param {HTMLElement} row
 */
function replaceRow(before, row) {
  const held = before.contains(document.activeElement) ? document.activeElement?.textContent : null;
  before.replaceWith(row);
  if (held === null) return;
  const buttons = [...row.querySelectorAll("button")];
  (buttons.find(({ textContent }) => textContent === held) ?? buttons[0])?.focus();
}
