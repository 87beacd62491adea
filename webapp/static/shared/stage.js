// The stage: the camera's own video with a canvas over it, and the frames that go to the server meanwhile, or wherever
// else faces are named. Live and Collect each have one; only the stage that can be seen sends frames.
//
//   const stage = new Stage(element);                             // an empty one of class mien-stage
//   stage.on("faces", (faces) => …);                              // after every answer; stage.main is the main one
//   stage.on("labels", (labels) => …);                            // when they change
//   stage.on("message", (answer) => …);                           // to commands: {captured}, {taught}, {error} …
//   stage.on("pick", ({ face, box }) => …);                       // a click on a face, Enter; box in pixels of the stage
//   stage.heat.want(true);                                        // faces have their heat maps from now on
//   stage.choose(face.id);                                        // makes it the main one, null the largest
//   stage.command({ capture: { label: "wink", subject: null, session: "…" } });

import { camera } from "./camera.js";
import { find } from "./elements.js";
import { Emitter } from "./emitter.js";
import { chooseByKeys } from "./face-keys.js";
import { FaceOrder } from "./face-order.js";
import { changed } from "./freshness.js";
import { atEnd, every, lifetime } from "./lifetime.js";
import { LiveRate } from "./live-rate.js";
import { remember } from "./remember.js";
import { boxOn, pictureIn, stageRatio } from "./stage-geometry.js";
import { StageHeat } from "./stage-heat.js";
import { StageOverlay } from "./stage-overlay.js";
import { StagePanel } from "./stage-panel.js";
import { StageSource } from "./stage-source.js";

/** @import { LabelColor, SeenFace } from "./api" */
/** @import { Command, CommandAnswer, FrameMessage } from "./live-socket.js" */
/** @import { Rectangle } from "./chip-layout.js" */
/** @import { Source } from "./stage-source.js" */
/** @typedef {{ face: SeenFace, box: Rectangle }} Picked */

const LEAVE_CAMERA_AFTER = 4000; // ms out of sight
const LOOK_EVERY = 250; // ms: whether Mien still answers

const MARKUP = `
  <video class="stage-video" autoplay playsinline muted aria-label="Camera picture"></video>
  <canvas class="stage-overlay" tabindex="0" role="application" aria-label="Faces in view"></canvas>`;

