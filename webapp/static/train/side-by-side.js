// The new version beside the old one, live, and the choice between them.

import { button, make } from "../shared/elements.js";
import { say } from "../shared/toast.js";
import { VersionPreview } from "./version-preview.js";

/** @import { Card, TrainingState, VersionDetail } from "../shared/api" */

/** @param {number} number */
const named = (number) => (number ? `version ${number}` : "the base model");

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * The version that `number` is held against: the one in use, or where that is itself, the one that was in use before.
 * @param {number} number
 * @param {Card} card
 * @param {Pick<TrainingState, "active" | "versions">} state
 * @returns {number | null} null: there is none
 */
export function besideOf(number, { compared_with: before }, { active, versions }) {
  if (number !== active) return active;
  if (!number) return null;
  const there = versions.some((version) => version.number === before && !version.damaged);
  return there && before !== null && before !== number ? before : 0;
}

/**
 * A version whose result is shown beside another: the preview, and the buttons.
 * @param {VersionDetail} version
 * @param {VersionDetail} other the one it is held against
 * @param {number} active number of the version in use
 * @param {(number: number) => void} use
 */
export function sideBySide(version, other, active, use) {
  const nameOf = (/** @type {number} */ number) => capital(named(number)) + (number === active ? ", in use" : "");
  const preview = new VersionPreview(other, version, nameOf);
  const keep = () => {
    preview.stop();
    say(`${capital(named(active))} stays in use.`);
  };
  const choice = make("div", "preview-choice");
  if (version.number === active) {
    choice.append(
      button("Keep it", "primary", keep),
      button(`Go back to ${named(other.number)}`, "", () => use(other.number)),
    );
  } else {
    choice.append(
      button("Use", "primary", () => use(version.number)),
      button("Keep the old one", "", keep),
    );
  }
  return { preview, choice };
}
