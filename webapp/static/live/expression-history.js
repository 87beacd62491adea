// What was said of the main face in the last thirty seconds.

const KEPT = 30_500; // ms: what the chart shows, and the sample that is just leaving it
const GAP = 400; // ms without a face that leave a gap

/** Milliseconds between samples. */
export const STEP = 100;
/** By how many milliseconds a sample may come too early, since screens and clocks do not agree. */
export const SLACK = 8;

/** @typedef {{ at: number, shares: number[] }} Sample `at` in performance.now() time, a share of each label */

export class ExpressionHistory {
  /** @type {Sample[]} */
  #samples = [];
  /** @type {string[]} */
  #labels = [];

  /**
   * Other labels: what was said in the old ones cannot be compared, so the history starts anew.
   * @param {string[]} labels
   */
  setLabels(labels) {
    if (JSON.stringify(labels) !== JSON.stringify(this.#labels)) this.#samples = [];
    this.#labels = labels;
  }

  /**
   * @param {Record<string, number>} probabilities
   * @param {number} now
   */
  add(probabilities, now) {
    const last = this.#samples.at(-1);
    if (last && now - last.at < STEP - SLACK) return;
    this.#samples.push({ at: now, shares: this.#labels.map((name) => probabilities[name] ?? 0) });
    this.#samples = this.#samples.filter(({ at }) => now - at <= KEPT);
  }

  /** The samples, parted where no face was seen for a while. */
  get runs() {
    /** @type {Sample[][]} */
    const runs = [];
    let before = -Infinity;
    for (const sample of this.#samples) {
      if (sample.at - before > GAP) runs.push([]);
      runs[runs.length - 1].push(sample);
      before = sample.at;
    }
    return runs;
  }
}
