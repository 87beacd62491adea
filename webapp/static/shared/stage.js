// The stage: the camera's own video with a canvas over it, and the frames that go to the server meanwhile.
// Live and Collect each have one; only the stage that can be seen sends frames.
//
//   const stage = new Stage(element);            // an empty element; becomes the stage
//   stage.addEventListener("faces", ({ detail }) => detail.faces);        // after every answer: {faces, version, ms, latency}
//   stage.addEventListener("labels", ({ detail }) => detail);             // [{name, color, key}], when they change
//   stage.addEventListener("message", ({ detail }) => detail);            // answers to commands: {captured}, {taught}, {error} …
//   stage.addEventListener("pick", ({ detail: { face, x, y } }) => …);    // a click on a face; x, y in pixels of the stage
//   stage.command({ capture: { label: "wink", subject: null, session: "…" } });
//   controls(element, stage);                    // camera choice, mirror, start and stop

import { camera, remember } from "./camera.js";
import { inkOn, SPARE } from "./colors.js";
import { percent } from "./numbers.js";
import { LiveSocket } from "./socket.js";

const SEND_WIDTH = 640;
const QUALITY = 0.8;
const LEAVE_CAMERA_AFTER = 4000; // ms out of sight

const MARKUP = `
  <video class="stage-video" autoplay playsinline muted aria-label="Camera picture"></video>
  <canvas class="stage-overlay" aria-hidden="true"></canvas>
  <p class="stage-pill" data-pill hidden></p>
  <div class="stage-panel" data-panel>
    <p class="stage-title" data-title></p><p class="stage-text" data-text></p>
    <button type="button" class="mien-button primary" data-action></button>
  </div>
  <p class="visually-hidden" role="status" aria-live="polite" data-spoken></p>`;

/** See the top of this file. */
export class Stage extends EventTarget {
  faces = [];
  labels = [];
  visible = false;
  fps = 0;
  latency = 0;
  #socket = new LiveSocket();
  #frame = new OffscreenCanvas(1, 1);
  #encoding = 0;
  #loop = 0;
  #answers = [];
  #latencies = [];
  #noFaceSince = 0;
  #leaving = 0;
  #said = "";

