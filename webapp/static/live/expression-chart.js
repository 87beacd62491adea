// The last thirty seconds of the main face, as stacked areas: one colour a label, always in the same order.

import { freshPen } from "../shared/draw-face.js";
import { atEnd, lifetime } from "../shared/lifetime.js";
import { ExpressionHistory, SLACK, STEP } from "./expression-history.js";

/** @import { LabelColor } from "../shared/api" */
/** @import { Sample } from "./expression-history.js" */
/** @typedef {{ x: number, y: number }} Point */

const SHOWN = 30_000; // ms

export class ExpressionChart {
  #history = new ExpressionHistory();
  /** @type {LabelColor[]} */
  #labels = [];
  #drawn = 0;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    const signal = lifetime(canvas);
    const sizes = new ResizeObserver(() => this.draw());
    sizes.observe(canvas);
    atEnd(signal, () => sizes.disconnect());
    window.addEventListener("mien:look", () => this.draw(), { signal });
  }

  /** @param {LabelColor[]} labels */
  setLabels(labels) {
    this.#labels = labels;
    this.#history.setLabels(labels.map(({ name }) => name));
    this.draw();
  }

  /** @param {Record<string, number> | undefined} probabilities of the main face; undefined: there is none */
  add(probabilities, now = performance.now()) {
    if (probabilities) this.#history.add(probabilities, now);
    if (now - this.#drawn >= STEP - SLACK) this.draw(now);
  }

  draw(now = performance.now()) {
    this.#drawn = now;
    const size = { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
    if (!size.width) return;
    const pen = freshPen(this.canvas, size);
    for (const run of this.#history.runs) {
      for (const [index, outline] of outlines(run, now, size).entries()) {
        pen.beginPath();
        for (const { x, y } of outline) pen.lineTo(x, y);
        pen.closePath();
        pen.fillStyle = this.#labels[index].color;
        pen.fill();
      }
    }
  }
}

/**
 * The outline of each label's area: along the areas below it to now, and back along its own top.
 * @param {Sample[]} run
 * @param {number} now
 * @param {{ width: number, height: number }} size
 * @returns {Point[][]}
 */
export function outlines(run, now, { width, height }) {
  /** @param {number} at */
  const x = (at) => width - ((now - at) / SHOWN) * width;
  let base = run.map(() => 0);
  return run[0].shares.map((_, label) => {
    const top = run.map(({ shares }, i) => base[i] + shares[label]);
    /** @param {number[]} levels */
    const line = (levels) => run.map(({ at }, i) => ({ x: x(at), y: height * (1 - levels[i]) }));
    const outline = [...line(base), ...line(top).reverse()];
    base = top;
    return outline;
  });
}
