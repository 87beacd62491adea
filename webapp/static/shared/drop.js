// A place to drop files on; it shows that it would take them.

/**
 * @param {HTMLElement} element
 * @param {(dropped: DataTransfer) => void} take
 */
export function takesDrops(element, take) {
  /** @param {DragEvent} event @param {boolean} is */
  const over = (event, is) => {
    event.preventDefault();
    element.classList.toggle("over", is);
  };
  element.addEventListener("dragenter", (event) => over(event, true));
  element.addEventListener("dragover", (event) => over(event, true));
  element.addEventListener("dragleave", () => element.classList.remove("over"));
  element.addEventListener("drop", (event) => {
    over(event, false);
    if (event.dataTransfer) take(event.dataTransfer);
  });
}
