// A field for whose face it is, with the people who are known.

import { button, make } from "../shared/elements.js";

/** @import { OverviewFigures } from "../shared/api" */

/**
 * @param {HTMLFormElement} form an empty one
 * @param {(subject: string) => void} onName gets "" for nobody
 */
export function personForm(form, onName) {
  const known = make("datalist", "", "", { id: `people-of-${form.dataset.person}` });
  const field = make("input", "", "", {
    ...{ type: "text", placeholder: "Person", "aria-label": "Person", list: known.id },
    autocomplete: "off",
  });
  const name = button("", "", () => {});
  name.type = "submit";
  const showAction = () => (name.textContent = field.value.trim() ? "Set person" : "Clear person");
  field.addEventListener("input", showAction);
  form.classList.add("person-form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onName(field.value.trim());
    field.blur();
  });
  form.append(field, known, name);
  showAction();
  return {
    /** @param {OverviewFigures} overview */
    offer: ({ subjects }) =>
      known.replaceChildren(...subjects.flatMap(([subject]) => (subject ? [new Option(subject)] : []))),
    /** @param {string} subject */
    show(subject) {
      field.value = subject;
      showAction();
    },
    /** @param {boolean} enabled */
    enable(enabled) {
      field.disabled = name.disabled = !enabled;
    },
  };
}
