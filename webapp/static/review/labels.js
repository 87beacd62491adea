// The label set: colour, name, key, order, on and off, merge, remove.

import { get, post } from "../shared/ask.js";
import { askPerson } from "../shared/dialog.js";
import { field, find, make } from "../shared/elements.js";
import { changed, keepFresh } from "../shared/freshness.js";
import { attempt, say } from "../shared/toast.js";
import { offerUndo } from "../shared/undo.js";
import { labelRow } from "./label-row.js";
import { heirsOf, mergeQuestion, moved, removalQuestion, swapText } from "./label-rules.js";

/** @import { LabelFigures, LabelGone, OverviewFigures } from "../shared/api" */
/** @import { WantedImages } from "./gallery-filter.js" */

/**
 * @param {HTMLElement} element
 * @param {(images: WantedImages) => void} show opens the gallery on these
 */
export function labels(element, show) {
  const rows = find(element, "tbody", "[data-label-rows]");
  const form = find(element, "form", "[data-label-add]");
  /** @type {LabelFigures[]} */
  let all = [];

  const draw = (/** @type {OverviewFigures} */ overview) => {
    all = overview.labels;
    rows.replaceChildren(...all.map(row));
  };
  keepFresh(element, () => attempt(async () => draw(await get("/data/overview"))));

  /**
   * @param {Promise<OverviewFigures>} asked
   * @param {string} [told] what is said once it is done
   * @returns {Promise<true | undefined>} whether it was done
   */
  const change = (asked, told) =>
    attempt(async () => {
      draw(await asked);
      changed(element);
      if (told) say(told);
      return /** @type {const} */ (true);
    });

  /**
   * @param {Promise<LabelGone>} asked
   * @param {string} told what is said once the label is gone
   */
  const takeAway = (asked, told) =>
    attempt(async () => {
      const { action, overview } = await asked;
      draw(overview);
      changed(element);
      offerUndo(told, action);
    });

  const row = (/** @type {LabelFigures} */ label, /** @type {number} */ index) => {
    const { name } = label;
    const place = { first: index === 0, last: index === all.length - 1 };
    return labelRow(label, place, {
      show: () => show({ label: name }),
      set: (settings) =>
        change(post("/data/labels/set", { body: { name, ...settings } }), swapText(label, settings.key, all)),
      rename: (to) => change(post("/data/labels/rename", { body: { name, to } })),
      move: (step) => move(index, step),
      merge: () => merge(label),
      remove: () => remove(label),
    });
  };
  const move = (/** @type {number} */ index, /** @type {number} */ step) => {
    const names = all.map(({ name }) => name);
    change(post("/data/labels/order", { body: { order: moved(names, index, step) } }));
  };
  const merge = async (/** @type {LabelFigures} */ label) => {
    const { name } = label;
    const { title, text } = mergeQuestion(label);
    const heirs = heirChoice(label, all);
    if (!(await askPerson(title, text, [["yes", "Merge", "primary"]], field("Label", heirs)))) return;
    const to = heirs.value;
    takeAway(post("/data/labels/merge", { body: { name, to } }), `“${name}” is merged into “${to}”.`);
  };
  const remove = async (/** @type {LabelFigures} */ label) => {
    const { name } = label;
    const told = `“${name}” is removed.`;
    if (!label.images) {
      takeAway(post("/data/labels/remove", { body: { name } }), told);
      return;
    }
    const { title, text, answers } = removalQuestion(label);
    const heirs = heirChoice(label, all);
    const images = await askPerson(title, text, answers, field("Label", heirs));
    if (images) takeAway(post("/data/labels/remove", { body: { name, images, to: heirs.value } }), told);
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const input = find(form, "input");
    if (await change(post("/data/labels/add", { body: { name: input.value } }))) input.value = "";
  });
}

/**
 * The choice of the label that gets another one's images.
 * @param {LabelFigures} label
 * @param {LabelFigures[]} all
 */
function heirChoice(label, all) {
  const select = make("select", "", "", { "aria-label": "Label that gets the images" });
  select.append(...heirsOf(label, all).map((name) => new Option(name)));
  return select;
}
