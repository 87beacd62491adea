// The Live tab: the stage, a bar for every label of the main face, the last thirty seconds, and teaching by click or key.

import { camera } from "../shared/camera.js";
import { Chart } from "./chart.js";
import { percent } from "../shared/numbers.js";
import { controls } from "../shared/controls.js";
import { pictures } from "./pictures.js";
import { Stage } from "../shared/stage.js";
import { TeachMenu } from "./teach.js";

const SHOW_EVERY = 66; // ms: numbers that change faster cannot be read

export function mount({ element }) {
  const find = (selector) => element.querySelector(selector);
  const stage = new Stage(find("[data-stage]"));
  const chart = new Chart(find("[data-chart]"));
  const bars = new Bars(find("[data-bars]"), (label) => teach(label));
  const stats = find("#live-stats");
  const toast = find("[data-toast]");
  const menu = new TeachMenu(stage);
  let main = null;
  let shown = 0;

  controls(find("[data-controls]"));
  pictures(find("[data-pictures-area]"));

  let teachable = [];
  const useLabels = (labels) => {
    stage.labels = labels;
    bars.setLabels(labels);
    chart.setLabels(labels);
  };
  const refreshLabels = async () => {
    const status = await (await fetch("/mien/api/status")).json();
    teachable = status.teachable;
    menu.setLabels(teachable);
    useLabels(status.labels);
  };
  stage.addEventListener("labels", ({ detail }) => useLabels(detail));
  window.addEventListener("mien:changed", () => refreshLabels().catch(() => {}));
  refreshLabels().catch(() => {});

  stage.addEventListener("faces", ({ detail }) => {
    main = mainFace(detail.faces, main);
    const now = performance.now();
    chart.add(main?.probabilities, now);
    if (now - shown < SHOW_EVERY && detail.faces.length) return;
    shown = now;
    bars.show(main);
    tell(stats, stage, detail.faces, main);
  });
  setInterval(() => {
    chart.add(null);
    if (!stage.live) tell(stats, stage, [], null);
  }, 250);

  const say = (text, bad = false, undo = null) => {
    toast.textContent = text;
    toast.classList.toggle("bad", bad);
    toast.classList.add("shown");
    if (undo) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Undo" });
      button.addEventListener("click", undo);
      toast.append(button);
    }
    clearTimeout(toast.timer);
    toast.timer = setTimeout(() => toast.classList.remove("shown"), undo ? 6000 : 3500);
  };
  const teach = (label, face = main) => {
    if (!face) return say("No face to teach: there is none in view.", true);
    if (!stage.command({ teach: { face: face.id, label } })) say("Not connected, so nothing was saved.", true);
  };
  menu.addEventListener("choose", ({ detail: { face, label } }) => teach(label, face));
  stage.addEventListener("pick", ({ detail: { face, x, y } }) => {
    stage.command({ hold: face.id });
    menu.open(face, x, y);
  });
  stage.addEventListener("message", ({ detail }) => {
    if (detail.error) return say(detail.error, true);
    if (detail.forgotten) say("Taken back.");
    if (detail.taught) {
      const { image, label, guess, state } = detail.taught;
      const wrong = guess === label ? "" : `, not ${guess}`;
      const undo = state === "added" ? () => stage.command({ forget: image }) : null;
      say(`Saved as ${label}${wrong}.`, false, undo);
    }
    if (detail.forgotten || detail.taught) window.dispatchEvent(new Event("mien:changed"));
  });

  document.addEventListener("keydown", (event) => {
    if (!stage.visible || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest?.("input:not([type=file]), textarea, select, [contenteditable]")) return;
    if (event.key === "m") camera.setMirror(!camera.mirror);
    else if (event.key === "c") camera.state === "on" || camera.state === "asking" ? camera.stop() : camera.start();
    else {
      const label = teachable.find(({ key }) => key && key === event.key);
      if (!label) return;
      const face = menu.face;
      menu.close();
      teach(label.name, face || main);
    }
    event.preventDefault();
  });

  camera.start();
}

/** The face that bars and chart show: the same one as before while it stays, else the largest. */
function mainFace(faces, before) {
  const area = ({ box }) => box[2] * box[3];
  const largest = faces.reduce((best, face) => (!best || area(face) > area(best) ? face : best), null);
  const same = before && faces.find(({ id }) => id === before.id);
  return same && area(same) > area(largest) * 0.6 ? same : largest;
}

function tell(stats, stage, faces, main) {
  const write = (name, value) => {
    if (stats.dataset[name] !== String(value)) stats.dataset[name] = value;
  };
  const fps = stage.live ? stage.fps : 0;
  write("fps", fps);
  write("latencyMs", fps ? stage.latency.toFixed(1) : 0);
  write("faces", faces.length);
  write("label", main?.label ?? "");
  stats.querySelector("[data-rate]").textContent = fps;
  stats.querySelector("[data-trip]").textContent = fps ? Math.round(stage.latency) : "–";
}

class Bars {
  #rows = new Map();
  #names = "";

  constructor(element, choose) {
    this.element = element;
    this.choose = choose;
  }

  /** One row a label, in the model's order, which never changes while live. */
  setLabels(labels) {
    const names = JSON.stringify(labels);
    if (names === this.#names) return;
    this.#names = names;
    this.#rows.clear();
    this.element.replaceChildren(
      ...labels.map(({ name, color, key }) => {
        const row = document.createElement("button");
        row.type = "button";
        row.className = "bar";
        row.style.setProperty("--label", color);
        row.title = `This face is really ${name}`;
        row.innerHTML = `<kbd></kbd><span class="name"></span><span class="track"><i></i></span><span class="share">–</span>`;
        row.querySelector("kbd").textContent = key;
        row.querySelector(".name").textContent = name;
        row.addEventListener("click", () => this.choose(name));
        this.#rows.set(name, { row, fill: row.querySelector("i"), share: row.querySelector(".share") });
        return row;
      }),
    );
  }

  show(face) {
    for (const [name, { row, fill, share }] of this.#rows) {
      const p = face ? (face.probabilities[name] ?? 0) : 0;
      fill.style.transform = `scaleX(${p})`;
      share.textContent = face ? percent(p) : "–";
      row.classList.toggle("first", face?.label === name);
    }
  }
}
