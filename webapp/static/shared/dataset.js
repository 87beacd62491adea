// The data set, as the server's /mien/api/data routes offer it, and the toast that says what became of an action.

const BASE = "/mien/api/data";

/** Asks the server; throws an Error with a sentence to show. */
export async function ask(path, body, options = {}) {
  let response;
  try {
    const json = body !== undefined && {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    };
    response = await fetch(BASE + path, { ...json, ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("Mien cannot be reached. Is it still running?", { cause: error });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok)
    throw new Error(typeof answer.error === "string" ? answer.error : `Mien could not do that (${response.status}).`);
  return answer;
}

/** Tells every part of the page that labels or images changed. */
export const changed = (from) => window.dispatchEvent(new CustomEvent("mien:changed", { detail: { from } }));

/** `refresh` when anything else changes the data set, and when `element` comes into view. */
export function keepFresh(element, refresh) {
  let stale = true;
  const visible = () => element.offsetParent !== null;
  const update = () => {
    if (!visible()) return;
    stale = false;
    refresh();
  };
  window.addEventListener("mien:changed", ({ detail }) => {
    if (detail?.from === element) return;
    stale = true;
    update();
  });
  new IntersectionObserver(([entry]) => entry.isIntersecting && stale && update()).observe(element);
  new MutationObserver(() => visible() && stale && update()).observe(element, {
    attributes: true,
    attributeFilter: ["hidden"],
  });
}

/** Whether a key press is meant for `element`: it is in view and nobody is typing. */
export function isMeantFor(element, event) {
  if (element.offsetParent === null || event.ctrlKey || event.metaKey || event.altKey) return false;
  return !event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], dialog");
}

let toasts;
/** A line at the foot of the page; with `undo` it has a button for it, and stays whatever else is said meanwhile. */
export function say(text, { bad = false, undo = null } = {}) {
  if (!toasts) {
    toasts = ["mien-toast offer", "mien-toast"].map((name) =>
      make("div", name, "", { role: "status", "aria-live": "polite" }),
    );
    document.querySelector(".gradio-container").append(...toasts);
  }
  const toast = toasts[undo ? 0 : 1];
  toast.textContent = text;
  toast.classList.toggle("bad", bad);
  if (undo) {
    const act = make("button", "", "Undo", { type: "button" });
    act.addEventListener("click", () => {
      toast.classList.remove("shown");
      undo();
    });
    toast.append(act);
  }
  toast.classList.add("shown");
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => toast.classList.remove("shown"), undo ? 8000 : 4000);
}

/** Runs `action`; says what went wrong. Returns its result, or undefined. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    if (error.name !== "AbortError") say(error.message, { bad: true });
    return undefined;
  }
}

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** An element with text and attributes; text is never read as markup. */
export function make(tag, className = "", text = "", attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== "") element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export const button = (text, className, action) => {
  const element = make("button", `mien-button ${className}`, text, { type: "button" });
  element.addEventListener("click", action);
  return element;
};

// What is deleted can be brought back until the page is left; then the server is told to forget it for good.
const deleted = new Set();

/** Deletes softly; `what` is {ids}, {subject} or {everything}. Returns the ids. */
export async function remove(what) {
  const { ids } = await ask("/delete", what);
  ids.forEach((id) => deleted.add(id));
  return ids;
}

export async function restore(ids) {
  await ask("/restore", { ids });
  ids.forEach((id) => deleted.delete(id));
}

window.addEventListener("pagehide", () => {
  if (deleted.size) navigator.sendBeacon(`${BASE}/purge`, JSON.stringify({ ids: [...deleted] }));
  deleted.clear();
});

/** A question with buttons: `answers` are [value, text, class]; resolves to the value, or null. */
export function askPerson(title, text, answers, extra = null) {
  const dialog = make("dialog", "mien-dialog", "", { "aria-label": title });
  const row = make("div", "row");
  row.append(button("Cancel", "quiet", () => dialog.close()));
  for (const [value, label, className] of answers)
    row.append(button(label, className, () => ((dialog.returned = value), dialog.close())));
  dialog.append(make("h2", "", title), make("p", "", text));
  if (extra) dialog.append(extra);
  dialog.append(row);
  document.querySelector(".gradio-container").append(dialog);
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returned ?? null);
    }),
  );
}
