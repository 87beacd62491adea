// One version in the list.

import { button, make } from "../shared/elements.js";
import { count } from "../shared/numbers.js";

/** @import { VersionScore, VersionSummary } from "../shared/api" */

/**
 * @typedef {object} VersionActions
 * @property {(number: number) => void} open
 * @property {(number: number) => void} use
 * @property {(version: VersionSummary) => void} describe
 * @property {(number: number) => void} remove
 */

/** @param {number | null | undefined} share */
const percent = (share) => (typeof share === "number" ? `${(100 * share).toFixed(1)} %` : "–");

/** @param {string} text */
const moment = (text) => new Date(text).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });

/**
 * What the list says of a version.
 * @param {VersionSummary} version
 */
export function wordsOf({ number, name, damaged, created, images, scoring, held_out: heldOut, built_in: builtIn }) {
  const title = number ? `Version ${number}` : "Base model";
  return {
    title,
    named: number && name ? `${title} · ${name}` : title,
    images: typeof images === "number" ? images.toLocaleString("en") : "–",
    heldOut: scoring && !damaged ? { share: "scoring…", notes: [] } : scoreWords(heldOut),
    builtIn: scoreWords(builtIn),
    made: damaged ? "–" : number && created ? moment(created) : "with Mien",
  };
}

/**
 * A score, and what keeps it from being compared with others as it stands.
 * @param {VersionScore | null} score
 */
function scoreWords(score) {
  const notes = [];
  if (score?.learned_from) notes.push(`may have learned from ${score.learned_from} of these faces`);
  if (score?.same_take) notes.push(`learned from the same take as ${score.same_take} of these faces`);
  if (score?.unnamed) notes.push(`has no name for ${score.unnamed} of these faces`);
  return { share: percent(score?.accuracy), notes };
}

/**
 * Which faces the list's figures are of.
 * @param {VersionSummary[]} versions
 */
export function scoredOn(versions) {
  const faces = (/** @type {"held_out" | "built_in"} */ name) =>
    versions.find((version) => version[name])?.[name]?.faces;
  const [heldOut, builtIn] = [faces("held_out"), faces("built_in")];
  const parts = [];
  if (heldOut) parts.push(`the ${count(heldOut, "face")} held out now`);
  if (builtIn) parts.push(`${count(builtIn, "face")} of the built-in expressions`);
  return parts.length ? `All versions are scored on the same faces: ${parts.join(", and ")}.` : "";
}

/**
 * What can be done with a version: the one in use cannot be deleted, the base model has a name already.
 * @param {VersionSummary} version
 * @param {number} active number of the version in use
 */
export const possible = ({ number, damaged }, active) => ({
  use: !damaged && number !== active,
  describe: !damaged && number !== 0,
  remove: number !== 0 && number !== active,
});

/**
 * @param {VersionSummary} version
 * @param {number} active number of the version in use
 * @param {number | null} shown number of the version whose result is shown
 * @param {VersionActions} actions
 */
export function versionRow(version, active, shown, actions) {
  const { number } = version;
  const words = wordsOf(version);
  const row = make("tr", number === shown ? "shown" : "", "", { "data-version": String(number) });
  const figure = (/** @type {string} */ heading, /** @type {string} */ text, /** @type {string[]} */ notes = []) => {
    const cell = make("td", "number", text, { "data-heading": heading });
    cell.append(...notes.map((note) => make("span", "note why", note)));
    return cell;
  };
  row.append(
    headingCell(version, active, actions),
    figure("images", words.images),
    figure("held-out faces", words.heldOut.share, words.heldOut.notes),
    figure("built-in expressions", words.builtIn.share, words.builtIn.notes),
    make("td", "made", words.made),
  );
  const can = possible(version, active);
  const buttons = make("td", "actions");
  if (can.use) buttons.append(button("Use", "", () => actions.use(number)));
  if (can.describe) buttons.append(button("Name and note", "quiet", () => actions.describe(version)));
  if (can.remove) buttons.append(button("Delete", "quiet", () => actions.remove(number)));
  row.append(buttons);
  return row;
}

/**
 * @param {VersionSummary} version
 * @param {number} active
 * @param {VersionActions} actions
 */
function headingCell(version, active, { open }) {
  const { number, damaged, note } = version;
  const { title, named } = wordsOf(version);
  const head = make("th", "", "", { scope: "row" });
  if (damaged) {
    head.append(make("span", "", title), make("span", "note bad", damaged));
    return head;
  }
  const link = make("button", "link", named, { type: "button", title: `Show ${title}` });
  link.addEventListener("click", () => open(number));
  head.append(link);
  if (number === active) head.append(make("span", "mien-badge", "in use"));
  if (note) head.append(make("span", "note why", note));
  return head;
}
