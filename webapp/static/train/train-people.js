// Whom a run holds out, if somebody chooses: the named people, each with a box to tick.

import { find, make } from "../shared/elements.js";
import { count } from "../shared/numbers.js";

/** @import { TrainablePerson } from "../shared/api" */

/**
 * The people who are chosen stay so as long as there are images of them.
 * @param {HTMLElement} element the Train tab
 * @param {TrainablePerson[]} people
 */
export function drawTrainPeople(element, people) {
  const chosen = new Set(chosenPeople(element));
  find(element, "details", "[data-people]").hidden = !people.length;
  const choices = find(element, "fieldset", "[data-choices]");
  const there = [...choices.querySelectorAll("input")].map(({ value }) => value);
  if (JSON.stringify(there) !== JSON.stringify(people.map(({ name }) => name))) {
    choices.querySelectorAll("label").forEach((label) => label.remove());
    choices.append(...people.map((person) => choice(person, chosen.has(person.name))));
  }
  people.forEach(({ images }, at) => {
    const total = Object.values(images).reduce((sum, each) => sum + each, 0);
    choices.querySelectorAll("label .number")[at].textContent = count(total, "image", "images");
  });
  const names = chosenPeople(element);
  find(element, "b", "[data-chosen]").textContent =
    names.length > 2 ? `${names.length} people` : names.join(", ") || "none";
}

/**
 * The names of those who are chosen.
 * @param {HTMLElement} element the Train tab
 */
export const chosenPeople = (element) =>
  [...find(element, "fieldset", "[data-choices]").querySelectorAll("input")]
    .filter(({ checked }) => checked)
    .map(({ value }) => value);

/**
 * @param {TrainablePerson} person
 * @param {boolean} checked
 */
function choice({ name }, checked) {
  const label = make("label", "mien-check");
  const box = make("input", "", "", { type: "checkbox", value: name });
  box.checked = checked;
  label.append(box, make("span", "name", name, { title: name }), make("span", "number"));
  return label;
}
