// The page around Gradio's parts: header and tabs, which are there from the first paint, and the outlines of the tab that
// is open, which stand in the part's place until it is mounted and then go in one step, so that nothing moves.

import { currentAddress, onView } from "./address-bar.js";
import { find } from "./elements.js";
import { mount } from "./header.js";
import { titleFor } from "./tabs.js";

const header = find(document, "div", "#part-header");
mount({ element: header });
header.dataset.mounted = "yes";

const outline = find(document, "div", "#part-outline");
const mounted = () => document.querySelector(`#part-${currentAddress().view.split("/")[0]} [data-mounted]`);
const ended = new AbortController();
const swap = () => {
  if (!mounted()) return;
  outline.classList.add("over"); // what comes in its place is painted beneath it first
  requestAnimationFrame(() => requestAnimationFrame(() => outline.remove()));
  document.title = titleFor(); // Gradio has set its own
  watch.disconnect();
  ended.abort();
};
const watch = new MutationObserver(swap);
watch.observe(document, { subtree: true, attributes: true, attributeFilter: ["data-mounted"] });
onView(swap, ended.signal);
