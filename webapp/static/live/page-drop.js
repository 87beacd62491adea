// Files can be dropped anywhere on the page while a part of it is open; it says what will become of them.

import { make } from "../shared/elements.js";
import { atEnd, lifetime } from "../shared/lifetime.js";

/**
 * @param {HTMLElement} element the part
 * @param {{ title: string, text: string }} words
 * @param {(files: File[]) => void} take
 */
export function takesPageDrops(element, { title, text }, take) {
  const signal = lifetime(element);
  const overlay = make("div", "page-drop", "", { "aria-hidden": "true" });
  overlay.append(make("p", "page-drop-title", title), make("p", "", text));
  overlay.hidden = true;
  element.append(overlay);
  atEnd(signal, () => overlay.remove());

  /** @param {(event: DragEvent) => void} act */
  const withFiles = (act) => (/** @type {DragEvent} */ event) => {
    if (element.offsetParent === null || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault(); // else the browser would leave the page for the file
    act(event);
  };
  const over = withFiles(({ dataTransfer }) => {
    overlay.hidden = false;
    if (dataTransfer) dataTransfer.dropEffect = "copy";
  });
  const dropped = withFiles(({ dataTransfer }) => {
    overlay.hidden = true;
    take([...(dataTransfer?.files ?? [])]);
  });
  document.addEventListener("dragenter", over, { signal });
  document.addEventListener("dragover", over, { signal });
  document.addEventListener("drop", dropped, { signal });
  const left = (/** @type {DragEvent} */ { relatedTarget }) => !relatedTarget && (overlay.hidden = true);
  document.addEventListener("dragleave", left, { signal });
}
