// A question to the person, over the page.

import { button, make } from "./elements.js";

/**
 * A question with buttons. Resolves to the value of the one that was pressed, or to null.
 * @template {string} Value
 * @param {string} title
 * @param {string} text
 * @param {[value: Value, text: string, className: string][]} answers
 * @param {HTMLElement | null} [extra] shown between text and buttons
 * @returns {Promise<Value | null>}
 */
export function askPerson(title, text, answers, extra = null) {
  const dialog = make("dialog", "mien-card mien-dialog", "", { "aria-label": title });
  const row = make("div", "row");
  /** @type {Value | null} */
  let given = null;
  row.append(button("Cancel", "quiet", () => dialog.close()));
  for (const [value, label, className] of answers) {
    const choice = button(label, className, () => {
      given = value;
      dialog.close();
    });
    row.append(choice);
  }
  dialog.append(make("h2", "", title), make("p", "", text));
  if (extra) dialog.append(extra);
  dialog.append(row);
  document.querySelector(".gradio-container")?.append(dialog);
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(given);
    }),
  );
}
