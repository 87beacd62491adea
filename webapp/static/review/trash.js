// The trash: what was deleted, until its time is over or it is emptied; chosen images, or all, are restored or removed.

import { address, get, post } from "../shared/ask.js";
import { askPerson } from "../shared/dialog.js";
import { find, make } from "../shared/elements.js";
import { changed, keepFresh } from "../shared/freshness.js";
import { count } from "../shared/numbers.js";
import { attempt, say } from "../shared/toast.js";
import { holds, outcome, timeLeft } from "./trash-words.js";

/** @import { InTrash, TrashPage } from "../shared/api" */

const PAGE = 60;
const MOST = 500;

/** @param {HTMLElement} element */
export function trash(element) {
  const told = find(element, "p", "[data-trash-told]");
  const grid = find(element, "div", "[data-trash-grid]");
  const actions = find(element, "div", "[data-trash-actions]");
  const more = find(element, "button", "[data-trash-more]");
  const choice = find(element, "button", "[data-trash-choose]");
  const back = find(element, "button", "[data-trash-restore]");
  const removal = find(element, "button", "[data-trash-remove]");
  const empty = find(element, "div", "[data-trash-empty]");
  /** @type {Map<number, HTMLElement>} */
  let tiles = new Map();
  /** @type {Set<number>} */
  const chosen = new Set();
  let size = PAGE;
  let total = 0;

  const load = () => attempt(async () => draw(await get("/data/trash", { query: { size } })));
  keepFresh(element, load);

  const draw = (/** @type {TrashPage} */ seen) => {
    const { items, days, images } = seen;
    total = images;
    tiles = new Map(items.map((item) => [item.id, tiles.get(item.id) ?? tile(item, days)]));
    grid.replaceChildren(...tiles.values());
    for (const id of chosen) if (!tiles.has(id)) chosen.delete(id);
    told.textContent = total
      ? `${holds(seen)}. Each is removed for good ${days} days after it was deleted, or when you empty the trash.`
      : "";
    empty.hidden = total > 0;
    actions.hidden = !total;
    more.hidden = items.length >= Math.min(total, MOST);
    mark();
  };
  const mark = () => {
    for (const [id, shown] of tiles) find(shown, "input").checked = chosen.has(id);
    choice.textContent = chosen.size ? "Select none" : `Select ${tiles.size < total ? `these ${tiles.size}` : "all"}`;
    back.textContent = chosen.size ? `Restore ${count(chosen.size, "image")}` : "Restore all";
    removal.textContent = chosen.size ? `Delete ${count(chosen.size, "image")} for good` : "Empty trash";
  };
  const tile = (/** @type {InTrash} */ { id, label, deleted, subject }, /** @type {number} */ days) => {
    const made = make("label", "tile trash-tile", "", { title: subject ? `of ${subject}` : "" });
    const box = make("input", "", "", { type: "checkbox" });
    box.addEventListener("change", () => {
      if (box.checked) chosen.add(id);
      else chosen.delete(id);
      mark();
    });
    const src = address("/data/images/{image_id}/thumbnail", { path: { image_id: id } });
    const picture = make("img", "", "", { src, alt: "", loading: "lazy" });
    const name = make("span", label ? "name" : "name none", label ?? "no label");
    made.append(box, picture, name, make("span", "left", timeLeft(deleted, days, Date.now())));
    return made;
  };

  /**
   * Does something with what is chosen, or with all there is, and shows what is left.
   * @param {(ids: number[] | null, asked: number) => Promise<string | null>} act returns what is said then, if it was done
   */
  const withChosen = (act) =>
    attempt(async () => {
      const ids = chosen.size ? [...chosen] : null;
      try {
        const sentence = await act(ids, ids?.length ?? total);
        if (!sentence) return;
        say(sentence);
        chosen.clear();
      } finally {
        changed(element);
        await load();
      }
    });
  back.addEventListener("click", () =>
    withChosen(async (ids, asked) => {
      const { restored } = await post("/data/restore", { body: { ids } });
      return outcome(restored, ids ? asked : restored, "restored");
    }),
  );
  removal.addEventListener("click", () =>
    withChosen(async (ids, asked) => {
      const seen = await get("/data/trash", { query: { size: 1 } });
      const which = ids ? count(asked, "image") : holds(seen);
      const title = ids ? `Delete ${which} for good?` : "Empty the trash?";
      const text = `${which}: removed at once, from every file of this data set. This cannot be undone.`;
      const answer = ids ? "Delete for good" : "Empty trash";
      if (!(await askPerson(title, text, [["yes", answer, "danger"]]))) return null;
      const { purged } = await post("/data/purge", { body: ids ? { ids } : { until: seen.newest } });
      return outcome(purged, ids ? asked : purged, "removed for good");
    }),
  );
  choice.addEventListener("click", () => {
    const all = chosen.size ? [] : tiles.keys();
    chosen.clear();
    for (const id of all) chosen.add(id);
    mark();
  });
  more.addEventListener("click", () => {
    size = Math.min(size + PAGE, MOST);
    load();
  });
}
