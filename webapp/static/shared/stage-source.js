// Where a stage's faces are named: at the server, or at another place that answers as the live socket does.

import { Emitter } from "./emitter.js";
import { FrameSender } from "./frame-sender.js";
import { LiveSocket } from "./live-socket.js";
import { runHere } from "./run-here.js";

/** @import { FrameLoop } from "./frame-loop.js" */
/** @import { CommandAnswer, FrameMessage, SocketState } from "./live-socket.js" */
/**
 * `frames` brings the video's frames to `link`.
 * @typedef {Pick<LiveSocket, "on" | "open" | "close" | "command" | "state" | "silent">} Link
 * @typedef {{ link: Link, frames: Pick<FrameLoop, "start" | "stop"> }} Source
 */

/** @extends {Emitter<{ state: SocketState, frame: { answer: FrameMessage, latency: number }, message: CommandAnswer }>} */
export class StageSource extends Emitter {
  #server;
  #hearing = new AbortController();

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    super();
    const socket = new LiveSocket();
    this.#server = { link: socket, frames: new FrameSender(video, socket) };
    /** @type {Source} */
    this.now = this.#server;
    this.#hear();
  }

  get atServer() {
    return this.now === this.#server;
  }

  /** Whether frames go to the server though the person had Live name faces in this browser. */
  get sent() {
    return this.atServer && runHere.wanted;
  }

  /**
   * Leaves the one it has for another; answers whether it is another. Nothing is heard of the one before any more.
   * @param {Source | null} source null: the server
   */
  take(source) {
    const next = source ?? this.#server;
    if (next === this.now) return false;
    this.#hearing.abort();
    this.now.frames.stop();
    this.now.link.close();
    this.now = next;
    this.#hear();
    this.emit("state", "closed");
    return true;
  }

  #hear() {
    this.#hearing = new AbortController();
    const { signal } = this.#hearing;
    this.now.link.on("state", (state) => this.emit("state", state), signal);
    this.now.link.on("frame", (frame) => this.emit("frame", frame), signal);
    this.now.link.on("message", (answer) => this.emit("message", answer), signal);
  }
}
