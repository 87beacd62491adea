// One image of the gallery.

import { make } from "../shared/elements.js";
import { wear } from "../shared/label-look.js";
import { captionOf } from "./gallery-words.js";

/** @import { LabelFigures, ListedImage } from "../shared/api" */

/**
 * @param {ListedImage} item
 * @param {LabelFigures[]} labels
 * @param {{ click: (event: MouseEvent) => void, open: () => void }} actions
 */
export function tile(item, labels, { click, open }) {
  const { name, guess, agrees, doubted, spoken } = captionOf(item);
  const attributes = {
    role: "option",
    id: tileId(item),
    "data-id": String(item.id),
    title: spoken,
    "aria-label": spoken,
  };
  const cell = make("div", "tile", "", attributes);
  const wears = (/** @type {HTMLElement} */ element, /** @type {string | null} */ label) => {
    const look = labels.find((known) => known.name === label);
    if (look) wear(element, look);
  };
  const picture = make("img", "", "", { src: item.thumbnail, alt: "", loading: "lazy", draggable: "false" });
  const model = make("span", `tile-model${agrees ? " agrees" : ""}${doubted ? " doubts" : ""}`);
  if (guess) {
    const dot = make("i", "tile-dot");
    wears(dot, item.suggested);
    model.append(dot, guess);
  }
  // For the mouse and for fingers; the keyboard has Enter, and an option can hold no button.
  const larger = make("i", "tile-open", "", { title: "Show it large", "aria-hidden": "true" });
  larger.addEventListener("click", (event) => {
    event.stopPropagation();
    open();
  });
  const title = make("span", item.label ? "tile-name" : "tile-name none", name);
  wears(title, item.label);
  cell.append(picture, title, model, larger);
  if (doubted) cell.append(make("em", "", "?"));
  cell.addEventListener("click", click);
  cell.addEventListener("dblclick", open);
  return cell;
}

/** @param {ListedImage} item */
export const tileId = ({ id }) => `tile-${id}`;
