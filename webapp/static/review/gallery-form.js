// The form of the gallery's filter.

import { find } from "../shared/elements.js";
import { fieldsFor, filterChoices, wantedBy } from "./gallery-filter.js";

/** @import { OverviewFigures } from "../shared/api" */
/** @import { Choice, WantedImages } from "./gallery-filter.js" */

/**
 * Brings the form to life; `onFilter` gets what it asks for whenever that changes.
 * @param {HTMLFormElement} form
 * @param {(wanted: WantedImages) => void} onFilter
 */
export function galleryForm(form, onFilter) {
  const selects = {
    label: find(form, "select", "[name=label]"),
    subject: find(form, "select", "[name=subject]"),
    source: find(form, "select", "[name=source]"),
  };
  const fields = {
    ...selects,
    flag: find(form, "select", "[name=flag]"),
    since: find(form, "input", "[name=since]"),
    until: find(form, "input", "[name=until]"),
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    const values = Object.entries(fields).map(([name, field]) => [name, field.value]);
    onFilter(wantedBy(Object.fromEntries(values)));
  });
  find(form, "button", "[data-clear-filters]").addEventListener("click", () => onFilter({}));

  /**
   * Offers what there is, and shows what is wanted.
   * @param {OverviewFigures} overview
   * @param {WantedImages} wanted
   */
  const show = (overview, wanted) => {
    const choices = filterChoices(overview);
    offer(selects.label, choices.label);
    offer(selects.subject, choices.subject);
    offer(selects.source, choices.source);
    const values = fieldsFor(wanted);
    fields.label.value = values.label;
    fields.subject.value = values.subject;
    fields.source.value = values.source;
    fields.flag.value = values.flag;
    fields.since.value = values.since;
    fields.until.value = values.until;
    for (const select of [...Object.values(selects), fields.flag]) {
      if (select.selectedIndex < 0) select.selectedIndex = 0; // what is wanted is no longer there to choose
    }
  };
  return { show };
}

/**
 * @param {HTMLSelectElement} select
 * @param {Choice[]} choices the first one is chosen
 */
export const offer = (select, choices) =>
  select.replaceChildren(...choices.map(([value, text]) => new Option(text, value)));
