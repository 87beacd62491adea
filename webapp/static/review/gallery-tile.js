// One image of the gallery.

import { make } from "../shared/elements.js";

/** @import { ListedImage } from "../shared/api" */

/** @type {Record<string, string>} */
const NO_LABEL = { skip: "skipped", not_a_face: "not a face" };

/**
 * What a tile says of an image; `doubt` is the label that the model takes it for, if that is another one.
 * @param {ListedImage} item
 */
export function captionOf({ label, answer, suggested, flags, subject }) {
  const name = label || NO_LABEL[answer] || "unlabelled";
  const doubt = flags.includes("mislabelled") ? suggested : null;
  const spoken = doubt ? `${name}, the model says ${doubt}` : name;
  return { name, doubt, spoken, title: subject ? `${spoken} · ${subject}` : spoken };
}

/**
 * @param {ListedImage} item
 * @param {string} color of its label
 * @param {(event: MouseEvent) => void} onClick
 */
export function tile(item, color, onClick) {
  const { name, doubt, spoken, title } = captionOf(item);
  const attributes = { role: "option", id: tileId(item), "data-id": String(item.id), title, "aria-label": spoken };
  const cell = make("div", "tile", "", attributes);
  cell.style.setProperty("--label", color);
  const picture = make("img", "", "", { src: item.thumbnail, alt: "", loading: "lazy", draggable: "false" });
  cell.append(picture, make("span", item.label ? "" : "none", name));
  if (doubt) cell.append(make("em", "", "?", { title: `The model says ${doubt}` }));
  cell.addEventListener("click", onClick);
  return cell;
}

/** @param {ListedImage} item */
export const tileId = ({ id }) => `tile-${id}`;
