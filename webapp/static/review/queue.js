// The review queue: one face large, one key an answer, any number of steps back.

import { openView } from "../shared/address-bar.js";
import { get, post } from "../shared/ask.js";
import { find } from "../shared/elements.js";
import { changed, keepFresh } from "../shared/freshness.js";
import { isMeantFor } from "../shared/keyboard.js";
import { every, lifetime } from "../shared/lifetime.js";
import { attempt } from "../shared/toast.js";
import { QueueState } from "./queue-state.js";
import { QueueView } from "./queue-view.js";
import { answerAs, meaningOf, suggestionFor } from "./queue-words.js";

/** @import { LabelFigures, ListedImage, ReviewQueue } from "../shared/api" */
/** @import { GivenAnswer } from "./queue-words.js" */

/** @typedef {"uncertain" | "newest" | "disagreement"} Order */

const AHEAD = 12;
const LOOK_EVERY = 1000; // ms, while the model is still looking at faces

/** @param {HTMLElement} element */
export function queue(element) {
  const alive = lifetime(element);
  const order = find(element, "select", "[data-order]");
  const state = new QueueState();
  const view = new QueueView(element, (label) => answer(answerAs(label)));
  /** @type {LabelFigures[]} */
  let labels = [];
  let dataSet = { images: 0, trained: false };

  const show = () => view.show(state, labels, { order: order.value, ...dataSet });

  // What is sent is sent in its turn, and nothing is asked for while an answer is on its way.
  /** @type {Promise<unknown>} */
  let busy = Promise.resolve();
  const inOrder = (/** @type {() => Promise<void>} */ step) => (busy = busy.then(() => attempt(step)));

  const askQueue = () => get("/data/queue", { query: { order: /** @type {Order} */ (order.value), limit: AHEAD } });

  const load = async () => {
    const [overview, found] = await Promise.all([get("/data/overview"), askQueue()]);
    labels = overview.labels.filter(({ enabled }) => enabled);
    dataSet = { images: overview.total, trained: overview.trained };
    state.arrived(found);
    show();
  };
  keepFresh(element, () => inOrder(load));
  order.addEventListener("change", () =>
    inOrder(() => {
      state.reorder();
      return load();
    }),
  );

  // The server asks the model about new faces; what it finds appears here without moving the face that is shown.
  const look = async () => {
    const found = await askQueue().catch(() => null); // the header says that Mien cannot be reached
    if (!found) return;
    state.arrived(found, await asItIsNow(state.current, found));
    show();
  };
  let looking = false;
  const lookAgain = async () => {
    if (looking || !state.waiting || document.hidden || element.offsetParent === null) return;
    looking = true;
    await inOrder(look);
    looking = false;
  };
  every(LOOK_EVERY, lookAgain, alive);

  // The page is ahead of the server: a key counts at once, for the face that is shown.
  const answer = (/** @type {GivenAnswer} */ what) => {
    const step = state.answer();
    if (!step) return;
    show();
    inOrder(async () => {
      try {
        const { action } = await post("/data/annotate", { body: { ids: [step.item.id], ...what } });
        state.kept(step, action);
        changed(element);
      } catch (error) {
        state.refused(step);
        throw error;
      } finally {
        if (state.runsLow) await load();
        else show();
      }
    });
  };
  const undo = () => {
    const step = state.undo();
    if (!step) return;
    show();
    inOrder(async () => {
      try {
        if (step.action) await post("/data/undo", { body: { action: step.action } }); // else the answer never arrived
      } finally {
        state.undone(step);
      }
      changed(element);
    });
  };
  const take = () => {
    const label = state.current && suggestionFor(state.current, labels).label;
    if (label) answer(answerAs(label.name));
  };

  const onClick = (/** @type {string} */ selector, /** @type {() => void} */ action) =>
    find(element, "button", selector).addEventListener("click", action);
  onClick("[data-take]", take);
  onClick("[data-skip]", () => answer({ kind: "skip" }));
  onClick("[data-no-face]", () => answer({ kind: "not_a_face" }));
  onClick("[data-undo]", undo);
  onClick("[data-empty-undo]", undo);
  onClick("[data-to-collect]", () => openView("collect"));
  // A button that was clicked with the mouse lets go of the focus, so that Enter takes the next suggestion.
  element.addEventListener("click", ({ detail, target }) => {
    if (detail && target instanceof Element) target.closest("button")?.blur();
  });

  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (!isMeantFor(element, event) || event.repeat) return;
    if (event.key === "Enter" && isOnButton(event)) return;
    const meaning = meaningOf(event.key, labels);
    if (!meaning) return;
    if (meaning === "take") take();
    else if (meaning === "undo") undo();
    else answer(meaning);
    event.preventDefault();
  };
  document.addEventListener("keydown", onKey, { signal: alive });
}

/**
 * The shown face as the server has it now; nothing where it is gone, or was answered elsewhere.
 * @param {ListedImage | undefined} shown
 * @param {ReviewQueue} found
 * @returns {Promise<ListedImage | undefined>}
 */
async function asItIsNow(shown, found) {
  if (!shown) return undefined;
  const among = found.items.find(({ id }) => id === shown.id);
  const asked = () => get("/data/images/{image_id}/listed", { path: { image_id: shown.id } }).catch(() => undefined);
  const now = among ?? (await asked());
  return now?.answer === shown.answer ? now : undefined;
}

/**
 * Whether Enter presses what has the focus; the tab of this view does not count.
 * @param {KeyboardEvent} event
 */
const isOnButton = ({ target }) =>
  target instanceof Element && target.closest("button:not([role=tab][aria-selected=true]), a, summary") !== null;