/** @extends {Emitter<{ faces: SeenFace[], labels: LabelColor[], message: CommandAnswer, pick: Picked }>} */
export class Stage extends Emitter {
  /** @type {SeenFace[]} */
  faces = [];
  /** @type {LabelColor[]} */
  labels = [];
  /** @type {SeenFace | null} the one that bars show and Collect takes */
  main = null;
  /** Whether a person chose it. */
  chosen = false;
  heat = new StageHeat((command) => this.command(command));
  visible = false;
  rate = new LiveRate();
  /** @type {StageSource} */
  #source;
  #order = new FaceOrder();
  #size = { width: 0, height: 0 };
  #silent = false;
  /** @type {StagePanel} */
  #panel;
  /** @type {StageOverlay} */
  #overlay;
  #version = -1;
  #facelessSince = 0;
  #leaving = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    super();
    this.element = element;
    element.innerHTML = MARKUP;
    this.video = find(element, "video");
    this.canvas = find(element, "canvas");
    this.#overlay = new StageOverlay(this.canvas);
    this.#source = new StageSource(this.video);
    this.#panel = new StagePanel(element, () => camera.start());
    this.#source.on("state", (state) => {
      this.#silent = false;
      if (state === "lost" || state === "closed") this.#forget();
      if (state === "open") this.heat.renew();
      this.#show();
    });
    this.#source.on("frame", ({ answer, latency }) => this.#hear(answer, latency));
    this.#source.on("message", (answer) => this.emit("message", answer));
    this.canvas.addEventListener("click", (event) => this.pick(this.#faceAt(event)));
    this.canvas.addEventListener("pointermove", (event) => {
      this.canvas.style.cursor = this.#faceAt(event) ? "pointer" : "";
    });
    this.video.addEventListener("loadedmetadata", () => this.#shape(this.video.videoWidth / this.video.videoHeight));
    this.#watch(lifetime(element));
    this.#follow();
  }

  /** Whether faces are being named now. */
  get live() {
    return this.visible && camera.state === "on" && this.#source.now.link.state === "open";
  }

  /**
   * Faces are named there from now on; null: at the server.
   * @param {Source | null} source
   */
  nameAt(source) {
    if (this.#source.take(source)) this.#see(this.visible);
  }

  /**
   * Sends a command; false when there is no connection.
   * @param {Command} command
   */
  command(command) {
    return this.#source.now.link.command(command);
  }

  /** The faces from left to right, as they are seen. */
  get row() {
    return this.#order.row(this.faces, camera.mirror);
  }

  /**
   * Makes a face the main one until it leaves; null: the largest one again.
   * @param {number | null} face its id
   */
  choose(face) {
    return this.command({ choose: face });
  }

  /**
   * Chooses the next face to the left (-1) or the right (1) of the main one.
   * @param {number} direction
   */
  step(direction) {
    const { row } = this;
    const at = row.findIndex(({ id }) => id === this.main?.id);
    const next = at < 0 && direction < 0 ? row.length - 1 : (at + direction + row.length) % row.length;
    this.choose(row[next].id);
  }

  /**
   * Chooses a face and tells that somebody has something to say of it.
   * @param {SeenFace | null} face
   */
  pick(face) {
    if (!face) return;
    this.choose(face.id);
    this.emit("pick", { face, box: this.#boxOf(face) });
  }

  /** @param {SeenFace} face */
  #boxOf(face) {
    return boxOn(face.box, this.#picture, camera.mirror);
  }

  /** Where the video's picture lies, in pixels of the stage. */
  get #picture() {
    return pictureIn(this.#size, { width: this.video.videoWidth, height: this.video.videoHeight });
  }

  /** Stages take the camera's shape when it starts; first-view.js gives it to them the next time. @param {number} ratio */
  #shape(ratio) {
    const held = stageRatio(ratio).toFixed(4);
    document.documentElement.style.setProperty("--ratio", held);
    remember("mien-ratio", held);
  }

  /** @param {AbortSignal} signal */
  #watch(signal) {
    camera.on("change", () => this.#follow(), signal);
    document.addEventListener("visibilitychange", () => this.#see(this.visible), { signal });
    // A hidden tab has no size. Scrolling does not count: on a phone the bars are below the stage.
    const sizes = new ResizeObserver(() => {
      this.#size = { width: this.element.clientWidth, height: this.element.clientHeight };
      if (this.visible !== this.#size.width > 0) this.#see(this.#size.width > 0);
      this.draw();
    });
    sizes.observe(this.element);
    chooseByKeys(this, signal);
    every(LOOK_EVERY, () => this.#listen(), signal);
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
      this.#source.now.link.open();
      if (camera.paused) camera.start();
    } else {
      this.#leaving = window.setTimeout(() => this.#leave(), LEAVE_CAMERA_AFTER);
    }
    this.#follow();
  }

  #leave() {
    this.#source.now.link.close();
    const stages = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".mien-stage:not(.idle)"));
    const seen = [...stages].some((stage) => stage.offsetParent !== null);
    if (camera.state === "on" && !seen) camera.pause();
  }

  #follow() {
    this.element.classList.toggle("mirrored", camera.mirror);
    const stream = this.visible ? camera.stream : null;
    if (this.video.srcObject !== stream) {
      this.video.srcObject = stream;
      if (stream) this.video.play().catch(() => {});
    }
    if (camera.state !== "on") this.#forget();
    if (stream) this.#source.now.frames.start();
    else this.#source.now.frames.stop();
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
    this.#silent = false;
    this.faces = this.heat.follow(answer, now);
    this.main = this.faces.find(({ id }) => id === answer.main) ?? null;
    this.chosen = answer.chosen ?? false;
    if (this.faces.length) this.#facelessSince = 0;
    else this.#facelessSince ||= now;
    this.#show();
    this.draw();
    this.emit("faces", this.faces);
  }

  /** Whoever gets no answers for a while must not go on showing the last one. */
  #listen() {
    if (!this.live || document.hidden || this.#silent === this.#source.now.link.silent) return;
    this.#silent = this.#source.now.link.silent;
    if (this.#silent) this.#forget();
    this.#show();
  }

  #forget() {
    this.faces = [];
    this.main = null;
    this.chosen = false;
    this.rate.clear();
    this.#facelessSince = 0;
    this.draw();
    this.emit("faces", this.faces);
  }

  #show() {
    this.#panel.show({
      camera: camera.state,
      problem: camera.problem,
      socket: this.#source.now.link.state,
      here: !this.#source.atServer,
      sent: this.#source.sent,
      faces: this.faces.length,
      place: this.faces.length > 1 ? this.row.findIndex(({ id }) => id === this.main?.id) + 1 : 0,
      silent: this.#silent,
      faceless: this.#facelessSince && performance.now() - this.#facelessSince,
    });
    this.element.dataset.state = camera.problem?.kind ?? camera.state;
  }

  draw() {
    const picture = this.#picture;
    const drawn = (/** @type {SeenFace} */ face) => ({
      ...face,
      box: boxOn(face.box, picture, camera.mirror),
      heat: this.heat.on(face, picture, camera.mirror),
    });
    const faces = camera.state === "on" ? this.faces.map(drawn) : [];
    this.#overlay.draw(faces, this.main?.id ?? null, this.#size, this.labels);
  }

  /** The face under the pointer. @param {MouseEvent} event */
  #faceAt(event) {
    const bounds = this.canvas.getBoundingClientRect();
    const found = this.#overlay.faceAt(event.clientX - bounds.left, event.clientY - bounds.top);
    return this.faces.find(({ id }) => id === found) ?? null;
  }
}
