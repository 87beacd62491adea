// The bar above the gallery's images: how many are selected, and what can be done with them.

import { find } from "../shared/elements.js";
import { attempt } from "../shared/toast.js";
import { answerOf, relabelChoices } from "./gallery-filter.js";
import { offer } from "./gallery-form.js";
import { selectedText } from "./gallery-words.js";
import { personForm } from "./person-form.js";

/** @import { OverviewFigures } from "../shared/api" */
/** @import { GalleryImages } from "./gallery-images.js" */
/** @import { GallerySelection } from "./gallery-selection.js" */
/** @import { GivenAnswer } from "./queue-words.js" */

/**
 * @param {HTMLElement} element the gallery
 * @param {GalleryImages} images
 * @param {GallerySelection} selection
 * @param {object} actions
 * @param {() => void} actions.selectAll
 * @param {(answer: GivenAnswer) => void} actions.answer
 * @param {(subject: string) => Promise<unknown>} actions.name resolves to whether it was done
 * @param {() => void} actions.remove
 */
export function galleryBar(element, images, selection, { selectAll, answer, name, remove }) {
  const selected = find(element, "p", "[data-selected]");
  const actions = find(element, "div", "[data-actions]");
  const all = find(element, "button", "[data-select-all]");
  const none = find(element, "button", "[data-select-none]");
  const relabel = find(element, "select", "[data-relabel]");
  const removal = find(element, "button", "[data-delete]");
  const person = personForm(find(element, "form", "[data-person]"), async (subject) => {
    if (await attempt(() => name(subject))) person.show("");
  });

  all.addEventListener("click", selectAll);
  removal.addEventListener("click", remove);
  relabel.addEventListener("change", () => {
    const { value } = relabel;
    relabel.value = "";
    if (value) answer(answerOf(value));
  });

  /** Says what is selected. */
  const mark = () => {
    const { size } = selection;
    const onPage = images.ids.filter((id) => selection.has(id)).length;
    selected.textContent = selectedText(size, onPage, images.total);
    all.textContent = `Select all ${images.total.toLocaleString("en")}`;
    all.disabled = !images.total || size >= images.total;
    none.disabled = relabel.disabled = removal.disabled = !size;
    person.enable(size > 0);
    actions.classList.toggle("active", size > 0);
  };
  return {
    none,
    mark,
    /** @param {OverviewFigures} overview what can be chosen now */
    offer(overview) {
      offer(relabel, relabelChoices(overview.labels));
      person.offer(overview);
    },
  };
}
