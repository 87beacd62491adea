// What can be done with a label, and what a person is asked before it is.

import { keyName } from "../shared/label-keys.js";
import { count } from "../shared/numbers.js";

/** @import { LabelFigures } from "../shared/api" */

/**
 * The names in their new order, `names[index]` moved by `step`.
 * @param {string[]} names
 * @param {number} index
 * @param {number} step
 */
export function moved(names, index, step) {
  const order = names.filter((_, at) => at !== index);
  order.splice(index + step, 0, names[index]);
  return order;
}

/**
 * The labels that can get the images of `label`.
 * @param {LabelFigures} label
 * @param {LabelFigures[]} all
 */
export const heirsOf = (label, all) =>
  all.filter(({ name, enabled }) => enabled && name !== label.name).map(({ name }) => name);

/**
 * What is said when `label` gets `key` and another label has had it; "" where none has.
 * @param {LabelFigures} label as it is before
 * @param {string | null | undefined} key
 * @param {LabelFigures[]} all
 */
export function swapText(label, key, all) {
  const holder = all.find((other) => key && other.key === key && other.name !== label.name);
  return holder ? `${keyName(label.key)} is the key of ${holder.name} now.` : "";
}

/** @param {LabelFigures} label */
export function mergeQuestion({ name, images, built_in: builtIn }) {
  const after = builtIn ? "is switched off" : "is gone";
  return {
    title: `Merge “${name}” into another label?`,
    text: `Its ${count(images, "image")} get that label; “${name}” ${after}. You can undo this.`,
  };
}

/**
 * What is asked before a label that has images is removed.
 * @param {LabelFigures} label
 */
export function removalQuestion({ name, images }) {
  /** @type {[value: "unlabel" | "move" | "delete", text: string, className: string][]} */
  const answers = [
    ["unlabel", "Keep, unlabelled", ""],
    ["move", "Give them the label above", ""],
    ["delete", "Move them to the trash", "danger"],
  ];
  const text = `It has ${count(images, "image")}. What becomes of them? You can undo this.`;
  return { title: `Remove “${name}”?`, text, answers };
}
