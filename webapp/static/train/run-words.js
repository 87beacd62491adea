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
const TRAINING_SHARE = 0.8; // of a run's time; choosing the weights and the Core ML model take the rest
const PROVING_SHARE = 0.15;

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
  const trained = (run.epoch ?? 0) / (run.epochs || 1);
  return TRAINING_SHARE * trained + (run.stage.startsWith("proving") ? PROVING_SHARE : 0);
}

/**
 * Where a run is, or how it ended.
 * @param {Pick<TrainingState, "run" | "active" | "versions">} state
 */
export function stageOf({ run, active, versions }) {
  if (!run) return "Nothing was trained yet. The base model is in use.";
  if (run.state === "queued") return "Getting ready …";
  if (run.state === "running") return stageOfRunning(run);
  if (run.state !== "done") return run.reason;
  const name = `Version ${run.version}`;
  if (!versions.some(({ number }) => number === run.version)) return `${name} was made, and deleted since.`;
  if (active === run.version) {
    return run.reason ? `${name} is in use, as you chose.` : `${name} is in use now.`;
  }
  return run.reason
    ? `${name} waits for you to choose it; below is why.`
    : `${name} came into use; you chose another one since.`;
}

/** @param {RunState} run */
function stageOfRunning({ stage, epoch, epochs, accuracy, seconds_left: left }) {
  if (stage !== "training" || !epoch) return `${capital(stage || "starting")} …`;
  if (epochs !== null && epoch >= epochs) return `All ${epochs} epochs are done. Choosing the best weights …`;
  const right = accuracy === null ? "" : ` · ${Math.round(100 * accuracy)} % right on held-out faces`;
  const seconds = Math.max(1, Math.round(left ?? 0));
  return `Epoch ${epoch} of ${epochs}${right} · about ${seconds} s left, then the Core ML model`;
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
