// Files can be dropped anywhere on the page while a part of it that takes them is open; it says what will become of them.

import { make } from "./elements.js";
import { atEnd, lifetime } from "./lifetime.js";
import { say } from "./toast.js";

/**
 * @param {HTMLElement} element the part
 * @param {{ title: string, text: string }} words
 * @param {(dropped: DataTransfer) => void} take
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
    if (element.offsetParent === null || !hasFiles(event)) return;
    event.preventDefault(); // else the browser would leave the page for the file
    act(event);
  };
  const over = withFiles(({ dataTransfer }) => {
    overlay.hidden = false;
    if (dataTransfer) dataTransfer.dropEffect = "copy";
  });
  const dropped = withFiles(({ dataTransfer }) => {
    overlay.hidden = true;
    if (dataTransfer) take(dataTransfer);
  });
  document.addEventListener("dragenter", over, { signal });
  document.addEventListener("dragover", over, { signal });
  document.addEventListener("drop", dropped, { signal });
  const left = (/** @type {DragEvent} */ { relatedTarget }) => !relatedTarget && (overlay.hidden = true);
  document.addEventListener("dragleave", left, { signal });
}

/**
 * Files that no open part takes are left alone: without this the browser would leave the page for them.
 * @param {AbortSignal} signal
 */
export function refusesOtherDrops(signal) {
  // The window hears it last.
  const refuse = (/** @type {DragEvent} */ event) => {
    if (event.defaultPrevented || !hasFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "none";
    if (event.type === "drop") say("Drop files on Live to have their faces named, or on Collect to keep them.");
  };
  window.addEventListener("dragover", refuse, { signal });
  window.addEventListener("drop", refuse, { signal });
}

/** @param {DragEvent} event */
const hasFiles = ({ dataTransfer }) => Boolean(dataTransfer?.types.includes("Files"));
