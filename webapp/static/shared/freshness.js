// Every part shows what is so now: who changes labels, images or versions says so, and the others ask again.

import { atEnd, lifetime } from "./lifetime.js";

/**
 * Tells every part of the page that labels, images or versions changed.
 * @param {HTMLElement} [from] the part that knows already
 */
export const changed = (from) => window.dispatchEvent(new CustomEvent("mien:changed", { detail: { from } }));

/**
 * Calls `action` whenever anything but `element` changed something, for as long as `element` is on the page.
 * @param {HTMLElement} element
 * @param {() => void} action
 */
export function onChange(element, action) {
  /** @param {Event} event */
  const hear = (event) => {
    if (!(event instanceof CustomEvent) || event.detail?.from !== element) action();
  };
  window.addEventListener("mien:changed", hear, { signal: lifetime(element) });
}

/**
 * Calls `refresh` when `element` comes into view, and when anything else changes something meanwhile.
 * @param {HTMLElement} element
 * @param {() => void} refresh
 */
export function keepFresh(element, refresh) {
  let stale = true;
  const visible = () => element.offsetParent !== null;
  const update = () => {
    if (!stale || !visible()) return;
    stale = false;
    refresh();
  };
  onChange(element, () => {
    stale = true;
    update();
  });
  const coming = new IntersectionObserver(([entry]) => entry.isIntersecting && update());
  const unhiding = new MutationObserver(update);
  coming.observe(element);
  unhiding.observe(element, { attributes: true, attributeFilter: ["hidden"] });
  atEnd(lifetime(element), () => {
    coming.disconnect();
    unhiding.disconnect();
  });
}
