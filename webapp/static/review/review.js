// The Review tab: four views of the data set, one at a time.

import { ask, attempt, keepFresh } from "../shared/dataset.js";
import { gallery } from "./gallery.js";
import { labels } from "./labels.js";
import { overview } from "./overview.js";
import { queue } from "./queue.js";

export function mount({ element }) {
  const tabs = [...element.querySelectorAll("[data-view]")];
  const panel = (name) => element.querySelector(`[data-panel="${name}"]`);
  const open = (name) => {
    for (const tab of tabs) {
      const chosen = tab.dataset.view === name;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      panel(tab.dataset.view).hidden = !chosen;
    }
  };
  for (const tab of tabs) tab.addEventListener("click", () => open(tab.dataset.view));
  element.querySelector("[data-views]").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = (tabs.indexOf(document.activeElement) + step + tabs.length) % tabs.length;
    open(tabs[at].dataset.view);
    tabs[at].focus();
  });

  const pictures = gallery(panel("gallery"));
  const show = (filter) => {
    pictures.filter(filter);
    open("gallery");
  };
  queue(panel("queue"));
  labels(panel("labels"), show);
  overview(panel("overview"), show, () => open("queue"));
  open("queue");

  keepFresh(element, async () => {
    const seen = await attempt(() => ask("/overview"));
    if (seen)
      element.querySelector("[data-waiting]").textContent = seen.unlabelled ? seen.unlabelled.toLocaleString("en") : "";
  });
}
