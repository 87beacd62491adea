// What is said of a training run and of what it would learn from.

/** @import { RunState, TrainableLabel, TrainingData, TrainingState } from "../shared/api" */

/** @type {Record<string, string>} */
const TITLES = {
  queued: "Starting",
  running: "Training",
  done: "Done",
  failed: "It did not work",
  cancelled: "Cancelled",
  interrupted: "Interrupted",
};
const TRAINING_SHARE = 0.6; // of a run's time; choosing the weights and the models take the rest
const MADE_SHARE = 0.7; // the version is there, its Core ML model is being made

/** @param {RunState | null} run */
export const titleOf = (run) => (run ? TITLES[run.state] : "Training");

/** @param {RunState | null} run */
export const endedEarly = (run) => run !== null && ["failed", "cancelled", "interrupted"].includes(run.state);

/** @param {RunState | null} run */
export const wentWrong = (run) => run !== null && ["failed", "interrupted"].includes(run.state);

/**
 * How much of a run is done, 0…1.
 * @param {RunState | null} run
 */
export function shareOf(run) {
  if (run?.state === "done") return 1;
  if (!run?.open) return 0;
  if (run.version !== null) return MADE_SHARE;
  return (TRAINING_SHARE * (run.epoch ?? 0)) / (run.epochs || 1);
}

/**
 * Where a run is, or how it ended.
 * @param {Pick<TrainingState, "run" | "active" | "versions">} state
 */
export function stageOf({ run, active, versions }) {
  if (!run) return "Nothing was trained yet. The base model is in use.";
  if (run.state === "queued") return "Getting ready …";
  if (run.open && run.version === null) return stageOfRunning(run);
  if (run.version === null) return run.reason;
  return madeOf(run, active, versions) + (run.open ? " Its Core ML model is being made …" : "");
}

/**
 * @param {RunState} run one that has a version
 * @param {number} active
 * @param {TrainingState["versions"]} versions
 */
function madeOf({ version, reason }, active, versions) {
  const name = `Version ${version}`;
  if (!versions.some(({ number }) => number === version)) return `${name} was made, and deleted since.`;
  if (active === version) {
    return reason ? `${name} is in use, as you chose.` : `${name} is in use now.`;
  }
  return reason
    ? `${name} waits for you to choose it; below is why.`
    : `${name} came into use; you chose another one since.`;
}

/** @param {RunState} run */
function stageOfRunning({ stage, epoch, epochs, accuracy, seconds_left: left }) {
  if (stage !== "training" || !epoch) return `${capital(stage || "starting")} …`;
  if (epochs !== null && epoch >= epochs) return `All ${epochs} epochs are done. Choosing the best weights …`;
  const right = accuracy === null ? "" : ` · ${Math.round(100 * accuracy)} % right on held-out faces`;
  const seconds = Math.max(1, Math.round(left ?? 0));
  return `Epoch ${epoch} of ${epochs}${right} · about ${seconds} s left`;
}

/**
 * What a label lacks, or "".
 * @param {TrainableLabel} label
 * @param {TrainingData} data
 */
export function shortageOf({ images, left_out: leftOut }, { needed, fair }) {
  if (leftOut) return `left out: ${needed - images} more needed`;
  return images && images < fair ? `${fair - images} more make a fair start` : "";
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
