// When the Train tab asks the server how things are, and what it shows after the answer.

/** @import { TrainingState } from "../shared/api" */

const CALM_BEATS = 4;

/**
 * Whether to ask at this beat of the clock: at each one while a run is under way, else now and then while somebody looks.
 * @param {number} beat
 * @param {{ running: boolean, visible: boolean, hidden: boolean }} page `hidden`: the whole page, `visible`: the tab
 */
export const asksAt = (beat, { running, visible, hidden }) =>
  !hidden && (running || (visible && beat % CALM_BEATS === 0));

/**
 * What another state means for the page.
 * @param {TrainingState | null} before
 * @param {TrainingState} now
 * @param {number | null} shown number of the version whose result is shown
 * @returns {{ open: number | null, changed: boolean, packed: boolean }} `open`: the version to show, null: leave what is
 *   shown; `changed`: whether the rest of the page should look again; `packed`: the Core ML model of what is shown was
 *   made, or failed
 */
export function whatFollows(before, now, shown) {
  const version = now.run?.version ?? null;
  const made = before !== null && version !== null && version !== (before.run?.version ?? null);
  const ended = Boolean(before?.run?.open && now.run && !now.run.open);
  const switched = before !== null && before.active !== now.active;
  const changed = made || ended || switched;
  const packed = ended && !made && version !== null && version === shown;
  if (made) return { open: version, changed, packed };
  if (shown === null) return { open: version ?? now.active, changed, packed };
  return { open: switched ? shown : null, changed, packed };
}

/**
 * The version to ask for when `number` is wanted; one that is gone or damaged is answered by the base model.
 * @param {TrainingState} state
 * @param {number} number
 */
export const readable = ({ versions }, number) =>
  versions.some((version) => version.number === number && !version.damaged) ? number : 0;
