// A place to drop files on; it shows that it would take them.

export function takesDrops(element, take) {
  const over = (event, is) => {
    event.preventDefault();
    element.classList.toggle("over", is);
  };
  for (const type of ["dragenter", "dragover"]) element.addEventListener(type, (event) => over(event, true));
  element.addEventListener("dragleave", () => element.classList.remove("over"));
  element.addEventListener("drop", (event) => {
    over(event, false);
    take(event.dataTransfer);
  });
}
