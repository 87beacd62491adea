// One label in the table of labels, with what can be changed of it.

import { button, make } from "../shared/elements.js";
import { KEYS, keyName } from "../shared/label-keys.js";

/** @import { LabelFigures, LabelSettings } from "../shared/api" */

/**
 * @typedef {object} LabelActions
 * @property {() => void} show the label's images
 * @property {(settings: Omit<LabelSettings, "name">) => void} set
 * @property {(to: string) => Promise<true | undefined>} rename whether it was done
 * @property {(step: number) => void} move up (-1) or down (1)
 * @property {() => void} merge
 * @property {() => void} remove
 */

/**
 * @param {LabelFigures} label
 * @param {{ first: boolean, last: boolean }} place
 * @param {LabelActions} actions
 */
export function labelRow(label, place, actions) {
  const line = make("tr", label.enabled ? "" : "off", "", { "data-label": label.name });
  line.append(
    cell("", colorOf(label, actions)),
    cell("name", nameOf(label, actions)),
    cell("", keyOf(label, actions)),
    cell("number", imagesOf(label, actions)),
    cell("", switchOf(label, actions)),
    cell("actions", ...buttonsOf(label, place, actions)),
  );
  return line;
}

/**
 * @param {LabelFigures} label
 * @param {LabelActions} actions
 */
function colorOf({ name, color }, { set }) {
  const input = make("input", "", "", { type: "color", value: color, "aria-label": `Colour of ${name}` });
  input.addEventListener("change", () => set({ color: input.value }));
  return input;
}

/**
 * @param {LabelFigures} label
 * @param {LabelActions} actions
 */
function nameOf({ name, built_in: builtIn }, { rename }) {
  if (builtIn) return make("span", "", name);
  const input = make("input", "", "", { type: "text", value: name, maxlength: 40, "aria-label": `Name of ${name}` });
  input.addEventListener("change", async () => {
    if (!(await rename(input.value))) input.value = name;
  });
  return input;
}

/**
 * @param {LabelFigures} label
 * @param {LabelActions} actions
 */
function keyOf({ name, key }, { set }) {
  const select = make("select", "", "", { "aria-label": `Key of ${name}` });
  select.append(...KEYS.map((one) => new Option(keyName(one), one)));
  select.value = key;
  select.addEventListener("change", () => set({ key: select.value }));
  return select;
}

/**
 * @param {LabelFigures} label
 * @param {LabelActions} actions
 */
function imagesOf({ images }, { show }) {
  const number = images.toLocaleString("en");
  const link = make("button", "link", number, { type: "button", title: "Show them in the gallery" });
  link.addEventListener("click", show);
  return link;
}

/**
 * @param {LabelFigures} label
 * @param {LabelActions} actions
 */
function switchOf({ name, enabled }, { set }) {
  const box = make("input", "", "", { type: "checkbox", "aria-label": `Use ${name}` });
  box.checked = enabled;
  box.addEventListener("change", () => set({ enabled: box.checked }));
  return box;
}

/**
 * @param {LabelFigures} label
 * @param {{ first: boolean, last: boolean }} place
 * @param {LabelActions} actions
 */
function buttonsOf({ name, built_in: builtIn }, { first, last }, { move, merge, remove }) {
  const up = button("↑", "quiet", () => move(-1));
  const down = button("↓", "quiet", () => move(1));
  up.title = up.ariaLabel = `Move ${name} up`;
  down.title = down.ariaLabel = `Move ${name} down`;
  up.disabled = first;
  down.disabled = last;
  const buttons = [up, down, button("Merge", "quiet", merge)];
  if (!builtIn) buttons.push(button("Remove", "quiet", remove));
  return buttons;
}

/**
 * @param {string} className
 * @param {Node[]} content
 */
function cell(className, ...content) {
  const made = make("td", className);
  made.append(...content);
  return made;
}