  constructor(element) {
    super();
    this.element = element;
    element.classList.add("mien-stage");
    element.innerHTML = MARKUP;
    this.video = element.querySelector("video");
    this.canvas = element.querySelector("canvas");
    this.#socket.addEventListener("state", () => this.#show());
    this.#socket.addEventListener("answer", ({ detail }) => this.#answer(detail));
    this.#socket.addEventListener("message", ({ detail }) => this.#tell("message", detail));
    camera.addEventListener("change", () => this.#follow());
    element.querySelector("[data-action]").addEventListener("click", () => camera.start());
    this.canvas.addEventListener("click", (event) => this.#click(event));
    this.canvas.addEventListener("pointermove", (event) => {
      this.canvas.style.cursor = this.#faceAt(event) ? "pointer" : "";
    });
    this.video.addEventListener("loadedmetadata", () => this.#shape(this.video.videoWidth / this.video.videoHeight));
    this.#shape(Number(remember("mien-ratio")) || 4 / 3);
    // A hidden tab has no size. Scrolling does not count: on a phone the bars are below the stage.
    new ResizeObserver(() => {
      if (this.visible !== element.clientWidth > 0) this.#see(element.clientWidth > 0);
      this.draw();
    }).observe(element);
    document.addEventListener("visibilitychange", () => this.#see(this.visible));
    this.#follow();
  }

  /** Whether faces are being named now. */
  get live() {
    return this.visible && camera.state === "on" && this.#socket.state === "open";
  }

  command(command) {
    return this.#socket.command(command);
  }

  colorOf(name) {
    return this.labels.find((label) => label.name === name)?.color || SPARE;
  }

  /** Where the video's picture lies in the stage: {x, y, width, height} in CSS pixels. */
  get picture() {
    const { clientWidth: width, clientHeight: height } = this.element;
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth) return { x: 0, y: 0, width, height };
    const scale = Math.min(width / videoWidth, height / videoHeight);
    const w = videoWidth * scale;
    const h = videoHeight * scale;
    return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h };
  }

  /** A face's box in the stage, CSS pixels, mirrored as the video is. */
  boxOf(face) {
    const { x, y, width, height } = this.picture;
    const [left, top, w, h] = face.box;
    return {
      x: x + (camera.mirror ? 1 - left - w : left) * width,
      y: y + top * height,
      width: w * width,
      height: h * height,
    };
  }

  /** The stage takes the camera's shape when it starts, and keeps it for the next time. */
  #shape(ratio) {
    const held = Math.min(16 / 9, Math.max(3 / 4, ratio));
    this.element.style.setProperty("--ratio", held.toFixed(4));
    remember("mien-ratio", held.toFixed(4));
  }

  #see(visible) {
    this.visible = visible;
    clearTimeout(this.#leaving);
    const watched = visible && !document.hidden;
    if (watched) {
      this.#socket.open();
      if (this.paused) camera.start();
      this.paused = false;
    } else {
      this.#leaving = setTimeout(() => this.#leave(), LEAVE_CAMERA_AFTER);
    }
    this.#follow();
  }

  #leave() {
    this.#socket.close();
    const seen = [...document.querySelectorAll(".mien-stage")].some((stage) => stage.offsetParent !== null);
    if (camera.state === "on" && !seen) {
      this.paused = true;
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
    this.#loop += 1;
    if (stream) this.#run(this.#loop);
    this.#show();
    this.draw();
  }

  #run(loop) {
    const next = this.video.requestVideoFrameCallback
      ? (step) => this.video.requestVideoFrameCallback(step)
      : (step) => requestAnimationFrame(step);
    const step = () => {
      if (loop !== this.#loop) return;
      next(step);
      this.#grab();
    };
    next(step);
  }

  async #grab() {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth || this.#socket.free <= this.#encoding) return;
    const taken = performance.now();
    const scale = Math.min(1, SEND_WIDTH / videoWidth);
    const width = Math.round(videoWidth * scale);
    const height = Math.round(videoHeight * scale);
    if (this.#frame.width !== width || this.#frame.height !== height) {
      this.#frame = new OffscreenCanvas(width, height);
      this.pencil = this.#frame.getContext("2d", { alpha: false, willReadFrequently: true });
    }
    this.pencil.drawImage(this.video, 0, 0, width, height);
    this.#encoding += 1;
    try {
      const jpeg = await this.#frame.convertToBlob({ type: "image/jpeg", quality: QUALITY });
      if (this.#socket.free > 0 && camera.state === "on") this.#socket.send(jpeg, taken);
    } finally {
      this.#encoding -= 1;
    }
  }

  #answer({ answer, latency }) {
    if (answer.labels) {
      this.labels = answer.labels;
      this.#tell("labels", this.labels);
    }
    if (!answer.faces || camera.state !== "on") return;
    const now = performance.now();
    this.#answers.push(now);
    this.#latencies.push(latency);
    while (this.#answers.length && now - this.#answers[0] > 1000) {
      this.#answers.shift();
      this.#latencies.shift();
    }
    this.fps = this.#answers.length;
    this.latency = median(this.#latencies);
    if (this.version !== answer.version) {
      this.version = answer.version;
      window.dispatchEvent(new Event("mien:changed"));
    }
    this.faces = answer.faces;
    if (this.faces.length) this.#noFaceSince = 0;
    else this.#noFaceSince ||= now;
    this.#show();
    this.draw();
    this.#tell("faces", { ...answer, latency });
  }

  #forget() {
    this.faces = [];
    this.#answers = [];
    this.#latencies = [];
    this.fps = this.latency = this.#noFaceSince = 0;
    this.#tell("faces", { faces: [] });
  }

