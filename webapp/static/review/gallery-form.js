// The form of the gallery's filter, and the filter as chips, each of which can be taken away.

import { button, find, make } from "../shared/elements.js";
import { chipsFor, fieldsFor, filterChoices, wantedBy } from "./gallery-filter.js";

/** @import { OverviewFigures } from "../shared/api" */
/** @import { Choice, WantedImages } from "./gallery-filter.js" */

/**
 * Brings both to life; `narrow` gets what is asked for whenever that changes.
 * @param {HTMLElement} element the gallery
 * @param {(wanted: WantedImages) => void} narrow
 */
export function galleryForm(element, narrow) {
  const form = find(element, "form", "[data-filters]");
  const fold = find(element, "button", "[data-fold-filters]");
  const chips = find(element, "div", "[data-chips]");
  const selects = {
    label: find(form, "select", "[name=label]"),
    subject: find(form, "select", "[name=subject]"),
    source: find(form, "select", "[name=source]"),
    flag: find(form, "select", "[name=flag]"),
  };
  const fields = {
    ...selects,
    since: find(form, "input", "[name=since]"),
    until: find(form, "input", "[name=until]"),
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    const values = Object.entries(fields).map(([name, field]) => [name, field.value]);
    narrow(wantedBy(Object.fromEntries(values)));
  });
  // Where there is little room, the form is folded until somebody wants it.
  fold.addEventListener("click", () => fold.setAttribute("aria-expanded", String(form.classList.toggle("unfolded"))));

  /**
   * Says what is wanted.
   * @param {WantedImages} wanted
   */
  const showChips = (wanted) => {
    const made = chipsFor(wanted).map(({ text, without }) => {
      const chip = make("button", "gallery-chip", "", {
        type: "button",
        "aria-label": `Take the filter “${text}” away`,
      });
      chip.append(make("span", "", text), make("span", "", "×", { "aria-hidden": "true" }));
      chip.addEventListener("click", () => {
        narrow(without);
        (chips.querySelector("button") ?? form.querySelector("select"))?.focus();
      });
      return chip;
    });
    if (made.length > 1) made.push(button("Clear all", "quiet", () => narrow({})));
    chips.replaceChildren(...made);
  };

  /**
   * Offers what there is, and shows what is wanted.
   * @param {OverviewFigures} overview
   * @param {WantedImages} wanted
   */
  const show = (overview, wanted) => {
    const choices = filterChoices(overview, wanted);
    const values = fieldsFor(wanted);
    for (const name of /** @type {const} */ (["label", "subject", "source", "flag"])) {
      offer(selects[name], choices[name]);
      selects[name].value = values[name];
    }
    fields.since.value = values.since;
    fields.until.value = values.until;
  };
  return { show, showChips };
}

/**
 * @param {HTMLSelectElement} select
 * @param {Choice[]} choices the first one is chosen
 */
export const offer = (select, choices) =>
  select.replaceChildren(...choices.map(([value, text]) => new Option(text, value)));
