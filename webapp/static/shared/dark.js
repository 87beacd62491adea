// Light or dark before the first paint: what the person chose, else what the system says. Gradio marks dark with a class
// on the body, set late; the page's own tokens follow the class on the root element. Gradio is held to the same choice.
// It stands in the page's head itself; the header imports it too, for pages without that head.
if (!window.mienLook) {
  const KEY = "mien-look";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    const asked = new URLSearchParams(location.search).get("__theme");
    if (asked === "light" || asked === "dark") return asked;
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  };
  const dark = () => (chosen() ? chosen() === "dark" : system.matches);
  const apply = () => {
    for (const element of [document.documentElement, document.body]) {
      if (element && element.classList.contains("dark") !== dark()) element.classList.toggle("dark", dark());
    }
    document.documentElement.style.colorScheme = dark() ? "dark" : "light";
  };
  apply();
  system.addEventListener("change", () => queueMicrotask(apply));
  const watch = new MutationObserver(apply);
  watch.observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  const watchBody = () => {
    apply();
    watch.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  };
  if (document.body) watchBody();
  else document.addEventListener("DOMContentLoaded", watchBody);
  window.mienLook = {
    dark,
    toggle() {
      try {
        localStorage.setItem(KEY, dark() ? "light" : "dark");
      } catch {
        document.documentElement.classList.toggle("dark");
      }
      apply();
      window.dispatchEvent(new Event("mien:look"));
    },
  };
}
