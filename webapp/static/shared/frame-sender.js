// Frames of a video on their way to the server: as small as the network needs, as many as the socket takes.

import { FrameLoop } from "./frame-loop.js";

/** @import { LiveSocket } from "./live-socket.js" */

const SEND_WIDTH = 640; // pixels
const JPEG = "image/jpeg";
const QUALITY = 0.8;

export class FrameSender extends FrameLoop {
  #frame = document.createElement("canvas");
  /** @type {CanvasRenderingContext2D | null} */
  #pen = null;

  /**
   * @param {HTMLVideoElement} video
   * @param {LiveSocket} socket
   */
  constructor(video, socket) {
    super(video, () => this.#send());
    this.socket = socket;
  }

  #send() {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth || this.socket.free <= 0) return;
    const taken = performance.now();
    const pen = this.#penFor(sentSize(videoWidth, videoHeight));
    pen.drawImage(this.video, 0, 0, this.#frame.width, this.#frame.height);
    // Encoded here and now: the ways that give a Blob wait until the page has nothing else to do, and the socket reads a
    // Blob by way of another process.
    this.socket.send(bytesOf(this.#frame.toDataURL(JPEG, QUALITY)), taken);
  }

  /** @param {{ width: number, height: number }} size */
  #penFor({ width, height }) {
    if (this.#pen && this.#frame.width === width && this.#frame.height === height) return this.#pen;
    Object.assign(this.#frame, { width, height });
    const pen = this.#frame.getContext("2d", { alpha: false, willReadFrequently: true });
    this.#pen = /** @type {CanvasRenderingContext2D} */ (pen);
    return this.#pen;
  }
}

/**
 * The size that a frame is sent in: its own shape, no wider than the network needs.
 * @param {number} width
 * @param {number} height
 */
export function sentSize(width, height) {
  const scale = Math.min(1, SEND_WIDTH / width);
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/**
 * What a base64 data URL stands for.
 * @param {string} url
 */
export function bytesOf(url) {
  const text = atob(url.slice(url.indexOf(",") + 1));
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}
