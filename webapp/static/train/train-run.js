// The newest training run, as it goes.

import { find } from "../shared/elements.js";
import { drawCurves } from "./run-curves.js";
import { endedEarly, shareOf, stageOf, titleOf, wentWrong } from "./run-words.js";

/** @import { TrainingState } from "../shared/api" */

/**
 * @param {HTMLElement} element the Train tab
 * @param {TrainingState} state
 */
export function drawTrainRun(element, state) {
  const { run } = state;
  find(element, "h2", "[data-run-title]").textContent = titleOf(run);
  find(element, "button", "[data-cancel]").hidden = !run?.open || run.version !== null;
  find(element, "button", "[data-again]").hidden = !endedEarly(run) || Boolean(state.data.missing);
  const stage = find(element, "p", "[data-stage]");
  stage.textContent = stageOf(state);
  stage.classList.toggle("bad", wentWrong(run));
  find(element, "progress").value = shareOf(run);
  const curves = element.querySelector("[data-curves]");
  if (curves) drawCurves(curves, run?.curves ?? {}, run?.epochs ?? 0);
}
