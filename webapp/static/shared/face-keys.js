// Left and right choose among the faces on a stage, Escape gives the choice back to Mien.

import { isMeantFor } from "./keyboard.js";

/** @import { Stage } from "./stage.js" */

const HAS_ARROWS = "[role=tablist], [role=radiogroup], [role=menu], [role=slider], input, audio, video[controls]";

/**
 * @param {Pick<Stage, "element" | "faces" | "chosen" | "choose" | "step">} stage
 * @param {AbortSignal} signal
 */
export function chooseByKeys(stage, signal) {
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.defaultPrevented || event.shiftKey || !isMeantFor(stage.element, event)) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && stage.faces.length && !(event.target instanceof Element && event.target.closest(HAS_ARROWS))) {
      event.preventDefault();
      stage.step(step);
    } else if (event.key === "Escape" && stage.chosen) stage.choose(null);
  };
  document.addEventListener("keydown", press, { signal });
}
