// What a screen reader is told of a run: once when it begins, once when its version is there, or how it ended without one.

import { stageOf, titleOf } from "./run-words.js";
import { figuresOf } from "./version-figures.js";

/** @import { TrainingState, VersionDetail } from "../shared/api" */
/** @import { Figure } from "./version-figures.js" */

/**
 * Whether the newest run has made its version since `before`.
 * @param {TrainingState | null} before
 * @param {TrainingState} now
 */
export function hasMade(before, now) {
  const version = now.run?.version ?? null;
  return before !== null && version !== null && version !== (before.run?.version ?? null);
}

/**
 * @param {TrainingState | null} before
 * @param {TrainingState} now
 * @param {VersionDetail | null} version whose result is shown
 * @returns {string} "" where nothing is new
 */
export function announcement(before, now, version) {
  const { run } = now;
  if (!before || !run) return "";
  if (hasMade(before, now)) {
    const figures = version?.number === run.version ? figuresOf(version).map(inWords) : [];
    return [stageOf(now), ...figures].join(" ");
  }
  const isNew = before.run?.id !== run.id;
  if (run.open) return isNew ? `${titleOf(run)}.` : "";
  return run.version === null && (isNew || before.run?.open) ? `${titleOf(run)}. ${stageOf(now)}` : "";
}

/** @param {Figure} figure */
const inWords = ({ text, share, change }) => `${share} ${text}${change && `, ${change}`}.`;
