// Hands-free: counts down, captures for a while, and stops.

const COUNTDOWN = 3; // seconds
const CAPTURES_FOR = 4000; // ms

/**
 * @typedef {object} HandsFreeEvents
 * @property {(seconds: number) => void} count seconds to go; 0: now
 * @property {() => void} begin
 * @property {() => void} end
 */

export class HandsFree {
  #timer = 0;

  /** @param {HandsFreeEvents} events */
  constructor(events) {
    this.events = events;
  }

  /** Whether it counts or captures. */
  get running() {
    return this.#timer !== 0;
  }

  start() {
    this.#tick(COUNTDOWN);
  }

  /** Nothing that it would have done will happen; what it began goes on. */
  stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** @param {number} left */
  #tick(left) {
    this.events.count(left);
    if (left) {
      this.#timer = window.setTimeout(() => this.#tick(left - 1), 1000);
      return;
    }
    this.events.begin();
    this.#timer = window.setTimeout(() => {
      this.stop();
      this.events.end();
    }, CAPTURES_FOR);
  }
}
