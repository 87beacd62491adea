// The page: the model is loaded, the camera started, and what they say shown.

import { ExpressionClassifier, MienError } from "../mien.js";
import { Bars } from "./bars.js";
import { drawFaces, freshPen, placeIn } from "./draw.js";
import { Live } from "./live.js";
import { takePictures } from "./pictures.js";
import { sentence } from "./words.js";

/** @import { Seen } from "./live.js" */

/** @type {<T extends HTMLElement = HTMLElement>(name: string) => T} */
const part = (name) => /** @type {any} */ (document.querySelector(`[data-${name}]`));
const [stage, panel, pill, power, mirror, stats] = ["stage", "panel", "pill", "power", "mirror", "stats"].map((name) =>
  part(name),
);
const video = part("video");
const overlay = part("overlay");

/**
 * What the stage says instead of a picture.
 * @param {string} title
 * @param {string} [text]
 * @param {() => void} [retry]
 */
function say(title, text = "", retry) {
  part("title").textContent = title;
  part("text").textContent = text;
  part("retry").hidden = !retry;
  part("retry").onclick = retry ?? null;
  panel.hidden = false;
}

async function load() {
  say("Loading the model …");
  try {
    run(await ExpressionClassifier.load());
  } catch (error) {
    document.body.dataset.error = error instanceof MienError ? error.code : "failed";
    say("Mien cannot start", sentence(error), () => location.reload());
  }
}

/** @param {ExpressionClassifier} classifier */
function run(classifier) {
  const { looks } = classifier;
  const bars = new Bars(part("bars"), classifier.labels, looks);
  const live = new Live(/** @type {HTMLVideoElement} */ (video), classifier, show, (error) => {
    off();
    document.body.dataset.error = error instanceof MienError ? error.code : "failed";
    say("The camera cannot be used", `${sentence(error)} Pictures dropped below work without one.`, on);
  });

  function on() {
    delete document.body.dataset.error;
    say("Starting the camera …");
    power.textContent = "Stop";
    live.start();
  }

  function off() {
    live.stop();
    power.textContent = "Start";
    pill.hidden = true;
    show({ faces: [], milliseconds: 0, framesPerSecond: 0 });
    say("The camera is off", "", on);
    part("retry").textContent = "Start the camera";
  }

  /** @param {Seen} seen */
  function show({ faces, milliseconds, framesPerSecond }) {
    const { videoWidth, videoHeight } = /** @type {HTMLVideoElement} */ (video);
    const [main] = [...faces].sort((one, other) => other.box.width * other.box.height - one.box.width * one.box.height);
    panel.hidden = framesPerSecond > 0;
    pill.hidden = faces.length > 0 || !framesPerSecond;
    pill.textContent = "No face in view";
    part("label").textContent = main ? (main.doubt ? "Not sure" : main.label) : "–";
    part("doubt").textContent = main?.doubt ?? "";
    bars.show(main);
    part("rate").textContent = stats.dataset.framesPerSecond = `${framesPerSecond}`;
    part("time").textContent = framesPerSecond ? `${Math.round(milliseconds)}` : "–";
    stats.dataset.faces = `${faces.length}`;
    const pen = freshPen(/** @type {HTMLCanvasElement} */ (overlay), stage.clientWidth, stage.clientHeight);
    if (!framesPerSecond) return;
    stage.style.setProperty("--ratio", `${Math.min(16 / 9, Math.max(3 / 4, videoWidth / videoHeight))}`);
    const picture = { width: videoWidth, height: videoHeight };
    const place = placeIn({ width: stage.clientWidth, height: stage.clientHeight }, picture);
    const first = [...faces].sort((one, other) => Number(other === main) - Number(one === main));
    drawFaces(pen, first, { looks, picture, place, mirrored: stage.classList.contains("mirrored") });
  }

  part("backend").textContent = classifier.backend === "webgpu" ? "WebGPU" : "WebAssembly";
  power.addEventListener("click", () => (power.textContent === "Stop" ? off() : on()));
  mirror.addEventListener("click", () => {
    mirror.ariaPressed = `${stage.classList.toggle("mirrored")}`;
  });
  const input = part("files");
  takePictures(
    { list: part("pictures"), input: /** @type {HTMLInputElement} */ (input), clear: part("clear") },
    classifier,
  );
  /** @type {HTMLButtonElement} */ (power).disabled = false;
  on();
}

load();
