// The camera: one stream for the whole page.

import { errorName, problem, problemOf } from "./camera-problems.js";
import { Emitter } from "./emitter.js";
import { recall, remember } from "./remember.js";

/** @import { CameraProblem } from "./camera-problems.js" */
/** @typedef {"off" | "asking" | "on" | "problem"} CameraState */

const WANTED = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 60 } };

/** @extends {Emitter<{ change: null }>} */
export class Camera extends Emitter {
  /** @type {CameraState} */
  state = "off";
  /** @type {CameraProblem | null} while `state` is "problem" */
  problem = null;
  /** @type {MediaStream | null} */
  stream = null;
  /** @type {MediaDeviceInfo[]} */
  devices = [];
  deviceId = recall("mien-camera") || "";
  mirror = recall("mien-mirror") !== "off";
  /** Whether it is off only since nobody sees its picture, or has seen it yet. */
  paused = true;
  #attempt = 0;

  constructor() {
    super();
    navigator.mediaDevices?.addEventListener?.("devicechange", async () => {
      if (this.state !== "on") return;
      await this.#list();
      this.#changed();
    });
  }

  /** Whether it runs, or will once the person has agreed. */
  get running() {
    return this.state === "on" || this.state === "asking";
  }

  /** Starts it for the first tab that shows it; from then on it is as the person wants it. */
  startFirst() {
    if (!this.#attempt) this.start();
  }

  async start(deviceId = this.deviceId) {
    this.paused = false;
    this.#release();
    if (!navigator.mediaDevices?.getUserMedia) return this.#fail(problem("insecure"));
    this.#become("asking");
    const attempt = this.#attempt;
    let stream;
    try {
      stream = await open(deviceId);
    } catch (error) {
      if (attempt !== this.#attempt) return;
      return this.#fail(problemOf(error));
    }
    if (attempt !== this.#attempt) return stream.getTracks().forEach((track) => track.stop()); // stopped meanwhile
    this.stream = stream;
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => this.stream === stream && this.#fail(problem("unplugged")));
    this.deviceId = track.getSettings().deviceId || deviceId;
    remember("mien-camera", this.deviceId);
    await this.#list();
    if (attempt === this.#attempt) this.#become("on");
  }

  stop() {
    this.paused = false;
    this.#release();
    this.#become("off");
  }

  /** Stops it until a stage can be seen again. */
  pause() {
    this.stop();
    this.paused = true;
  }

  /** @param {boolean} mirror */
  setMirror(mirror) {
    this.mirror = mirror;
    remember("mien-mirror", mirror ? "on" : "off");
    this.#changed();
  }

  async #list() {
    try {
      const all = await navigator.mediaDevices.enumerateDevices();
      this.devices = all.filter((device) => device.kind === "videoinput");
    } catch {
      this.devices = [];
    }
  }

  #release() {
    this.#attempt += 1;
    const stream = this.stream;
    this.stream = null;
    stream?.getTracks().forEach((track) => track.stop());
  }

  /** @param {CameraProblem} found */
  #fail(found) {
    this.#release();
    this.problem = found;
    this.#become("problem");
  }

  /** @param {CameraState} state */
  #become(state) {
    this.state = state;
    if (state !== "problem") this.problem = null;
    this.#changed();
  }

  #changed() {
    this.emit("change", null);
  }
}

/** @param {string} deviceId "" for any */
async function open(deviceId) {
  const { mediaDevices } = navigator;
  if (!deviceId) return mediaDevices.getUserMedia({ video: { ...WANTED, facingMode: "user" } });
  try {
    return await mediaDevices.getUserMedia({ video: { ...WANTED, deviceId: { exact: deviceId } } });
  } catch (error) {
    if (errorName(error) !== "OverconstrainedError") throw error;
    return mediaDevices.getUserMedia({ video: WANTED }); // the remembered camera is gone: any will do
  }
}

export const camera = new Camera();
