// The page's four tabs, which Gradio draws.

/** Opens one of the page's tabs by its name. */
export function openTab(name) {
  const tab = [...document.querySelectorAll("#tabs > .tab-wrapper button[role=tab]")].find((found) => found.textContent.trim() === name);
  tab?.click();
}
