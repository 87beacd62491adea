// Which images of the gallery are selected, on this page of it and on others, and where the keyboard is.

/** @type {Record<string, (at: number, columns: number, shown: number) => number>} */
const STEPS = {
  ArrowRight: (at) => at + 1,
  ArrowLeft: (at) => at - 1,
  ArrowDown: (at, columns) => at + columns,
  ArrowUp: (at, columns) => at - columns,
  Home: () => 0,
  End: (at, columns, shown) => shown - 1,
};

export class GallerySelection {
  /** @type {Set<number>} */
  chosen = new Set();
  /** Place of the keyboard on the page. */
  cursor = 0;
  /** Where a range begins. */
  #anchor = 0;
  /** @type {Set<number> | null} what was selected when it began */
  #before = null;

  /** @param {number} id */
  has(id) {
    return this.chosen.has(id);
  }

  get size() {
    return this.chosen.size;
  }

  /** @param {Iterable<number>} [ids] these instead; none: nothing is selected */
  replace(ids = []) {
    this.chosen = new Set(ids);
    this.#before = null;
  }

  /** Another page of the gallery is shown. */
  toStart() {
    this.#beginAt(0);
  }

  /**
   * What was a click on place `index`: selects it, or no longer; with `range`, selects all from the last click to it.
   * @param {number[]} ids those on the page
   * @param {number} index
   * @param {boolean} range
   */
  click(ids, index, range) {
    if (index >= ids.length) return;
    if (range) {
      this.#extendTo(ids, index);
      return;
    }
    this.#beginAt(index);
    const [id] = ids.slice(index);
    if (!this.chosen.delete(id)) this.chosen.add(id);
  }

  /**
   * Moves the keyboard's place; whether `key` is one that does.
   * @param {string} key
   * @param {number} columns
   * @param {number[]} ids those on the page
   * @param {boolean} range select all from where a range began to the new place, and none that only lay in between
   */
  move(key, columns, ids, range) {
    const to = STEPS[key]?.(this.cursor, columns, ids.length);
    if (to === undefined) return false;
    const place = Math.max(0, Math.min(ids.length - 1, to));
    if (range) this.#extendTo(ids, place);
    else this.#beginAt(place);
    return true;
  }

  /** @param {number} shown how many images are on the page */
  stayWithin(shown) {
    this.cursor = Math.max(0, Math.min(shown - 1, this.cursor));
  }

  /** @param {number} index */
  #beginAt(index) {
    this.cursor = this.#anchor = index;
    this.#before = null;
  }

  /**
   * @param {number[]} ids
   * @param {number} index
   */
  #extendTo(ids, index) {
    this.cursor = index;
    this.#before ??= new Set(this.chosen);
    const [from, to] = [Math.min(this.#anchor, index), Math.max(this.#anchor, index)];
    this.chosen = new Set([...this.#before, ...ids.slice(from, to + 1)]);
  }
}
