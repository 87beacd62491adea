// The stage: the camera's own video with a canvas over it, and the frames that go to the server meanwhile.
// Live and Collect each have one; only the stage that can be seen sends frames.
//
//   const stage = new Stage(element);                             // an empty one of class mien-stage
//   stage.on("faces", (faces) => …);                              // after every answer
//   stage.on("labels", (labels) => …);                            // when they change
//   stage.on("message", (answer) => …);                           // to commands: {captured}, {taught}, {error} …
//   stage.on("pick", ({ face, x, y }) => …);                      // a click on a face; x, y in pixels of the stage
//   stage.command({ capture: { label: "wink", subject: null, session: "…" } });

import { camera } from "./camera.js";
import { SPARE } from "./colors.js";
import { drawFace, freshPen, nameOf } from "./draw-face.js";
import { find } from "./elements.js";
import { Emitter } from "./emitter.js";
import { FrameSender } from "./frame-sender.js";
import { changed } from "./freshness.js";
import { atEnd, lifetime } from "./lifetime.js";
import { LiveRate } from "./live-rate.js";
import { LiveSocket } from "./live-socket.js";
import { recall, remember } from "./remember.js";
import { boxOn, isAt, pictureIn, stageRatio } from "./stage-geometry.js";
import { StagePanel } from "./stage-panel.js";

/** @import { LabelColor, SeenFace } from "./api" */
/** @import { Command, CommandAnswer, FrameMessage } from "./live-socket.js" */
/** @typedef {{ face: SeenFace, x: number, y: number }} Pick */

const LEAVE_CAMERA_AFTER = 4000; // ms out of sight

const MARKUP = `
  <video class="stage-video" autoplay playsinline muted aria-label="Camera picture"></video>
  <canvas class="stage-overlay" aria-hidden="true"></canvas>`;

/** @extends {Emitter<{ faces: SeenFace[], labels: LabelColor[], message: CommandAnswer, pick: Pick }>} */
export class Stage extends Emitter {
  /** @type {SeenFace[]} */
  faces = [];
  /** @type {LabelColor[]} */
  labels = [];
  visible = false;
  rate = new LiveRate();
  #socket = new LiveSocket();
  /** @type {StagePanel} */
  #panel;
  #version = -1;
  #facelessSince = 0;
  #leaving = 0;
  #paused = false;

