// The header line: the tabs, the active version, the number of images, light or dark.

import { openView } from "./address-bar.js";
import "./dark.js";
import { get } from "./ask.js";
import { find } from "./elements.js";
import { onChange } from "./freshness.js";
import { every, lifetime } from "./lifetime.js";
import { count } from "./numbers.js";
import { refusesOtherDrops } from "./page-drop.js";
import { tabs } from "./tabs.js";

/** @import { View } from "./address-bar.js" */

const REFRESH_EVERY = 5000; // ms

/** @param {{ element: HTMLElement }} part */
export function mount({ element }) {
  const signal = lifetime(element);
  const version = find(element, "span", "[data-version]");
  const images = find(element, "span", "[data-images]");
  const notice = find(element, "p", "[data-notice]");
  tabs(find(element, "div", "[data-tabs]"), signal);
  refusesOtherDrops(signal);
  for (const link of element.querySelectorAll("a")) {
    link.addEventListener("click", (event) => {
      event.preventDefault(); // the page's base address lacks what may stand before the #
      openView(/** @type {View} */ (link.dataset.open));
    });
  }
  const look = find(element, "button", "[data-look]");
  const lookName = find(look, "span");

  const showLook = () => {
    const dark = window.mienLook.dark();
    look.title = dark ? "Switch to light" : "Switch to dark";
    look.setAttribute("aria-label", look.title);
    lookName.textContent = dark ? "light" : "dark";
  };
  look.addEventListener("click", () => window.mienLook.toggle());
  window.addEventListener("mien:look", showLook, { signal });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", () => setTimeout(showLook), { signal });
  showLook();

  let asking = false;
  const refresh = async () => {
    if (asking || document.hidden) return;
    asking = true;
    try {
      const status = await get("/status");
      version.textContent = status.version ? `version ${status.version}` : "base model";
      images.textContent = count(status.images, "image");
      notice.textContent = status.notice;
      notice.hidden = !status.notice;
    } catch {
      version.textContent = "not connected";
      images.textContent = "";
    }
    asking = false;
  };
  onChange(element, refresh);
  document.addEventListener("visibilitychange", refresh, { signal });
  every(REFRESH_EVERY, refresh, signal);
  refresh();
}
