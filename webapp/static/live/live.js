// The Live tab: the stage, a bar for every label of the main face, the last thirty seconds, and teaching by click or key.

import { get } from "../shared/ask.js";
import { camera } from "../shared/camera.js";
import { controls } from "../shared/controls.js";
import { find } from "../shared/elements.js";
import { changed, onChange } from "../shared/freshness.js";
import { isMeantFor } from "../shared/keyboard.js";
import { labelByKey } from "../shared/label-keys.js";
import { every, lifetime } from "../shared/lifetime.js";
import { Stage } from "../shared/stage.js";
import { say } from "../shared/toast.js";
import { undoLast } from "../shared/undo.js";
import { heatLegend, heatWords, why, WHY_KEY, whyButton } from "../shared/why.js";
import { Bars } from "./bars.js";
import { ExpressionChart } from "./expression-chart.js";
import { FacesList } from "./faces-list.js";
import { hereSwitch } from "./here-switch.js";
import { showStats } from "./live-stats.js";
import { MainLine } from "./main-line.js";
import { pictures } from "./pictures.js";
import { tellTaught } from "./taught.js";
import { TeachMenu } from "./teach-menu.js";

/** @import { LabelColor, SeenFace } from "../shared/api" */

const SHOW_EVERY = 66; // ms: numbers that change faster cannot be read
const LOOK_EVERY = 250; // ms: whether there still is a face

/** @param {{ element: HTMLElement }} part */
export function mount({ element }) {
  const signal = lifetime(element);
  const stage = new Stage(find(element, "div", "[data-stage]"));
  hereSwitch(find(element, "div", "[data-here]"), stage);
  const chart = new ExpressionChart(find(element, "canvas", "[data-chart]"));
  const line = new MainLine(find(element, "div", ".live-bars"), () => stage.choose(null));
  const bars = new Bars(find(element, "div", "[data-bars]"), (label) => teach(label, stage.main));
  const list = new FacesList(find(element, "div", "[data-faces-card]"), (face) => stage.choose(face));
  const menu = new TeachMenu(stage.element, (label, face) => teach(label, face));
  const stats = find(element, "p", "#live-stats");
  /** @type {LabelColor[]} */
  let teachable = [];
  let shown = 0;

  const below = find(element, "div", "[data-controls]");
  controls(below);
  below.append(whyButton(signal));
  const legend = heatLegend("on-stage");
  stage.element.append(legend.element);
  pictures(find(element, "section", "[data-pictures-area]"), () => teachable);

  /** @param {LabelColor[]} labels */
  const useLabels = (labels) => {
    stage.labels = labels;
    bars.setLabels(labels);
    list.setLabels(labels);
    chart.setLabels(labels);
  };
  /** @param {LabelColor[]} labels */
  const useTeachable = (labels) => {
    teachable = labels;
    menu.setLabels(labels);
  };
  const refreshLabels = async () => {
    const status = await get("/status").catch(() => null); // the header says that Mien cannot be reached
    if (!status) return;
    useTeachable(status.teachable);
    useLabels(status.labels);
  };
  stage.on("labels", (labels) => {
    // A first face may come before that answer, and a key that stands beside a bar is not pressed for nothing.
    if (!teachable.length) useTeachable(labels.filter(({ key }) => key));
    useLabels(labels);
  });
  onChange(element, refreshLabels);
  refreshLabels();

  const showWhy = () => {
    const hot = stage.faces.filter(({ heat }) => heat);
    legend.show(why.shown && stage.live ? heatWords(hot, stage.heat.problem) : "");
  };
  const askWhy = () => {
    stage.heat.want(why.shown);
    stage.draw();
    showWhy();
  };
  why.on("change", askWhy, signal);
  if (why.shown) askWhy();

  stage.on("faces", (faces) => {
    const now = performance.now();
    chart.add(stage.main?.probabilities, now);
    if (!stage.live) menu.close();
    if (now - shown < SHOW_EVERY && faces.length) return;
    shown = now;
    const { main, row, chosen } = stage;
    line.show({ main, row, chosen });
    list.show({ main, row, chosen }, now);
    bars.show(main);
    showStats(stats, stage, main);
    showWhy();
  });
  every(
    LOOK_EVERY,
    () => {
      chart.add(undefined);
      if (!stage.live) showStats(stats, stage, null);
    },
    signal,
  );

  /**
   * @param {string} label
   * @param {SeenFace | null} face
   */
  const teach = (label, face) => {
    if (!face) return say("No face to teach: there is none in view.", { bad: true });
    const sent = stage.command({ teach: { face: face.id, label } });
    if (!sent) say("Not connected, so nothing was saved.", { bad: true });
  };
  stage.on("pick", ({ face, box }) => {
    stage.command({ hold: face.id });
    menu.open(face, box);
  });
  stage.on("message", (answer) => {
    if ("error" in answer) return say(answer.error, { bad: true });
    if (!("taught" in answer)) return;
    tellTaught(answer.taught);
    changed();
  });

  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.repeat || !isMeantFor(stage.element, event)) return;
    if (event.key === "m") camera.setMirror(!camera.mirror);
    else if (event.key === WHY_KEY) why.toggle();
    else if (event.key === "c" && camera.running) camera.stop();
    else if (event.key === "c") camera.start();
    else if (event.key === "Enter" && (event.target === stage.canvas || event.target === document.body)) {
      if (!stage.main) return;
      stage.pick(stage.main);
    } else if (event.key === "u") {
      undoLast();
    } else {
      const label = labelByKey(teachable, event.key);
      if (!label) return;
      const face = menu.face;
      menu.close();
      teach(label.name, face || stage.main);
    }
    event.preventDefault();
  };
  document.addEventListener("keydown", press, { signal });

  camera.startFirst();
}
