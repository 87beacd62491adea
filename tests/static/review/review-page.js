// The Review tab's markup in a page, and a server behind it that answers as the test says, when the test says.

import { onTestFinished, vi } from "vitest";

import html from "../../../webapp/static/review/review.html?raw";

/** @typedef {{ method: string, path: string, query: URLSearchParams, body: any }} Request */

/**
 * Puts the tab's markup into the page; `panel` is one of its views.
 * @param {"queue" | "gallery" | "labels" | "overview"} panel
 * @returns {HTMLElement}
 */
export function reviewPanel(panel) {
  stubView();
  document.body.innerHTML = `<div class="gradio-container">${html}</div>`;
  onTestFinished(() => document.body.replaceChildren());
  for (const view of document.querySelectorAll("[data-panel]")) view.toggleAttribute("hidden", true);
  const shown = /** @type {HTMLElement} */ (document.querySelector(`[data-panel="${panel}"]`));
  shown.hidden = false;
  return shown;
}

/** jsdom lays nothing out: what is not hidden counts as in view, from the start. */
function stubView() {
  vi.spyOn(HTMLElement.prototype, "offsetParent", "get").mockImplementation(
    /** @this {HTMLElement} */ function offsetParent() {
      return this.isConnected && !this.closest("[hidden]") ? document.body : null;
    },
  );
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      /** @param {(entries: { isIntersecting: boolean }[]) => void} seen */
      constructor(seen) {
        this.seen = seen;
      }
      observe() {
        this.seen([{ isIntersecting: true }]);
      }
      disconnect() {}
    },
  );
}

/**
 * Answers each request with what `answers` has for its path ("/data/queue"); an Error is a refusal.
 * @param {Record<string, (request: Request) => unknown>} answers
 * @returns {Request[]} what was asked, as it comes in
 */
export function serve(answers) {
  /** @type {Request[]} */
  const asked = [];
  vi.stubGlobal("fetch", async (/** @type {string} */ address, /** @type {RequestInit} */ options = {}) => {
    const { pathname, searchParams } = new URL(address, "http://127.0.0.1");
    const path = pathname.replace("/mien/api", "");
    const body = options.body ? JSON.parse(String(options.body)) : undefined;
    const request = { method: options.method ?? "GET", path, query: searchParams, body };
    asked.push(request);
    const answer = await answers[path]?.(request);
    if (answer === undefined) return Response.json({ error: `There is no ${path}.` }, { status: 404 });
    return answer instanceof Error ? Response.json({ error: answer.message }, { status: 422 }) : Response.json(answer);
  });
  return asked;
}

/** @param {string} key */
export const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));

/** Lets everything happen that waits for nothing but its turn. */
export const settled = () => vi.advanceTimersByTimeAsync(0);
