// The page's four tabs, which Gradio draws.

/**
 * Opens one of them.
 * @param {"Live" | "Collect" | "Review" | "Train"} name
 */
export function openTab(name) {
  const tabs = document.querySelectorAll("#tabs > .tab-wrapper button[role=tab]");
  const tab = [...tabs].find((found) => found.textContent?.trim() === name);
  if (tab instanceof HTMLElement) tab.click();
}
