// What training would learn from, label by label.

import { find, make } from "../shared/elements.js";
import { count } from "../shared/numbers.js";
import { track } from "../shared/track.js";
import { shortageOf } from "./run-words.js";

/** @import { TrainingData } from "../shared/api" */

/**
 * @param {HTMLElement} element the Train tab
 * @param {TrainingData} data
 */
export function drawTrainData(element, data) {
  const { labels, missing, unlabelled } = data;
  const most = Math.max(1, ...labels.map(({ images }) => images));
  const rows = labels.map((label) => {
    const row = make("div", "bar train-row");
    row.style.setProperty("--label", label.color);
    row.append(
      make("span", "name", label.name, { title: label.name }),
      track({ percent: (100 * label.images) / most }),
      make("span", "number", String(label.images)),
      make("span", "short", shortageOf(label, data)),
    );
    return row;
  });
  find(element, "div", "[data-counts]").replaceChildren(...rows);
  hint(element, "[data-missing]", missing);
  const waiting = unlabelled ? `${count(unlabelled, "image waits", "images wait")} for a label.` : "";
  hint(element, "[data-unlabelled]", waiting);
}

/**
 * A line with a button beside its text; without a text it is hidden.
 * @param {HTMLElement} element
 * @param {string} selector
 * @param {string} text
 */
function hint(element, selector, text) {
  const line = find(element, "p", selector);
  find(line, "span").textContent = text;
  line.hidden = !text;
}
