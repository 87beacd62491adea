// Two versions side by side, both naming what the camera shows. The camera runs and frames are sent only while a person
// asked for it and can see it.

import { post } from "../shared/ask.js";
import { camera } from "../shared/camera.js";
import { make } from "../shared/elements.js";
import { atEnd, lifetime } from "../shared/lifetime.js";
import { boxOn, pictureIn } from "../shared/stage-geometry.js";
import { panelWords } from "../shared/stage-words.js";
import { PreviewRows } from "./preview-rows.js";

/** @import { ComparedFace, VersionDetail } from "../shared/api" */

const EVERY = 125; // ms from one frame to the next
const AGAIN_AFTER = 2000; // ms after one that was not answered
const LEAVE_CAMERA_AFTER = 4000; // ms out of sight
const SEND_WIDTH = 640; // pixels

const IDLE = {
  title: "See for yourself",
  text: "Both versions name what your camera shows. The picture stays on this computer.",
  action: "Start camera",
};

/** The element shows the video and the answers; `start` and `stop` are a person's will. */
export class VersionPreview {
  element = make("div", "preview");
  #stage = make("div", "mien-stage preview-stage idle");
  #video = make("video", "", "", { autoplay: "", playsinline: "", "aria-label": "Camera picture" });
  #box = make("div", "preview-box");
  #note = make("p", "stage-pill");
  #panel = make("div", "stage-panel");
  #frame = document.createElement("canvas");
  #wanted = false;
  #seen = false;
  #running = false;
  #loop = 0;
  #leaving = 0;
  #watched = false;
  #wasOff = false;

  /**
   * @param {VersionDetail} old
   * @param {VersionDetail} fresh
   * @param {(number: number) => string} nameOf what stands above a version's answers
   */
  constructor(old, fresh, nameOf) {
    this.numbers = [old.number, fresh.number];
    this.rows = new PreviewRows([old, fresh], nameOf);
    this.#video.muted = true;
    this.#box.hidden = this.#note.hidden = true;
    this.#stage.append(this.#video, this.#box, this.#note, this.#panel);
    this.element.append(this.#stage, this.rows.element);
    this.#show();
  }

  start() {
    if (!this.#wanted) this.#wasOff = !camera.running && !camera.paused;
    this.#wanted = true;
    this.#watch();
    this.#follow();
  }

  stop() {
    this.#wanted = false;
    this.#follow();
    this.#leave();
  }

  #watch() {
    if (this.#watched) return;
    this.#watched = true;
    const signal = lifetime(this.element);
    camera.on("change", () => this.#show(), signal);
    document.addEventListener("visibilitychange", () => this.#follow(), { signal });
    const seeing = new IntersectionObserver(([entry]) => {
      this.#seen = entry.isIntersecting;
      this.#follow();
    });
    seeing.observe(this.#stage);
    atEnd(signal, () => {
      seeing.disconnect();
      this.stop();
    });
  }

  /** Begins, or ends and lets go of the camera after a while. */
  #follow() {
    const at = this.#wanted && this.#seen && !document.hidden;
    if (at === this.#running) return;
    this.#running = at;
    this.#loop += 1;
    clearTimeout(this.#leaving);
    this.#stage.classList.toggle("idle", !at);
    if (at) {
      if (!camera.running) camera.start();
      this.#ask(this.#loop);
    } else {
      this.#leaving = window.setTimeout(() => this.#leave(), LEAVE_CAMERA_AFTER);
    }
    this.#show();
  }

  /** Stops the camera where nothing else shows its picture. */
  #leave() {
    clearTimeout(this.#leaving);
    const stages = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".mien-stage:not(.idle)"));
    if (!camera.running || [...stages].some((stage) => stage.offsetParent !== null)) return;
    if (this.#wasOff) camera.stop();
    else camera.pause(); // it goes on where it ran before
  }

  #show() {
    const on = this.#running && camera.state === "on";
    const stream = on ? camera.stream : null;
    if (this.#video.srcObject !== stream) {
      this.#video.srcObject = stream;
      if (stream) this.#video.play().catch(() => {});
    }
    this.#stage.classList.toggle("mirrored", camera.mirror);
    this.#panel.hidden = on;
    if (!on) {
      this.#say("");
      this.#answer([]);
      this.#showPanel();
    }
  }

  #showPanel() {
    const { state, problem } = camera;
    const told = this.#wanted && (state === "asking" || state === "problem");
    const { title, text, action } = told ? panelWords({ camera: state, problem }) : IDLE;
    const start = make("button", "mien-button primary", action, { type: "button" });
    start.hidden = !action;
    start.addEventListener("click", () => {
      const again = this.#running;
      this.start();
      if (again && !camera.running) camera.start();
    });
    this.#panel.replaceChildren(make("p", "stage-title", title), make("p", "stage-text", text), start);
  }

  /** @param {number} loop */
  async #ask(loop) {
    while (loop === this.#loop) {
      const began = performance.now();
      const wait = (await this.#askOnce(loop)) ? EVERY - (performance.now() - began) : AGAIN_AFTER;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
    }
  }

  /** @param {number} loop */
  async #askOnce(loop) {
    const { videoWidth: width, videoHeight: height } = this.#video;
    if (!width || camera.state !== "on") return true;
    const scale = Math.min(1, SEND_WIDTH / width);
    Object.assign(this.#frame, { width: Math.round(width * scale), height: Math.round(height * scale) });
    this.#frame.getContext("2d")?.drawImage(this.#video, 0, 0, this.#frame.width, this.#frame.height);
    /** @type {Blob | null} */
    const file = await new Promise((resolve) => this.#frame.toBlob(resolve, "image/jpeg", 0.8));
    const [number, other] = this.numbers;
    try {
      if (!file) return false;
      const { answers } = await post("/compare/{number}/{other}", { path: { number, other }, file });
      if (loop !== this.#loop || camera.state !== "on") return true;
      this.#answer(answers);
      this.#say(answers.length ? "" : "No face in view");
      return true;
    } catch (error) {
      if (loop === this.#loop) this.#say(error instanceof Error ? error.message : "");
      return false;
    }
  }

  /** @param {ComparedFace["answers"]} answers */
  #answer(answers) {
    this.rows.show(answers);
    const box = answers[0]?.box;
    this.#box.hidden = !box;
    if (!box) return;
    const stage = { width: this.#stage.clientWidth, height: this.#stage.clientHeight };
    const video = { width: this.#video.videoWidth, height: this.#video.videoHeight };
    const { x, y, width, height } = boxOn(box, pictureIn(stage, video), camera.mirror);
    Object.assign(this.#box.style, {
      width: `${width}px`,
      height: `${height}px`,
      transform: `translate(${x}px, ${y}px)`,
    });
  }

  /** @param {string} text */
  #say(text) {
    if (this.#note.textContent !== text) this.#note.textContent = text;
    this.#note.hidden = !text;
  }
}

/** Whether the camera can be started without a question: it runs, or the person has agreed before. */
export async function cameraIsAllowed() {
  if (camera.running) return true;
  try {
    const { state } = await navigator.permissions.query({ name: /** @type {PermissionName} */ ("camera") });
    return state === "granted";
  } catch {
    return false; // a browser that does not tell
  }
}
