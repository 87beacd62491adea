// How live the view is: answers in the last second, and how long they took.

const WINDOW = 1000; // ms

export class LiveRate {
  /** @type {{ at: number, latency: number }[]} */
  #answers = [];

  /**
   * @param {number} at when an answer came, in performance.now() time
   * @param {number} latency milliseconds since its frame was taken; NaN where nobody knows
   */
  add(at, latency) {
    this.#answers.push({ at, latency });
    this.#answers = this.#answers.filter((answer) => at - answer.at <= WINDOW);
  }

  clear() {
    this.#answers = [];
  }

  /** Answers a second. */
  get fps() {
    return this.#answers.length;
  }

  /** The median, in milliseconds; 0 where none is known. */
  get latency() {
    const known = this.#answers.map(({ latency }) => latency).filter((latency) => latency >= 0);
    return known.sort((a, b) => a - b)[known.length >> 1] ?? 0;
  }
}
