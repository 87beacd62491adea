// The last thing that was done to many images can be taken back from anywhere in Review, by a button and by U.

import { find } from "../shared/elements.js";
import { isMeantFor } from "../shared/keyboard.js";
import { lifetime } from "../shared/lifetime.js";
import { nextUndo, undoLast, undoing } from "../shared/undo.js";

/** @param {HTMLElement} element the Review tab */
export function undoButton(element) {
  const signal = lifetime(element);
  const button = find(element, "button", "[data-undo-last]");
  const show = () => {
    const next = nextUndo();
    button.hidden = next === null;
    find(button, "span").textContent = next ? `Undo: ${next.text.replace(/\.$/, "")}` : "";
  };
  undoing.on("next", show, signal);
  show();
  button.addEventListener("click", undoLast);

  const queueUndo = find(element, "button", "[data-undo]");
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key.toLowerCase() !== "u" || event.repeat || !isMeantFor(element, event)) return;
    if (queueUndo.offsetParent !== null && !queueUndo.disabled) return; // the queue takes its last answer back
    event.preventDefault();
    undoLast();
  };
  document.addEventListener("keydown", onKey, { signal });
}
