// The Review tab: four views of the data set, one at a time.

import { get } from "../shared/ask.js";
import { find } from "../shared/elements.js";
import { keepFresh } from "../shared/freshness.js";
import { attempt } from "../shared/toast.js";
import { gallery } from "./gallery.js";
import { labels } from "./labels.js";
import { overview } from "./overview.js";
import { queue } from "./queue.js";

/** @import { WantedImages } from "./gallery-filter.js" */

/** @param {{ element: HTMLElement }} part */
export function mount({ element }) {
  const tabs = /** @type {HTMLButtonElement[]} */ ([...element.querySelectorAll("[data-view]")]);
  const panel = (/** @type {string | undefined} */ view) => find(element, "div", `[data-panel="${view}"]`);
  const open = (/** @type {string | undefined} */ view) => {
    for (const tab of tabs) {
      const chosen = tab.dataset.view === view;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      panel(tab.dataset.view).hidden = !chosen;
    }
  };
  for (const tab of tabs) tab.addEventListener("click", () => open(tab.dataset.view));
  find(element, "div", "[data-views]").addEventListener("keydown", ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const at = tabs.findIndex((tab) => tab === document.activeElement);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    open(next.dataset.view);
    next.focus();
  });

  const pictures = gallery(panel("gallery"));
  const show = (/** @type {WantedImages} */ images) => {
    pictures.filter(images);
    open("gallery");
  };
  queue(panel("queue"));
  labels(panel("labels"), show);
  overview(panel("overview"), show, () => open("queue"));
  open("queue");

  const badge = find(element, "b", "[data-waiting]");
  keepFresh(element, async () => {
    const seen = await attempt(() => get("/data/overview"));
    if (seen) badge.textContent = seen.unlabelled ? seen.unlabelled.toLocaleString("en") : "";
  });
}
