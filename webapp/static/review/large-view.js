// An image large, over the page: what there is to know of it, the history of its answers, and what can be changed of it.

import { onView } from "../shared/address-bar.js";
import { get } from "../shared/ask.js";
import { button, make } from "../shared/elements.js";
import { onChange } from "../shared/freshness.js";
import { lifetime } from "../shared/lifetime.js";
import { attempt, place } from "../shared/toast.js";
import { undoLast } from "../shared/undo.js";
import { why, WHY_KEY, whyButton } from "../shared/why.js";
import { removeAsked } from "./deletion-question.js";
import { answerImages, namePerson } from "./gallery-changes.js";
import { PAGE_SIZE } from "./gallery-pages.js";
import { LargeImage } from "./large-image.js";
import { meaningOf } from "./queue-words.js";

/** @import { GalleryImages } from "./gallery-images.js" */
/** @import { GivenAnswer } from "./queue-words.js" */

/**
 * Shows one of the gallery's images large, and others as the person goes on. Resolves, once it is closed, to the place on
 * its page of the last one.
 * @param {GalleryImages} images
 * @param {number} index the first one's place on the page
 * @returns {Promise<number>}
 */
export function showLarge(images, index) {
  const dialog = make("dialog", "mien-card mien-dialog large-view", "", { "aria-label": "Image" });
  // What is shown, and what every key and button is about, whatever comes to be at its place meanwhile.
  let item = images.items[index];
  let number = 0;
  const answer = (/** @type {GivenAnswer} */ given) => answerImages([item.id], given);
  const view = new LargeImage(answer, (subject) => attempt(() => namePerson([item.id], subject)));

  let explained = 0;
  const explain = async () => {
    const { id } = item;
    if (id !== explained || !why.shown) view.showHeat(null);
    explained = id;
    if (!why.shown) return;
    const told = await get("/data/images/{image_id}/heat", { path: { image_id: id } });
    if (id === item.id && why.shown) view.showHeat(told);
  };
  const remind = async () => {
    const shown = item;
    const history = await get("/data/images/{image_id}/history", { path: { image_id: shown.id } });
    if (shown === item) view.showHistory(history);
  };
  const show = async () => {
    if (images.overview) view.show(item, images.overview, { number, total: images.total });
    await Promise.all([remind(), explain()]);
  };
  const showAt = (/** @type {number} */ at) => {
    index = at;
    item = images.items[at];
    number = images.page * PAGE_SIZE + at + 1;
    return attempt(show);
  };
  // Where the image is no longer on the page, the first of the page comes next.
  const findAgain = () => {
    index = images.ids.indexOf(item.id);
    if (index >= 0) showAt(index);
  };
  let moving = false;
  const step = async (/** @type {number} */ by) => {
    if (moving) return;
    moving = true;
    const next = await attempt(() => images.step(index, by));
    moving = false;
    if (next !== undefined && next >= 0) await showAt(next);
  };
  // It stays, whatever the answer, and shows what is so now.
  const refresh = async () => {
    if (!dialog.open) return;
    const { id } = item;
    const [overview, now] = await Promise.all([
      get("/data/overview"),
      get("/data/images/{image_id}/listed", { path: { image_id: id } }),
    ]);
    images.overview = overview;
    images.update(now);
    if (id !== item.id) return;
    item = now;
    await show();
  };
  const remove = () =>
    attempt(() =>
      removeAsked({ ids: [item.id] }, "this image", async () => {
        const at = Math.max(0, index);
        if (!(await images.load())) return;
        if (images.items.length) await showAt(Math.min(at, images.items.length - 1));
        else dialog.close();
      }),
    );

  const buttons = make("div", "row large-moves");
  const move = (/** @type {string} */ text, /** @type {string} */ name, /** @type {() => unknown} */ action) => {
    const made = button(text, "quiet", action);
    made.title = made.ariaLabel = name;
    return made;
  };
  buttons.append(
    move("‹", "Previous image", () => step(-1)),
    move("›", "Next image", () => step(1)),
    move("×", "Close", () => dialog.close()),
  );
  const removal = button("Delete image", "danger", remove);
  view.head.append(buttons);
  view.foot.append(removal);
  dialog.append(...view.parts);

  const pressed = (/** @type {string} */ key) => {
    if (key === "ArrowRight") step(1);
    else if (key === "ArrowLeft") step(-1);
    else if (key === "Delete") remove();
    else if (key === WHY_KEY) why.toggle();
    else {
      const meaning = meaningOf(key, images.overview?.labels.filter(({ enabled }) => enabled) ?? []);
      if (!meaning || meaning === "take") return false;
      if (meaning === "undo") undoLast();
      else answer(meaning);
    }
    return true;
  };
  dialog.addEventListener("keydown", (event) => {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    const typed = target instanceof Element && target.closest("input") !== null;
    if (ctrlKey || metaKey || altKey || typed || !pressed(key)) return;
    event.preventDefault();
  });

  document.querySelector(".gradio-container")?.append(dialog);
  buttons.prepend(whyButton(lifetime(dialog)));
  why.on("change", () => attempt(explain), lifetime(dialog));
  const opened = location.hash;
  onView(() => location.hash !== opened && dialog.close(), lifetime(dialog)); // Back leads away from it
  onChange(dialog, () => attempt(refresh));
  images.on("items", findAgain, lifetime(dialog));
  dialog.showModal();
  view.title.focus();
  showAt(index);
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => {
      place(); // what is said stays on the page
      dialog.remove();
      resolve(index);
    }),
  );
}
