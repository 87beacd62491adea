// The review queue as the page knows it. It runs ahead of the server: an answer counts at once and is sent in its turn,
// any number of steps can be taken back, and what arrives meanwhile brings no answered face back.

/** @import { ListedImage, ReviewQueue } from "../shared/api" */

/**
 * A face that was answered; `action` is what the server calls the answer, once it has it.
 * @typedef {{ item: ListedImage, action?: string }} Step
 */

export class QueueState {
  /** @type {ListedImage[]} the face that is shown, then those after it */
  items = [];
  /** Images that the active version has not been asked about yet. */
  waiting = 0;

  /** @type {ListedImage[]} undone and not answered again: these come first */
  #restored = [];
  /** @type {Step[]} the newest last */
  #done = [];
  /** @type {Set<number>} faces that are not asked for again, though the server may not have their answer yet */
  #answered = new Set();
  /** Faces in the queue by what the server said last. */
  #counted = 0;
  /** By how many faces the queue is longer here than at the server, for what is not sent yet. */
  #ahead = 0;

  get current() {
    return this.items.at(0);
  }

  get canUndo() {
    return this.#done.length > 0;
  }

  /** Faces still to answer, the shown one too. */
  get total() {
    return Math.max(this.items.length, this.#counted + this.#ahead);
  }

  /** Whether so few faces are left here that more should be asked for. */
  get runsLow() {
    return this.items.length < 4;
  }

  /**
   * What the server found, asked while nothing was on its way to it.
   * @param {ReviewQueue} found
   * @param {ListedImage} [shown] the shown face as it is now; it stays in front, if it is still the shown one
   */
  arrived(found, shown) {
    const now = new Map(found.items.map((item) => [item.id, item]));
    if (shown) now.set(shown.id, shown);
    this.#restored = this.#restored.map((item) => now.get(item.id) ?? item);
    const front = shown && shown.id === this.current?.id ? [shown, ...this.#restored] : this.#restored;
    const rest = [...now.values()].filter(({ id }) => !this.#answered.has(id));
    this.items = unique([...front, ...rest]);
    this.#counted = found.total;
    this.waiting = found.waiting;
  }

  /**
   * The shown face has an answer, which is on its way; the next one is shown.
   * @returns {Step | undefined}
   */
  answer() {
    const item = this.items.shift();
    if (!item) return undefined;
    const step = { item };
    this.#ahead -= 1;
    this.#done.push(step);
    this.#answered.add(item.id);
    this.#restored = this.#restored.filter(({ id }) => id !== item.id);
    return step;
  }

  /**
   * The server has the answer.
   * @param {Step} step
   * @param {string} action
   */
  kept(step, action) {
    step.action = action;
    this.#ahead += 1;
    this.#counted -= 1;
  }

  /**
   * The answer did not arrive: the face is asked for again, and there is nothing to take back.
   * @param {Step} step
   */
  refused(step) {
    this.#ahead += 1;
    if (!this.#done.includes(step)) return; // taken back already
    this.#done = this.#done.filter((other) => other !== step);
    this.#answered.delete(step.item.id);
  }

  /**
   * Takes the newest answer back; its face is shown.
   * @returns {Step | undefined} the step that the server must be told of
   */
  undo() {
    const step = this.#done.pop();
    if (!step) return undefined;
    const { item } = step;
    this.#ahead += 1;
    this.#answered.delete(item.id);
    this.#restored = [item, ...this.#restored];
    this.items = [item, ...this.items.filter(({ id }) => id !== item.id)];
    return step;
  }

  /**
   * The server knows of the undo; of an answer that never arrived it need not.
   * @param {Step} step
   */
  undone(step) {
    this.#ahead -= 1;
    if (step.action) this.#counted += 1;
  }

  /** Another order: what was taken back has no place of its own any more. */
  reorder() {
    this.#answered.clear();
    this.#restored = [];
  }
}

/**
 * Each image once, where it stands first.
 * @param {ListedImage[]} items
 */
const unique = (items) => items.filter(({ id }, index) => items.findIndex((other) => other.id === id) === index);
