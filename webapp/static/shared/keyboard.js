// Whom a key press is meant for.

const TYPING = "input:not([type=checkbox], [type=file]), textarea, select, [contenteditable], dialog";

/**
 * Whether a key press is meant for `element`: it is in view and nobody is typing.
 * @param {HTMLElement} element
 * @param {KeyboardEvent} event
 */
export const isMeantFor = (element, event) =>
  !(event.ctrlKey || event.metaKey || event.altKey) && element.offsetParent !== null && !isTyped(event);

/**
 * Whether a key press asks to select everything in `element`: Ctrl+A or, on a Mac, Cmd+A.
 * @param {HTMLElement} element
 * @param {KeyboardEvent} event
 */
export const selectsAllOf = (element, event) =>
  event.key.toLowerCase() === "a" &&
  (event.ctrlKey || event.metaKey) &&
  !(event.altKey || event.shiftKey) &&
  element.offsetParent !== null &&
  !isTyped(event);

/**
 * Whether a key press goes to a field, so that it is text there.
 * @param {Event} event
 */
const isTyped = ({ target }) => target instanceof Element && target.closest(TYPING) !== null;
