// The gallery: pages of thumbnails by filter; click, shift-click or the keyboard chooses, then relabel or delete at once.

import { get, post } from "../shared/ask.js";
import { find } from "../shared/elements.js";
import { changed, keepFresh } from "../shared/freshness.js";
import { isMeantFor } from "../shared/keyboard.js";
import { lifetime } from "../shared/lifetime.js";
import { count } from "../shared/numbers.js";
import { attempt, say } from "../shared/toast.js";
import { removeAsked } from "./deletion-question.js";
import { answerOf, relabelChoices } from "./gallery-filter.js";
import { galleryForm, offer } from "./gallery-form.js";
import { PAGE_SIZE, nearestPage, pageText, pagesOf } from "./gallery-pages.js";
import { GallerySelection } from "./gallery-selection.js";
import { tile, tileId } from "./gallery-tile.js";

/** @import { ListedImage } from "../shared/api" */
/** @import { WantedImages } from "./gallery-filter.js" */

/** @param {HTMLElement} element */
export function gallery(element) {
  const form = galleryForm(find(element, "form", "[data-filters]"), (images) => filter(images));
  const grid = find(element, "div", "[data-grid]");
  const previous = find(element, "button", "[data-previous]");
  const next = find(element, "button", "[data-next]");
  const chooseAll = find(element, "button", "[data-choose-all]");
  const relabel = find(element, "select", "[data-relabel]");
  const removal = find(element, "button", "[data-delete]");
  const empty = find(element, "p", "[data-gallery-empty]");
  const place = find(element, "p", "[data-page]");
  const chosen = find(element, "p", "[data-chosen]");
  const selection = new GallerySelection();
  /** @type {WantedImages} */
  let wanted = {};
  let page = 0;
  let total = 0;
  /** @type {ListedImage[]} */
  let items = [];
  /** @type {Map<string | null, string>} */
  let colors = new Map();

  let asked = 0;
  /** @returns {Promise<void>} */
  const load = async () => {
    const mine = ++asked;
    const [overview, found] = await Promise.all([
      get("/data/overview"),
      get("/data/gallery", { query: { ...wanted, page, size: PAGE_SIZE } }),
    ]);
    if (mine !== asked) return undefined; // another page was asked for meanwhile
    if (page !== nearestPage(page, found.total)) {
      page = nearestPage(page, found.total);
      return load();
    }
    ({ total, items } = found);
    colors = new Map(overview.labels.map(({ name, color }) => [name, color]));
    form.show(overview, wanted);
    offer(relabel, relabelChoices(overview.labels));
    draw();
    return undefined;
  };
  const refresh = () => attempt(load);
  keepFresh(element, refresh);

  const draw = () => {
    grid.replaceChildren(
      ...items.map((item, index) =>
        tile(item, colors.get(item.label) ?? "transparent", (event) => click(index, event.shiftKey)),
      ),
    );
    empty.hidden = items.length > 0;
    place.textContent = pageText(page, total);
    previous.disabled = page === 0;
    next.disabled = page >= pagesOf(total) - 1;
    selection.stayWithin(items.length);
    mark();
  };
  const mark = () => {
    for (const [index, cell] of [...grid.children].entries()) {
      cell.setAttribute("aria-selected", String(selection.has(items[index].id)));
      cell.classList.toggle("cursor", index === selection.cursor);
    }
    const current = items.at(selection.cursor);
    if (current) grid.setAttribute("aria-activedescendant", tileId(current));
    chosen.textContent = selection.size
      ? `${count(selection.size, "image")} chosen`
      : "Click images to choose them; shift-click for a row.";
    chooseAll.textContent = selection.size ? "Choose none" : `Choose all ${total.toLocaleString("en")}`;
    chooseAll.disabled = !total;
    relabel.disabled = removal.disabled = !selection.size;
  };
  const click = (/** @type {number} */ index, /** @type {boolean} */ range) => {
    selection.click(
      items.map(({ id }) => id),
      index,
      range,
    );
    mark();
  };

  const filter = (/** @type {WantedImages} */ images) => {
    wanted = images;
    page = 0;
    selection.toStart();
    selection.replace();
    refresh();
  };
  const turn = (/** @type {number} */ step) => {
    page += step;
    selection.toStart();
    refresh();
  };
  previous.addEventListener("click", () => turn(-1));
  next.addEventListener("click", () => turn(1));

  chooseAll.addEventListener("click", () =>
    attempt(async () => {
      selection.replace(selection.size ? [] : (await get("/data/gallery/ids", { query: wanted })).ids);
      mark();
    }),
  );
  relabel.addEventListener("change", () =>
    attempt(async () => {
      const ids = [...selection.chosen];
      const { value } = relabel;
      relabel.value = "";
      if (!value || !ids.length) return;
      const answer = answerOf(value);
      const { action } = await post("/data/annotate", { body: { ids, ...answer } });
      selection.replace();
      await load();
      changed(element);
      const takeBack = async () => {
        await post("/data/undo", { body: { action } });
        say("As it was before.");
        changed(element);
        await load();
      };
      const how = answer.label ? ` as ${answer.label}` : "";
      say(`${count(ids.length, "image")} relabelled${how}.`, { undo: () => attempt(takeBack) });
    }),
  );
  const removeChosen = () =>
    attempt(() =>
      removeAsked({ ids: [...selection.chosen] }, count(selection.size, "image"), () => {
        selection.replace();
        return load();
      }),
    );
  removal.addEventListener("click", removeChosen);

  grid.addEventListener("keydown", (event) => {
    if (selection.move(event.key, columnsOf(grid), items.length)) {
      if (event.shiftKey) click(selection.cursor, true);
      mark();
      grid.children[selection.cursor]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === " " && items.length) click(selection.cursor, event.shiftKey);
    else if (event.key === "Delete" && selection.size) removeChosen();
    else if (event.key === "Escape") {
      selection.replace();
      mark();
    } else return;
    event.preventDefault();
  });
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (!isMeantFor(element, event)) return;
    if (event.key === "PageDown" && !next.disabled) turn(1);
    else if (event.key === "PageUp" && page) turn(-1);
    else return;
    event.preventDefault();
  };
  document.addEventListener("keydown", onKey, { signal: lifetime(element) });

  return { filter };
}

/** @param {HTMLElement} grid */
const columnsOf = (grid) => Math.max(1, getComputedStyle(grid).gridTemplateColumns.split(" ").length);
