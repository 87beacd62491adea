// The header line: the active version, the number of images, light or dark.
// Any script may say `window.dispatchEvent(new Event("mien:changed"))` after it changed data or versions.

import "./dark.js";

export function mount({ element }) {
  const version = element.querySelector("[data-version]");
  const images = element.querySelector("[data-images]");
  const notice = element.querySelector("[data-notice]");
  const look = element.querySelector("[data-look]");

  const showLook = () => {
    const dark = window.mienLook.dark();
    look.title = dark ? "Switch to light" : "Switch to dark";
    look.setAttribute("aria-label", look.title);
    look.firstElementChild.textContent = dark ? "light" : "dark";
  };
  look.addEventListener("click", () => window.mienLook.toggle());
  window.addEventListener("mien:look", showLook);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(showLook));
  showLook();

  let asking = false;
  const refresh = async () => {
    if (asking || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch("/mien/api/status");
      const status = await answer.json();
      version.textContent = status.version ? `version ${status.version}` : "base model";
      images.textContent = status.images === 1 ? "1 image" : `${status.images.toLocaleString("en")} images`;
      notice.textContent = status.notice;
      notice.hidden = !status.notice;
    } catch {
      version.textContent = "not connected";
      images.textContent = "";
    }
    asking = false;
  };
  window.addEventListener("mien:changed", refresh);
  document.addEventListener("visibilitychange", refresh);
  setInterval(refresh, 5000);
  refresh();
}
