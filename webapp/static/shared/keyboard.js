// Whom a key press is meant for.

const TYPING = "input:not([type=checkbox], [type=file]), textarea, select, [contenteditable], dialog";

/**
 * Whether a key press is meant for `element`: it is in view and nobody is typing.
 * @param {HTMLElement} element
 * @param {KeyboardEvent} event
 */
export function isMeantFor(element, event) {
  if (element.offsetParent === null || event.ctrlKey || event.metaKey || event.altKey) return false;
  return !(event.target instanceof Element && event.target.closest(TYPING));
}
