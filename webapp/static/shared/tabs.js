// The page's four tabs: each opens its view where it was left, and is as open as the address says.

import { currentAddress, onView, openView } from "./address-bar.js";
import { tabList } from "./tab-list.js";

/** @import { Address, View } from "./address-bar.js" */

/**
 * @param {HTMLElement} list of role tablist; its tabs' `data-tab` are the first words of the views
 * @param {AbortSignal} signal
 */
export function tabs(list, signal) {
  /** @type {Map<string | undefined, Address>} */
  const left = new Map();
  const row = tabList(list, ({ dataset: { tab } }) => {
    const { view, params } = left.get(tab) ?? { view: firstOf(tab), params: {} };
    openView(view, params);
  });
  onView((address) => {
    const name = tabOf(address.view);
    left.set(name, address);
    document.documentElement.dataset.tab = name;
    row.choose(({ dataset }) => dataset.tab === name);
    document.title = titleFor(address.view);
  }, signal);
}

/** @param {View} view */
const tabOf = (view) => view.split("/")[0];

/** @param {string | undefined} tab */
const firstOf = (tab) => (tab === "review" ? "review/queue" : /** @type {View} */ (tab));

/**
 * The document's title; what is open comes first, since a browser's own tabs are narrow.
 * @param {View} view
 */
export const titleFor = (view = currentAddress().view) =>
  view === "live" ? "Mien" : `${view.split("/").map(capital).join(" › ")} · Mien`;

/** @param {string} word */
const capital = (word) => word[0].toUpperCase() + word.slice(1);
