// The last thirty seconds of the main face, as stacked areas: one colour a label, always in the same order.

const SECONDS = 30;
const STEP = 100; // ms between samples; the chart is drawn as often
const GAP = 400; // ms without a face that leave a gap

export class Chart {
  #samples = [];
  #labels = [];
  #drawn = 0;

  constructor(canvas) {
    this.canvas = canvas;
    new ResizeObserver(() => this.draw()).observe(canvas);
    window.addEventListener("mien:look", () => this.draw());
  }

  /** Other labels: what was said in the old ones cannot be compared, so the chart starts anew. */
  setLabels(labels) {
    const same = labels.map(({ name }) => name).join() === this.#labels.map(({ name }) => name).join();
    this.#labels = labels;
    if (!same) this.#samples = [];
    this.draw();
  }

  add(probabilities, now = performance.now()) {
    const last = this.#samples.at(-1);
    if (probabilities && (!last || now - last.at >= STEP - 8)) {
      this.#samples.push({ at: now, shares: this.#labels.map(({ name }) => probabilities[name] ?? 0) });
      while (this.#samples.length && now - this.#samples[0].at > SECONDS * 1000 + 500) this.#samples.shift();
    }
    if (now - this.#drawn >= STEP - 8) this.draw(now);
  }

  draw(now = performance.now()) {
    this.#drawn = now;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width) return;
    const ratio = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio)) this.canvas.width = Math.round(width * ratio);
    if (this.canvas.height !== Math.round(height * ratio)) this.canvas.height = Math.round(height * ratio);
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const x = (at) => width - ((now - at) / (SECONDS * 1000)) * width;
    for (const run of this.#runs()) {
      const base = run.map(() => 0);
      for (const [index, { color }] of this.#labels.entries()) {
        pen.beginPath();
        run.forEach((sample, i) => pen.lineTo(x(sample.at), height * (1 - base[i])));
        for (let i = run.length - 1; i >= 0; i -= 1) {
          base[i] += run[i].shares[index];
          pen.lineTo(x(run[i].at), height * (1 - base[i]));
        }
        pen.closePath();
        pen.fillStyle = color;
        pen.fill();
      }
    }
  }

  #runs() {
    const runs = [];
    for (const sample of this.#samples) {
      const run = runs.at(-1);
      if (run && sample.at - run.at(-1).at <= GAP) run.push(sample);
      else runs.push([sample]);
    }
    return runs;
  }
}