  /** @param {HTMLElement} element */
  constructor(element) {
    super();
    this.element = element;
    element.innerHTML = MARKUP;
    this.video = find(element, "video");
    this.canvas = find(element, "canvas");
    this.sender = new FrameSender(this.video, this.#socket);
    this.#panel = new StagePanel(element, () => camera.start());
    this.#socket.on("state", () => this.#show());
    this.#socket.on("frame", ({ answer, latency }) => this.#hear(answer, latency));
    this.#socket.on("message", (answer) => this.emit("message", answer));
    this.canvas.addEventListener("click", (event) => this.#click(event));
    this.canvas.addEventListener("pointermove", (event) => {
      this.canvas.style.cursor = this.#pickAt(event) ? "pointer" : "";
    });
    this.video.addEventListener("loadedmetadata", () => this.#shape(this.video.videoWidth / this.video.videoHeight));
    this.#shape(Number(recall("mien-ratio")) || 4 / 3);
    this.#watch(lifetime(element));
    this.#follow();
  }

  /** Whether faces are being named now. */
  get live() {
    return this.visible && camera.state === "on" && this.#socket.state === "open";
  }

  /**
   * Sends a command; false when there is no connection.
   * @param {Command} command
   */
  command(command) {
    return this.#socket.command(command);
  }

  /** @param {string} name */
  #colorOf(name) {
    return this.labels.find((label) => label.name === name)?.color || SPARE;
  }

  get #size() {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  /** @param {SeenFace} face */
  #boxOf(face) {
    const video = { width: this.video.videoWidth, height: this.video.videoHeight };
    return boxOn(face.box, pictureIn(this.#size, video), camera.mirror);
  }

  /** The stage takes the camera's shape when it starts, and keeps it for the next time. @param {number} ratio */
  #shape(ratio) {
    const held = stageRatio(ratio).toFixed(4);
    this.element.style.setProperty("--ratio", held);
    remember("mien-ratio", held);
  }

  /** @param {AbortSignal} signal */
  #watch(signal) {
    camera.on("change", () => this.#follow(), signal);
    document.addEventListener("visibilitychange", () => this.#see(this.visible), { signal });
    // A hidden tab has no size. Scrolling does not count: on a phone the bars are below the stage.
    const sizes = new ResizeObserver(() => {
      if (this.visible !== this.element.clientWidth > 0) this.#see(this.element.clientWidth > 0);
      this.draw();
    });
    sizes.observe(this.element);
    atEnd(signal, () => {
      sizes.disconnect();
      clearTimeout(this.#leaving);
      this.visible = false;
      this.#leave();
      this.#follow();
    });
  }

  /** @param {boolean} visible */
  #see(visible) {
    this.visible = visible;
    clearTimeout(this.#leaving);
    if (visible && !document.hidden) {
      this.#socket.open();
      if (this.#paused) camera.start();
      this.#paused = false;
    } else {
      this.#leaving = window.setTimeout(() => this.#leave(), LEAVE_CAMERA_AFTER);
    }
    this.#follow();
  }

  #leave() {
    this.#socket.close();
    const stages = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".mien-stage"));
    const seen = [...stages].some((stage) => stage.offsetParent !== null);
    if (camera.state === "on" && !seen) {
      this.#paused = true;
      camera.stop();
    }
  }

  #follow() {
    this.element.classList.toggle("mirrored", camera.mirror);
    const stream = this.visible ? camera.stream : null;
    if (this.video.srcObject !== stream) {
      this.video.srcObject = stream;
      if (stream) this.video.play().catch(() => {});
    }
    if (camera.state !== "on") this.#forget();
    if (stream) this.sender.start();
    else this.sender.stop();
    this.#show();
    this.draw();
  }

  /**
   * @param {FrameMessage} answer
   * @param {number} latency
   */
  #hear(answer, latency) {
    if (!("faces" in answer)) return;
    if (answer.labels) {
      this.labels = answer.labels;
      this.emit("labels", this.labels);
    }
    if (camera.state !== "on") return;
    const now = performance.now();
    this.rate.add(now, latency);
    if (this.#version !== answer.version) {
      this.#version = answer.version;
      changed();
    }
    this.faces = answer.faces;
    if (this.faces.length) this.#facelessSince = 0;
    else this.#facelessSince ||= now;
    this.#show();
    this.draw();
    this.emit("faces", this.faces);
  }

  #forget() {
    this.faces = [];
    this.rate.clear();
    this.#facelessSince = 0;
    this.emit("faces", this.faces);
  }

  #show() {
    this.#panel.show({
      camera: camera.state,
      problem: camera.problem,
      socket: this.#socket.state,
      faces: this.faces.length,
      faceless: this.#facelessSince && performance.now() - this.#facelessSince,
    });
    this.element.dataset.state = camera.problem?.kind ?? camera.state;
  }

  draw() {
    const size = this.#size;
    const pen = freshPen(this.canvas, size);
    if (camera.state !== "on") return;
    for (const face of this.faces) drawFace(pen, this.#boxOf(face), nameOf(face), this.#colorOf(face.label), size);
  }

  /** The face under the pointer, and where the pointer is in the stage. @param {MouseEvent} event */
  #pickAt(event) {
    const bounds = this.canvas.getBoundingClientRect();
    const x = event.clientX - bounds.left;
    const y = event.clientY - bounds.top;
    const face = this.faces.find((seen) => isAt(x, y, this.#boxOf(seen)));
    return face && { face, x, y };
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const pick = this.#pickAt(event);
    if (pick) this.emit("pick", pick);
  }
}
