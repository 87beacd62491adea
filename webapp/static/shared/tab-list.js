// A row of tabs: one of them is chosen and has the row's place in the order of Tab; arrow keys, Home and End go on.

/**
 * @param {HTMLElement} list of role tablist
 * @param {(tab: HTMLElement) => void} open is to call the answer's `choose` once its panel is shown
 */
export function tabList(list, open) {
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=tab]")]);
  for (const tab of tabs) tab.addEventListener("click", () => open(tab));
  list.addEventListener("keydown", (event) => {
    const at = tabs.findIndex((tab) => tab === document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    if (at < 0 || next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const tab = tabs[next % tabs.length];
    open(tab);
    tab.focus();
    event.preventDefault();
  });
  return {
    /** @param {(tab: HTMLElement) => boolean} isChosen */
    choose(isChosen) {
      for (const tab of tabs) {
        tab.setAttribute("aria-selected", String(isChosen(tab)));
        tab.tabIndex = isChosen(tab) ? 0 : -1;
      }
    },
  };
}
