// The Review tab: five views of the data set, one at a time.

import { onView, openView, replaceParams } from "../shared/address-bar.js";
import { get } from "../shared/ask.js";
import { find } from "../shared/elements.js";
import { keepFresh } from "../shared/freshness.js";
import { lifetime } from "../shared/lifetime.js";
import { tabList } from "../shared/tab-list.js";
import { attempt } from "../shared/toast.js";
import { gallery } from "./gallery.js";
import { labels } from "./labels.js";
import { overview } from "./overview.js";
import { queue } from "./queue.js";
import { trash } from "./trash.js";
import { undoButton } from "./undo-button.js";

/** @import { View } from "../shared/address-bar.js" */
/** @import { WantedImages } from "./gallery-filter.js" */

const VIEWS = ["queue", "gallery", "labels", "overview", "trash"];

/** @param {{ element: HTMLElement }} part */
export function mount({ element }) {
  const panel = (/** @type {string} */ name) => find(element, "div", `[data-panel="${name}"]`);
  const list = find(element, "div", "[data-views]");
  // A filter holds until it is taken away, whatever was open meanwhile.
  const tabs = tabList(list, ({ dataset: { view } }) =>
    openView(/** @type {View} */ (`review/${view}`), view === "gallery" ? pictures.wanted() : {}),
  );

  undoButton(element); // before the queue, whose U goes first
  const pictures = gallery(panel("gallery"), (images) => replaceParams("review/gallery", images));
  const show = (/** @type {WantedImages} */ images) => openView("review/gallery", images);
  queue(panel("queue"));
  labels(panel("labels"), show);
  overview(panel("overview"), show, () => openView("review/trash"));
  trash(panel("trash"));

  let filter = "";
  onView(({ view, params }) => {
    const [tab, name] = view.split("/");
    if (tab !== "review") return;
    tabs.choose(({ dataset }) => dataset.view === name);
    for (const each of VIEWS) panel(each).hidden = each !== name;
    if (name !== "gallery" || filter === JSON.stringify(params)) return;
    filter = JSON.stringify(params);
    pictures.filter(params);
  }, lifetime(element));

  const badge = find(element, "b", "[data-waiting]");
  keepFresh(element, async () => {
    const seen = await attempt(() => get("/data/overview"));
    if (seen) badge.textContent = seen.unlabelled ? seen.unlabelled.toLocaleString("en") : "";
  });
}
