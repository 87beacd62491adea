// The page: the model is loaded, the camera started, and what they say shown.

import { ExpressionClassifier, MienError } from "../mien.js";
import { Bars } from "./bars.js";
import { cameraChoice, lastCamera } from "./cameras.js";
import { ChipLayout } from "./chip-layout.js";
import { FacePainter, freshPen } from "./draw-face.js";
import { drawFaces } from "./draw.js";
import { Live } from "./live.js";
import { takePictures } from "./pictures.js";
import { sentence } from "./words.js";

/** @import { Look } from "../core/model.js" */
/** @import { Seen } from "./live.js" */

/** @type {<T extends HTMLElement = HTMLElement>(name: string) => T} */
const part = (name) => /** @type {any} */ (document.querySelector(`[data-${name}]`));
const [stage, panel, pill, power, mirror, stats] = ["stage", "panel", "pill", "power", "mirror", "stats"].map((name) =>
  part(name),
);
const video = /** @type {HTMLVideoElement} */ (part("video"));
const overlay = part("overlay");

/**
 * What the stage says instead of a picture.
 * @param {string} title
 * @param {string} [text]
 * @param {string} [button]
 * @param {() => void} [clicked]
 */
function say(title, text = "", button = "", clicked = () => {}) {
  part("title").textContent = title;
  part("text").textContent = text;
  part("retry").textContent = button;
  part("retry").hidden = !button;
  part("retry").onclick = () => clicked();
  panel.hidden = false;
}

const loading = ExpressionClassifier.load();
const painter = new FacePainter(new ChipLayout());
const live = new Live(video, loading, { show, opened: (deviceId) => cameras.on(deviceId), fail });
const cameras = cameraChoice(/** @type {HTMLLabelElement} */ (part("camera")), on);
/** @type {Bars | undefined} once the labels are known */
let bars;
/** @type {Record<string, Look>} */
let looks = {};

/** @param {string} [deviceId] */
function on(deviceId = lastCamera()) {
  delete document.body.dataset.error;
  say(bars ? "Starting the camera …" : "Loading the model …");
  power.textContent = "Stop";
  live.start(deviceId);
}

function off() {
  live.stop();
  power.textContent = "Start";
  show({ faces: [], milliseconds: 0, framesPerSecond: 0 });
  say("The camera is off", "", "Start the camera", on);
}

/** @param {unknown} error */
function fail(error) {
  off();
  document.body.dataset.error = error instanceof MienError ? error.code : "failed";
  const text = `${sentence(error)} Pictures dropped below work without one.`;
  say("The camera cannot be used", text, "Try again", on);
}

/** @param {Seen} seen */
function show({ faces, milliseconds, framesPerSecond }) {
  const main = faces.reduce((best, face) => (best && area(best) >= area(face) ? best : face), faces[0]);
  panel.hidden = framesPerSecond > 0;
  pill.hidden = faces.length > 0 || !framesPerSecond;
  part("label").textContent = main ? (main.doubt ? "Not sure" : main.label) : "–";
  part("doubt").textContent = main?.doubt ?? "";
  bars?.show(main);
  part("rate").textContent = stats.dataset.framesPerSecond = `${framesPerSecond}`;
  part("time").textContent = framesPerSecond ? `${Math.round(milliseconds)}` : "–";
  stats.dataset.faces = `${faces.length}`;
  const picture = { width: video.videoWidth, height: video.videoHeight };
  if (framesPerSecond) {
    stage.style.setProperty("--ratio", `${Math.min(16 / 9, Math.max(3 / 4, picture.width / picture.height))}`);
  }
  const bounds = { width: stage.clientWidth, height: stage.clientHeight };
  const pen = freshPen(/** @type {HTMLCanvasElement} */ (overlay), bounds);
  if (!framesPerSecond) return;
  const mirrored = stage.classList.contains("mirrored");
  drawFaces(pen, faces, { looks, picture, bounds, mirrored, main: main?.id, painter });
}

/** @param {Seen["faces"][number]} face */
const area = ({ box }) => box.width * box.height;

power.addEventListener("click", () => (power.textContent === "Stop" ? off() : on()));
mirror.addEventListener("click", () => {
  mirror.ariaPressed = `${stage.classList.toggle("mirrored")}`;
});
const input = /** @type {HTMLInputElement} */ (part("files"));
takePictures({ list: part("pictures"), input, clear: part("clear") }, loading);
on();
try {
  const classifier = await loading;
  ({ looks } = classifier);
  bars = new Bars(part("bars"), classifier.labels, looks);
  part("backend").textContent = classifier.backend === "webgpu" ? "WebGPU" : "WebAssembly";
} catch (error) {
  live.stop();
  /** @type {HTMLButtonElement} */ (power).disabled = true;
  document.body.dataset.error = error instanceof MienError ? error.code : "failed";
  say("Mien cannot start", sentence(error), "Try again", () => location.reload());
}
