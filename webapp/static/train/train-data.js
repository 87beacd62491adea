// What training would learn from, label by label, and what it could be measured on.

import { find, make } from "../shared/elements.js";
import { wear } from "../shared/label-look.js";
import { count } from "../shared/numbers.js";
import { track } from "../shared/track.js";
import { shortageOf } from "./run-words.js";

/** @import { TrainableLabel, TrainingData } from "../shared/api" */

/**
 * @param {HTMLElement} element the Train tab
 * @param {TrainingData} data
 * @param {string[]} [heldOut] the people who are to be held out
 */
export function drawTrainData(element, data, heldOut = []) {
  const { labels, missing, unlabelled } = data;
  const most = Math.max(1, ...labels.map(({ images }) => images));
  const rows = labels.map((label) => {
    const row = make("li", "bar train-row");
    wear(row, label);
    row.append(
      make("span", "name", label.name, { title: label.name }),
      track({ percent: (100 * label.images) / most }),
      make("span", "number", amountOf(label)),
      make("span", "short", sentenceOf(label, data, heldOut)),
    );
    return row;
  });
  find(element, "ul", "[data-counts]").replaceChildren(...rows);
  hint(element, "[data-missing]", missing);
  const waiting = unlabelled ? `${count(unlabelled, "image waits", "images wait")} for a label.` : "";
  hint(element, "[data-unlabelled]", waiting);
}

/**
 * How many images a label has, and of how many takes.
 * @param {Pick<TrainableLabel, "images" | "takes">} label
 */
export const amountOf = ({ images, takes }) => (takes ? `${count(takes, "take", "takes")} · ${images}` : `${images}`);

/**
 * What a label lacks, and what it cannot be measured on; "" where there is nothing to say.
 * @param {TrainableLabel} label
 * @param {TrainingData} data
 * @param {string[]} heldOut
 */
export function sentenceOf(label, data, heldOut) {
  const shortage = shortageOf(label, data);
  const lacks = shortage && `${shortage.charAt(0).toUpperCase()}${shortage.slice(1)}.`;
  if (label.left_out) return lacks;
  return [lacks, heldOut.length ? heldOutOf(label, data, heldOut) : label.note].filter(Boolean).join(" ");
}

/**
 * What is held out of a label where people are.
 * @param {TrainableLabel} label
 * @param {TrainingData} data
 * @param {string[]} heldOut
 */
function heldOutOf({ name, images }, { people }, heldOut) {
  if (!images) return "";
  const theirs = people.filter((person) => heldOut.includes(person.name)).map((person) => person.images[name] ?? 0);
  const held = theirs.reduce((sum, each) => sum + each, 0);
  if (!held) return "Not measured: nobody you hold out shows it.";
  return held === images ? "All held out: nothing is learned of it." : `${held} of ${images} held out.`;
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
