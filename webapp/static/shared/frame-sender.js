// Frames of a video on their way to the server: as small as the network needs, as many as the socket takes.

/** @import { LiveSocket } from "./live-socket.js" */

const SEND_WIDTH = 640; // pixels
const QUALITY = 0.8;

export class FrameSender {
  #frame = new OffscreenCanvas(1, 1);
  /** @type {OffscreenCanvasRenderingContext2D | null} */
  #pen = null;
  #encoding = 0;
  #loop = 0;

  /**
   * @param {HTMLVideoElement} video
   * @param {LiveSocket} socket
   */
  constructor(video, socket) {
    this.video = video;
    this.socket = socket;
  }

  start() {
    this.#loop += 1;
    this.#next(this.#loop);
  }

  stop() {
    this.#loop += 1;
  }

  /** @param {number} loop the one that a frame belongs to; another has begun meanwhile, or none */
  #next(loop) {
    const step = () => {
      if (loop !== this.#loop) return;
      this.#next(loop);
      this.#send(loop);
    };
    if ("requestVideoFrameCallback" in this.video) this.video.requestVideoFrameCallback(step);
    else requestAnimationFrame(step); // Firefox before 132
  }

  /** @param {number} loop */
  async #send(loop) {
    const { videoWidth, videoHeight } = this.video;
    if (!videoWidth || this.socket.free <= this.#encoding) return;
    const taken = performance.now();
    const pen = this.#penFor(sentSize(videoWidth, videoHeight));
    pen.drawImage(this.video, 0, 0, this.#frame.width, this.#frame.height);
    this.#encoding += 1;
    try {
      const jpeg = await this.#frame.convertToBlob({ type: "image/jpeg", quality: QUALITY });
      if (loop === this.#loop && this.socket.free > 0) this.socket.send(jpeg, taken);
    } finally {
      this.#encoding -= 1;
    }
  }

  /** @param {{ width: number, height: number }} size */
  #penFor({ width, height }) {
    if (this.#pen && this.#frame.width === width && this.#frame.height === height) return this.#pen;
    this.#frame = new OffscreenCanvas(width, height);
    const pen = this.#frame.getContext("2d", { alpha: false, willReadFrequently: true });
    this.#pen = /** @type {OffscreenCanvasRenderingContext2D} */ (pen);
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
