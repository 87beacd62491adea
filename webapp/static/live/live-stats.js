// The line that says how live the view is; tests and the bench read its data attributes.

import { find } from "../shared/elements.js";

/** @import { SeenFace } from "../shared/api" */
/** @import { Stage } from "../shared/stage.js" */

/**
 * @param {HTMLElement} element
 * @param {Stage} stage
 * @param {SeenFace | null} main
 */
export function showStats(element, stage, main) {
  const fps = stage.live ? stage.rate.fps : 0;
  const latency = fps ? stage.rate.latency : 0;
  const values = {
    fps: String(fps),
    latencyMs: fps ? latency.toFixed(1) : "0",
    faces: String(stage.live ? stage.faces.length : 0),
    label: main?.label ?? "",
  };
  for (const [name, value] of Object.entries(values)) {
    if (element.dataset[name] !== value) element.dataset[name] = value;
  }
  find(element, "span", "[data-rate]").textContent = String(fps);
  find(element, "span", "[data-trip]").textContent = fps ? String(Math.round(latency)) : "–";
}
