// Which images of the gallery are chosen, on this page of it and on others, and where the keyboard is.

/** @type {Record<string, (columns: number) => number>} */
const STEPS = {
  ArrowRight: () => 1,
  ArrowLeft: () => -1,
  ArrowDown: (columns) => columns,
  ArrowUp: (columns) => -columns,
};

export class GallerySelection {
  /** @type {Set<number>} */
  chosen = new Set();
  /** Place of the keyboard on the page. */
  cursor = 0;
  /** Where a range begins. */
  #anchor = 0;

  /** @param {number} id */
  has(id) {
    return this.chosen.has(id);
  }

  get size() {
    return this.chosen.size;
  }

  /** @param {Iterable<number>} [ids] these instead; none: nothing is chosen */
  replace(ids = []) {
    this.chosen = new Set(ids);
  }

  /** Another page of the gallery is shown. */
  toStart() {
    this.cursor = this.#anchor = 0;
  }

  /**
   * What was a click on place `index`: chooses it, or no longer; with `range`, chooses all from the last click to it.
   * @param {number[]} ids those on the page
   * @param {number} index
   * @param {boolean} range
   */
  click(ids, index, range) {
    if (index >= ids.length) return;
    this.cursor = index;
    if (range) {
      const [from, to] = [Math.min(this.#anchor, index), Math.max(this.#anchor, index)];
      for (const id of ids.slice(from, to + 1)) this.chosen.add(id);
      return;
    }
    this.#anchor = index;
    const [id] = ids.slice(index);
    if (!this.chosen.delete(id)) this.chosen.add(id);
  }

  /**
   * Moves the keyboard's place; whether `key` is one that does.
   * @param {string} key
   * @param {number} columns
   * @param {number} shown how many images are on the page
   */
  move(key, columns, shown) {
    const step = STEPS[key]?.(columns);
    if (!step) return false;
    this.cursor += step;
    this.stayWithin(shown);
    return true;
  }

  /** @param {number} shown how many images are on the page */
  stayWithin(shown) {
    this.cursor = Math.max(0, Math.min(shown - 1, this.cursor));
  }
}
