// Deleting all of a person, or everything; and what the trash still holds.

import { button, card, field, make } from "../shared/elements.js";
import { count } from "../shared/numbers.js";
import { attempt } from "../shared/toast.js";
import { removeAsked } from "./deletion-question.js";
import { holds } from "./trash-words.js";

/** @import { OverviewFigures } from "../shared/api" */

/**
 * Everyone who is named, with their images in the data set and in the trash.
 * @param {Pick<OverviewFigures, "subjects" | "trash">} seen
 */
export function everyone({ subjects, trash }) {
  /** @type {Map<string, { here: number, inTrash: number }>} */
  const people = new Map();
  for (const [name, here] of subjects) if (name !== null) people.set(name, { here, inTrash: 0 });
  for (const [name, inTrash] of trash.people) people.set(name, { here: people.get(name)?.here ?? 0, inTrash });
  return people;
}

/**
 * @param {OverviewFigures} seen
 * @param {() => void} toTrash opens the trash
 */
export function deletionCard(seen, toTrash) {
  const { total, trash } = seen;
  const row = make("div", "row");
  const people = everyone(seen);
  if (people.size) {
    const select = make("select", "", "", { "aria-label": "Person to delete" });
    for (const [name, { here, inTrash }] of people) {
      select.append(new Option(`${name} (${here}${inTrash ? `, ${inTrash} in the trash` : ""})`, name));
    }
    const person = () => {
      const name = select.value;
      const { here = 0, inTrash = 0 } = people.get(name) ?? {};
      return removeAsked({ subject: name }, `${count(here, "image")} of ${name}`, undefined, inTrash);
    };
    row.append(
      field("Person", select),
      button("Delete all of this person", "danger", () => attempt(person)),
    );
  }
  const everything = () => removeAsked({ everything: true }, `all ${count(total, "image")}`, undefined, trash.images);
  const all = button("Delete everything", "danger", () => attempt(everything));
  all.disabled = !total;
  row.append(all);

  const kept = make("p", "in-trash", trash.images ? "Still in the trash: " : "The trash is empty.");
  if (trash.images) {
    const link = make("button", "link", holds(trash), { type: "button" });
    link.addEventListener("click", toTrash);
    kept.append(link);
  }
  return card("Delete", "removal", row, kept);
}