  /** Panel and pill: what stands between the person and a named face, in one sentence. */
  #show() {
    const panel = this.element.querySelector("[data-panel]");
    const pill = this.element.querySelector("[data-pill]");
    const { title, text, action } = this.#words();
    panel.hidden = camera.state === "on";
    this.#write("[data-title]", title);
    this.#write("[data-text]", text);
    const button = this.element.querySelector("[data-action]");
    button.hidden = !action;
    this.#write("[data-action]", action);
    const note = this.#note();
    pill.hidden = !note;
    if (note) this.#write("[data-pill]", note);
    this.#say(camera.state === "on" ? note || this.#summary() : `${title}. ${text}`);
    this.element.dataset.state = camera.state === "problem" ? camera.problem.kind : camera.state;
  }

  #words() {
    if (camera.state === "problem") {
      return { title: camera.problem.title, text: camera.problem.text, action: camera.problem.retry };
    }
    if (camera.state === "asking") {
      return {
        title: "May Mien use the camera?",
        text: "Answer the browser's question. The picture stays on this computer.",
      };
    }
    return {
      title: "The camera is off",
      text: "Start it to see expressions named as they happen.",
      action: "Start camera",
    };
  }

  #note() {
    if (this.#socket.state === "lost") return "Connection to Mien lost. Trying again…";
    if (camera.state !== "on") return "";
    if (this.#socket.state === "connecting") return "Connecting…";
    if (this.#noFaceSince && performance.now() - this.#noFaceSince > 700) return "No face in view";
    return "";
  }

  #summary() {
    if (!this.faces.length) return "";
    return this.faces.length === 1 ? "One face in view" : `${this.faces.length} faces in view`;
  }

  #say(text) {
    if (text === this.#said) return;
    this.#said = text;
    this.element.querySelector("[data-spoken]").textContent = text;
  }

  #write(selector, text = "") {
    const element = this.element.querySelector(selector);
    if (element.textContent !== text) element.textContent = text;
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.element;
    const ratio = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    const pen = this.canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (camera.state !== "on") return;
    for (const face of this.faces) {
      const text = `${face.label}  ${percent(face.probabilities[face.label])}`;
      drawFace(pen, this.boxOf(face), text, this.colorOf(face.label), width, height);
    }
  }

  #faceAt(event) {
    const bounds = this.canvas.getBoundingClientRect();
    const x = event.clientX - bounds.left;
    const y = event.clientY - bounds.top;
    const inside = ({ x: left, y: top, width, height }) =>
      x >= left && x <= left + width && y >= top - CHIP && y <= top + height + CHIP;
    return this.faces.find((face) => inside(this.boxOf(face)));
  }

  #click(event) {
    const face = this.#faceAt(event);
    if (!face) return;
    const bounds = this.canvas.getBoundingClientRect();
    this.#tell("pick", { face, x: event.clientX - bounds.left, y: event.clientY - bounds.top });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

const CHIP = 28;

/** A box and its name in the label's colour; pictures use it too. `text` is drawn on a chip inside the bounds. */
export function drawFace(pen, box, text, color, boundsWidth, boundsHeight, size = 1) {
  const radius = Math.min(10 * size, box.width / 4);
  pen.lineJoin = "round";
  for (const [width, style] of [
    [5, "rgb(0 0 0 / 55%)"],
    [3, color],
  ]) {
    pen.lineWidth = width * size;
    pen.strokeStyle = style;
    pen.beginPath();
    pen.roundRect(box.x, box.y, box.width, box.height, radius);
    pen.stroke();
  }
  pen.font = `600 ${15 * size}px system-ui, sans-serif`;
  const width = pen.measureText(text).width + 20 * size;
  const height = CHIP * size;
  const x = Math.max(0, Math.min(box.x - 1.5 * size, boundsWidth - width));
  const above = box.y - height - 4 * size;
  const y = above >= 0 ? above : Math.min(box.y + box.height + 4 * size, boundsHeight - height);
  pen.fillStyle = color;
  pen.beginPath();
  pen.roundRect(x, y, width, height, 7 * size);
  pen.fill();
  pen.fillStyle = inkOn(color);
  pen.textBaseline = "middle";
  pen.fillText(text, x + 10 * size, y + height / 2 + size);
}

const median = (values) => {
  const sorted = values.filter((value) => value >= 0).sort((a, b) => a - b);
  return sorted.length ? sorted[sorted.length >> 1] : 0;
};
