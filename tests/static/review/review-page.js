// The Review tab's markup in a page, one of its views shown.

import { vi } from "vitest";

import html from "../../../webapp/static/review/review.html?raw";
import { FakeObserver, layOut, page } from "../fakes.js";

/**
 * @param {"queue" | "gallery" | "labels" | "overview" | "trash"} view
 * @returns {HTMLElement} its panel
 */
export function reviewPanel(view) {
  vi.stubGlobal("IntersectionObserver", FakeObserver);
  layOut();
  page(html);
  for (const panel of document.querySelectorAll("[data-panel]")) panel.toggleAttribute("hidden", true);
  const shown = /** @type {HTMLElement} */ (document.querySelector(`[data-panel="${view}"]`));
  shown.hidden = false;
  return shown;
}
