// Whether faces show what spoke for their label: one switch, wherever it stands, remembered by the browser.

import { Emitter } from "./emitter.js";
import { make } from "./elements.js";
import { recall, remember } from "./remember.js";

const KEPT = "mien-why";

/** The key that turns it on and off; no label can have it. */
export const WHY_KEY = "?";

/** @extends {Emitter<{ change: boolean }>} */
export class Why extends Emitter {
  shown = recall(KEPT) === "on";

  toggle() {
    this.shown = !this.shown;
    remember(KEPT, this.shown ? "on" : "off");
    this.emit("change", this.shown);
  }
}

export const why = new Why();

/**
 * A button that is pressed while it is on.
 * @param {AbortSignal} signal whose end is the button's too
 */
export function whyButton(signal) {
  const button = make("button", "mien-button why-button", "Why", { type: "button" });
  button.title = `Show what spoke for the answer (${WHY_KEY})`;
  button.setAttribute("aria-keyshortcuts", WHY_KEY);
  const show = () => button.setAttribute("aria-pressed", String(why.shown));
  button.addEventListener("click", () => why.toggle());
  why.on("change", show, signal);
  show();
  return button;
}

/**
 * The line below a heat map: its hue, and what it shows.
 * @param {string} [className]
 */
export function heatLegend(className = "") {
  const element = make("p", `heat-legend ${className}`);
  const words = make("span");
  element.append(make("i", "heat-scale", "", { "aria-hidden": "true" }), words);
  element.hidden = true;
  return {
    element,
    /** @param {string} text "" hides it */
    show(text) {
      element.hidden = !text;
      if (words.textContent !== text) words.textContent = text;
    },
  };
}

/**
 * What a heat map shows, in words.
 * @param {{ label: string, doubt?: string }[]} faces
 * @param {string} [problem] why there is none
 */
export function heatWords(faces, problem = "") {
  if (problem) return problem;
  const labels = [...new Set(faces.map(({ label }) => label))];
  if (!labels.length) return "";
  if (labels.length > 1) return "What spoke for each name";
  const doubt = faces.length === 1 && faces[0].doubt;
  return `What spoke for ${labels[0]}${doubt ? ` (not sure: ${doubt})` : ""}`;
}
