// Names the faces of a video in this browser, and answers as the live socket does: no frame leaves the machine. What a
// person says of a face is the exception: its picture becomes an example, and those are the server's.

import { get, post } from "../shared/ask.js";
import { Emitter } from "../shared/emitter.js";
import { FrameLoop } from "../shared/frame-loop.js";
import { dropModel, loadModel } from "./browser-model.js";
import { MainFace } from "./main-face.js";
import { frameOf } from "./video-picture.js";

/** @import { SeenFace } from "../shared/api" */
/** @import { Command, CommandAnswer, FrameMessage, SocketState } from "../shared/live-socket.js" */
/** @import { LoadedModel } from "./browser-model.js" */

/** @typedef {import("../../../training/kits/web/mien.js").FaceExpression} FaceExpression */
/** @typedef {{ face: SeenFace, picture: Promise<Blob> }} Held a face as it looked, in its frame */

const SILENT = 2000; // ms
const NO_HEAT = "Why is shown where Mien's server names the faces: switch “Run in this browser” off.";

/** @extends {Emitter<{ state: SocketState, frame: { answer: FrameMessage, latency: number }, message: CommandAnswer, failed: unknown }>} */
export class BrowserNamer extends Emitter {
  /** @type {SocketState} */
  state = "closed";
  /** @type {LoadedModel | null} */
  #model = null;
  #main = new MainFace();
  /** @type {SeenFace[]} */
  #faces = [];
  /** @type {Held | null} */
  #held = null;
  #heat = false;
  #toldLabels = "";
  #looks = 0;
  #looking = 0; // since when, in performance.now() time; 0: it waits for a frame
  #missed = false;
  #attempt = 0;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    super();
    this.video = video;
    this.frames = new FrameLoop(video, () => this.#look());
  }

  /** Whether a frame has been looked at for a while, without an answer. */
  get silent() {
    return this.#looking > 0 && performance.now() - this.#looking > SILENT;
  }

  /** Loads the version in use; with one that is there already it goes on at once. */
  open() {
    if (this.state !== "closed") return;
    this.#become(this.#model ? "open" : "connecting");
    this.renew();
  }

  close() {
    this.#attempt += 1;
    this.#looking = 0;
    this.#heat = false;
    this.#startAnew();
    this.#become("closed");
  }

  /** Takes the version that is in use now; the one before goes on meanwhile. To be called again and again. */
  async renew() {
    if (this.state === "closed") return;
    const attempt = (this.#attempt += 1);
    const inUse = await get("/web").catch(() => null); // that Mien cannot be reached matters the first time only
    if (!inUse || attempt !== this.#attempt) return;
    try {
      const model = await loadModel(inUse, this.#model);
      if (attempt !== this.#attempt) return;
      const before = this.#model;
      if (model.classifier !== before?.classifier) this.#startAnew();
      this.#model = model;
      if (before && model.classifier !== before.classifier) dropModel(before);
      this.#become("open");
    } catch (error) {
      if (attempt === this.#attempt && !this.#model) this.#fail(error);
    }
  }

  /**
   * Does a command of the live socket's; false where it is one that only the server does.
   * @param {Command} command
   */
  command(command) {
    if (this.state !== "open") return false;
    if ("choose" in command) this.#main.choose(command.choose);
    else if ("hold" in command) this.#held = this.#pictured(command.hold);
    else if ("teach" in command) this.#teach(command.teach);
    else if ("heat" in command) this.#heat = command.heat;
    else return false;
    return true;
  }

  #startAnew() {
    this.#main = new MainFace();
    this.#faces = [];
    this.#toldLabels = "";
  }

  async #look() {
    const model = this.#model;
    if (this.state !== "open" || !model || !this.video.videoWidth) return;
    if (this.#looking) {
      this.#missed = true;
      return;
    }
    const taken = performance.now();
    this.#looking = taken;
    this.#missed = false;
    const { videoWidth: width, videoHeight: height } = this.video;
    try {
      const found = await model.classifier.faces(this.video);
      if (!this.#isAtWork(model)) return;
      this.#faces = found.map((face) => seen(face, width, height));
      this.#answer(taken);
    } catch (error) {
      if (this.#isAtWork(model)) this.#fail(error);
    } finally {
      if (this.#looking === taken) this.#looking = 0;
    }
    if (this.#missed) this.#look();
  }

  /** @param {LoadedModel} model */
  #isAtWork(model) {
    return this.state === "open" && model.classifier === this.#model?.classifier;
  }

  /** @param {number} taken when the frame was, in performance.now() time */
  #answer(taken) {
    const { version, labels } = /** @type {LoadedModel} */ (this.#model);
    const latency = performance.now() - taken;
    const main = this.#main.update(this.#faces, taken / 1000);
    const { chosen } = this.#main;
    this.#looks += 1;
    const answer = { seq: this.#looks, version, ms: latency, faces: this.#faces, main, chosen };
    const text = JSON.stringify(labels);
    const more = { ...(text !== this.#toldLabels && { labels }), ...(this.#heat && { no_heat: NO_HEAT }) };
    this.#toldLabels = text;
    this.emit("frame", { answer: { ...answer, ...more }, latency });
  }

  /** A face as it looks now. @param {number} id @returns {Held | null} */
  #pictured(id) {
    const face = this.#faces.find((known) => known.id === id);
    return face ? { face, picture: frameOf(this.video) } : null;
  }

  /** @param {{ face: number, label: string }} teaching */
  async #teach({ face: id, label }) {
    const held = this.#held?.face.id === id ? this.#held : this.#pictured(id);
    this.#held = null;
    if (!held) return this.emit("message", { error: "That face has left the picture." });
    const [left, top, width, height] = held.face.box;
    try {
      const taught = await post("/teach", { query: { label, left, top, width, height }, file: await held.picture });
      this.emit("message", { taught: { ...taught, face: id } });
    } catch (error) {
      this.emit("message", { error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** @param {unknown} error */
  #fail(error) {
    const failed = this.#model;
    this.#model = null;
    if (failed) dropModel(failed);
    this.close();
    this.emit("failed", error);
  }

  /** @param {SocketState} state */
  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.emit("state", state);
  }
}

/**
 * A face as the live socket tells it: its box in fractions of the frame.
 * @param {FaceExpression} face
 * @param {number} width of the frame, in pixels
 * @param {number} height
 * @returns {SeenFace}
 */
const seen = ({ id, box, label, probabilities, quality, doubt }, width, height) => ({
  ...{ id, label, probabilities, quality, doubt, heat: null },
  box: [box.x / width, box.y / height, box.width / width, box.height / height],
});
