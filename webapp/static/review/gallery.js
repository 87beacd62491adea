// The gallery: pages of thumbnails by filter; the mouse or the keyboard selects, then all of them are relabelled, named
// or deleted at once. Enter shows an image large.

import { find } from "../shared/elements.js";
import { keepFresh } from "../shared/freshness.js";
import { isMeantFor, selectsAllOf } from "../shared/keyboard.js";
import { lifetime } from "../shared/lifetime.js";
import { count } from "../shared/numbers.js";
import { attempt, say } from "../shared/toast.js";
import { removeAsked } from "./deletion-question.js";
import { galleryBar } from "./gallery-bar.js";
import { answerImages, namePerson } from "./gallery-changes.js";
import { filterFrom } from "./gallery-filter.js";
import { galleryForm } from "./gallery-form.js";
import { GalleryImages } from "./gallery-images.js";
import { pageText } from "./gallery-pages.js";
import { GallerySelection } from "./gallery-selection.js";
import { tile, tileId } from "./gallery-tile.js";
import { emptyText } from "./gallery-words.js";
import { showLarge } from "./large-view.js";
import { meaningOf } from "./queue-words.js";

/** @import { WantedImages } from "./gallery-filter.js" */
/** @import { GivenAnswer } from "./queue-words.js" */

/**
 * @param {HTMLElement} element
 * @param {(wanted: WantedImages) => void} narrow asks for other images; `filter` is what shows them
 */
export function gallery(element, narrow) {
  const images = new GalleryImages();
  const selection = new GallerySelection();
  const form = galleryForm(element, narrow);
  const grid = find(element, "div", "[data-grid]");
  const previous = find(element, "button", "[data-previous]");
  const next = find(element, "button", "[data-next]");
  const empty = find(element, "div", "[data-gallery-empty]");
  const emptyWords = find(element, "p", "[data-gallery-empty-text]");
  const toTrain = find(element, "a", "[data-to-train]");
  const place = find(element, "p", "[data-page]");
  const found = find(element, "p", "[data-found]");
  let large = false;

  const answerSelected = async (/** @type {GivenAnswer} */ answer) => {
    if (await answerImages([...selection.chosen], answer)) select();
  };
  const nameSelected = async (/** @type {string} */ subject) => {
    const done = await namePerson([...selection.chosen], subject);
    if (done) select();
    return done;
  };
  const removeSelected = () => {
    const described = count(selection.size, "image");
    attempt(() => removeAsked({ ids: [...selection.chosen] }, described, () => select()));
  };
  const selectAll = () => attempt(async () => select(await images.allIds()));
  const bar = galleryBar(element, images, selection, {
    ...{ selectAll, answer: answerSelected, name: nameSelected, remove: removeSelected },
  });

  const load = async () => {
    try {
      await images.load();
    } catch (error) {
      if (images.dropOld()) {
        emptyWords.textContent = error instanceof Error ? error.message : "";
        toTrain.hidden = true;
      }
      throw error;
    }
  };
  const refresh = () => attempt(load);
  // What is shown large leads its own life; when it is closed, the page is asked for again.
  keepFresh(element, () => large || refresh());

  const draw = () => {
    const { items, overview, wanted, total, page } = images;
    grid.replaceChildren(
      ...items.map((item, index) =>
        tile(item, overview?.labels ?? [], { click: (event) => click(index, event.shiftKey), open: () => open(index) }),
      ),
    );
    if (overview) {
      form.show(overview, wanted);
      bar.offer(overview);
      const { text, untrained } = emptyText(wanted, overview);
      emptyWords.textContent = text;
      toTrain.hidden = !untrained;
    }
    form.showChips(wanted);
    empty.hidden = items.length > 0;
    found.textContent = count(total, "image");
    place.textContent = pageText(page, total);
    previous.disabled = page === 0;
    next.disabled = !images.hasNext;
    selection.stayWithin(items.length);
    mark();
  };
  images.on("items", draw); // a tile that is clicked is always the image at its place
  const mark = () => {
    for (const [index, cell] of [...grid.children].entries()) {
      cell.setAttribute("aria-selected", String(selection.has(images.items[index].id)));
      cell.classList.toggle("cursor", index === selection.cursor);
    }
    const current = images.items.at(selection.cursor);
    if (current) grid.setAttribute("aria-activedescendant", tileId(current));
    else grid.removeAttribute("aria-activedescendant");
    bar.mark();
  };
  const select = (/** @type {Iterable<number>} */ ids = []) => {
    selection.replace(ids);
    mark();
  };
  const click = (/** @type {number} */ index, /** @type {boolean} */ range) => {
    selection.click(images.ids, index, range);
    mark();
  };

  const filter = (/** @type {Record<string, string>} */ wanted) => {
    images.want(filterFrom(wanted));
    selection.toStart();
    selection.replace();
    form.showChips(images.wanted);
    refresh();
  };
  const turn = (/** @type {number} */ step) => {
    images.turn(step);
    selection.toStart();
    refresh();
  };
  previous.addEventListener("click", () => turn(-1));
  next.addEventListener("click", () => turn(1));
  bar.none.addEventListener("click", () => select());

  const open = async (/** @type {number} */ index) => {
    if (large || !images.items.length) return;
    large = true;
    const last = await showLarge(images, index);
    large = false;
    selection.cursor = Math.max(0, last);
    await refresh();
    grid.focus();
    grid.children[selection.cursor]?.scrollIntoView({ block: "nearest" });
  };

  grid.addEventListener("keydown", (event) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    if (selection.move(key, columnsOf(grid), images.ids, shiftKey)) {
      mark();
      grid.children[selection.cursor]?.scrollIntoView({ block: "nearest" });
    } else if (key === " ") click(selection.cursor, shiftKey);
    else if (key === "Enter") open(selection.cursor);
    else if (key === "Escape") select();
    else return;
    event.preventDefault();
  });

  // Anywhere in the view: a label's key answers what is selected.
  const pressed = (/** @type {string} */ key) => {
    if (key === "PageDown" && !next.disabled) turn(1);
    else if (key === "PageUp" && !previous.disabled) turn(-1);
    else if (key === "Delete" && selection.size) removeSelected();
    else {
      const meaning = meaningOf(key, images.overview?.labels.filter(({ enabled }) => enabled) ?? []);
      if (!meaning || meaning === "take" || meaning === "undo") return false; // U is all of Review's
      if (selection.size) answerSelected(meaning);
      else say("Select images first: a label’s key answers those.");
    }
    return true;
  };
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const { key } = event;
    if (selectsAllOf(element, event)) selectAll();
    else if (!isMeantFor(element, event) || event.repeat || !pressed(key)) return;
    event.preventDefault();
  };
  document.addEventListener("keydown", onKey, { signal: lifetime(element) });

  return { filter, wanted: () => images.wanted };
}

/** @param {HTMLElement} grid */
const columnsOf = (grid) => Math.max(1, getComputedStyle(grid).gridTemplateColumns.split(" ").length);
