// The camera's frames, one after the other, and what they show.

import { openCamera } from "../mien.js";

/** @import { ExpressionClassifier, FaceExpression } from "../mien.js" */
/** @typedef {{ faces: FaceExpression[], milliseconds: number, framesPerSecond: number }} Seen */

export class Live {
  /** @type {MediaStream | null} */
  #stream = null;
  #attempt = 0;

  /**
   * @param {HTMLVideoElement} video
   * @param {ExpressionClassifier} classifier
   * @param {(seen: Seen) => void} show
   * @param {(error: unknown) => void} fail is told what keeps it from running
   */
  constructor(video, classifier, show, fail) {
    this.video = video;
    this.classifier = classifier;
    this.show = show;
    this.fail = fail;
  }

  /** Looks until `stop` is called. */
  async start() {
    const attempt = (this.#attempt += 1);
    try {
      const stream = await openCamera(this.video);
      if (attempt !== this.#attempt) return stopTracks(stream); // stopped meanwhile
      this.#stream = stream;
      const [track] = stream.getVideoTracks();
      track.addEventListener(
        "ended",
        () => attempt === this.#attempt && this.#failed(new Error("The camera went away.")),
      );
      await this.#look(() => attempt === this.#attempt);
    } catch (error) {
      if (attempt === this.#attempt) this.#failed(error);
    }
  }

  stop() {
    this.#attempt += 1;
    if (this.#stream) stopTracks(this.#stream);
    this.#stream = this.video.srcObject = null;
  }

  /** @param {() => boolean} goesOn */
  async #look(goesOn) {
    /** @type {number[]} when the last second's frames were done, in ms */
    let done = [];
    while (goesOn()) {
      await nextFrame(this.video);
      const began = performance.now();
      const faces = await this.classifier.faces(this.video);
      const now = performance.now();
      if (!goesOn()) return;
      done = [...done.filter((time) => now - time < 1000), now];
      this.show({ faces, milliseconds: now - began, framesPerSecond: done.length });
    }
  }

  /** @param {unknown} error */
  #failed(error) {
    this.stop();
    this.fail(error);
  }
}

/** @param {MediaStream} stream */
const stopTracks = (stream) => stream.getTracks().forEach((track) => track.stop());

/** @param {HTMLVideoElement} video */
function nextFrame(video) {
  const { promise, resolve } = withResolver();
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(resolve);
  else requestAnimationFrame(resolve);
  return promise;
}

function withResolver() {
  /** @type {() => void} */
  let resolve = () => {};
  /** @type {Promise<void>} */
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}
