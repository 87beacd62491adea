// A tab's markup and script come to life when the tab is opened for the first time.

import { onView } from "./address-bar.js";
import { find } from "./elements.js";

/** @typedef {{ mount(part: { element: HTMLElement }): unknown }} PartScript */

/**
 * @param {string} name of the part, which is also its tab's
 * @param {() => Promise<PartScript>} load
 * @param {{ element: HTMLElement }} part
 */
export async function mountPart(name, load, part) {
  await opened(name);
  const script = await load();
  part.element.replaceChildren(find(part.element, "template").content);
  await script.mount(part);
  part.element.dataset.mounted = "yes";
}

/** @param {string} name */
function opened(name) {
  const done = new AbortController();
  return new Promise((resolve) => {
    onView(({ view }) => view.split("/")[0] === name && resolve(undefined), done.signal);
  }).finally(() => done.abort());
}
