// The /live socket: as few frames in flight as the trip allows, at most two, and it comes back by itself.

import { Emitter } from "./emitter.js";

/** @import { CaptureCommand, CapturedAnswer, CapturingAnswer, ChooseCommand, ChosenAnswer, ForgetCommand, ForgottenAnswer, FrameAnswer, HeatAnswer, HeldAnswer } from "./api" */
/** @import { CommandRefusal, DroppedFrame, HeatCommand, HoldCommand, RefusedFrame, TaughtAnswer, TeachCommand } from "./api" */

/** @typedef {FrameAnswer | RefusedFrame | DroppedFrame} FrameMessage */
/** @typedef {CapturedAnswer | CapturingAnswer | ChosenAnswer | ForgottenAnswer | HeatAnswer | HeldAnswer | CommandRefusal | TaughtAnswer} CommandAnswer */
/** @typedef {CaptureCommand | ChooseCommand | ForgetCommand | HeatCommand | HoldCommand | TeachCommand} Command */
/** @typedef {"closed" | "connecting" | "open" | "lost"} SocketState */

const FRAME_TIME = 1000 / 60; // ms between two frames of a quick camera
const REMEMBERED = 30; // trips
const GIVE_UP_ON_FRAME = 4000; // ms
const SILENT = 2000; // ms
const FULL = 2 ** 20; // bytes that wait in the browser
const FIRST_WAIT = 250; // ms
const LONGEST_WAIT = 5000;

/** @extends {Emitter<{ state: SocketState, frame: { answer: FrameMessage, latency: number }, message: CommandAnswer }>} */
export class LiveSocket extends Emitter {
  /** @type {SocketState} */
  state = "closed";
  /** @type {WebSocket | null} */
  #socket = null;
  #sent = 0;
  /** @type {Map<number, number>} number of a frame, and when it was taken */
  #flying = new Map();
  /** @type {number[]} how long the last answers took, in milliseconds */
  #trips = [];
  #waiting = 0; // since when, in performance.now() time; 0: every frame has its answer
  #wait = FIRST_WAIT;
  #timer = 0;

  /** Whether frames are on their way, and no answer has come for a while. */
  get silent() {
    return this.#waiting > 0 && performance.now() - this.#waiting > SILENT;
  }

  /** How many frames more may be on their way now. */
  get free() {
    if (this.state !== "open" || !this.#socket || this.#socket.bufferedAmount > FULL) return 0;
    const now = performance.now();
    for (const [seq, at] of this.#flying) if (now - at > GIVE_UP_ON_FRAME) this.#flying.delete(seq);
    return this.#inFlight - this.#flying.size;
  }

  /**
   * A second frame on its way keeps the rate up where an answer takes longer than the camera's next frame; where it does
   * not, it would only wait behind the first. The quickest trips say so: the others waited for something.
   */
  get #inFlight() {
    return Math.min(...this.#trips) > FRAME_TIME ? 2 : 1;
  }

  open() {
    if (this.#socket || this.#timer) return;
    this.#connect();
  }

  close() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#become("closed");
  }

  /**
   * Sends a frame taken at `taken` (performance.now() time); its answer comes as a "frame" event.
   * @param {Uint8Array<ArrayBuffer>} jpeg
   * @param {number} taken
   */
  send(jpeg, taken) {
    this.#sent += 1;
    this.#waiting ||= taken;
    this.#flying.set(this.#sent, taken);
    this.#socket?.send(jpeg);
  }

  /**
   * Sends a command; false when the socket is not open. Answers come as "message" events, in order.
   * @param {Command} command
   */
  command(command) {
    if (this.state !== "open") return false;
    this.#socket?.send(JSON.stringify(command));
    return true;
  }

  #connect() {
    this.#timer = 0;
    if (this.state !== "lost") this.#become("connecting");
    const url = new URL("/live", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#sent = 0;
      this.#flying.clear();
      this.#waiting = 0;
      this.#trips = [];
      this.#wait = FIRST_WAIT;
      this.#become("open");
    };
    socket.onmessage = ({ data }) => this.#socket === socket && this.#hear(JSON.parse(data));
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#flying.clear();
      this.#become("lost");
      this.#timer = window.setTimeout(() => this.#connect(), this.#wait * (0.75 + Math.random() / 2));
      this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
    };
  }

  /** @param {FrameMessage | CommandAnswer} answer */
  #hear(answer) {
    if (!("seq" in answer)) return this.emit("message", answer);
    const taken = this.#flying.get(answer.seq);
    this.#flying.delete(answer.seq);
    this.#waiting = this.#flying.size ? performance.now() : 0;
    const latency = taken === undefined ? NaN : performance.now() - taken;
    if ("faces" in answer && latency >= 0) this.#trips = [...this.#trips, latency].slice(-REMEMBERED);
    this.emit("frame", { answer, latency });
  }

  /** @param {SocketState} state */
  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.emit("state", state);
  }
}
