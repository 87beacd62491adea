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
   * @param {Promise<ExpressionClassifier>} loading
   * @param {{ show: (seen: Seen) => void, opened: (deviceId: string) => void, fail: (error: unknown) => void }} told
   *   `opened`: which camera is on; `fail`: what keeps it from running
   */
  constructor(video, loading, { show, opened, fail }) {
    this.video = video;
    this.loading = loading;
    this.show = show;
    this.opened = opened;
    this.fail = fail;
  }

  /**
   * Looks until `stop` is called; the camera starts while the model is still loading.
   * @param {string} [deviceId] of the camera that is wanted
   */
  async start(deviceId) {
    this.stop();
    const attempt = this.#attempt;
    try {
      const stream = await openCamera(this.video, deviceId);
      if (attempt !== this.#attempt) return stopTracks(stream); // stopped meanwhile
      this.#stream = stream;
      const [track] = stream.getVideoTracks();
      track.addEventListener(
        "ended",
        () => attempt === this.#attempt && this.#failed(new Error("The camera went away.")),
      );
      this.opened(track.getSettings().deviceId ?? "");
      const classifier = await this.loading.catch(() => null);
      if (classifier) await this.#look(classifier, () => attempt === this.#attempt);
    } catch (error) {
      if (attempt === this.#attempt) this.#failed(error);
    }
  }

  stop() {
    this.#attempt += 1;
    if (this.#stream) stopTracks(this.#stream);
    this.#stream = this.video.srcObject = null;
  }

  /**
   * @param {ExpressionClassifier} classifier
   * @param {() => boolean} goesOn
   */
  async #look(classifier, goesOn) {
    const nextFrame = framesOf(this.video, goesOn);
    /** @type {number[]} when the last second's frames were done, in ms */
    let done = [];
    while (goesOn()) {
      await nextFrame();
      const began = performance.now();
      const faces = await classifier.faces(this.video);
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

/**
 * Waits for a frame of a video that was not there at the last call; not at all where one has come meanwhile.
 * @param {HTMLVideoElement} video
 * @param {() => boolean} goesOn
 * @returns {() => Promise<void>}
 */
function framesOf(video, goesOn) {
  let fresh = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  let wake = () => {};
  const step = () => {
    if (!goesOn()) return;
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(come);
    else requestAnimationFrame(come); // Firefox before 132
  };
  const come = () => {
    fresh = true;
    wake();
    step();
  };
  step();
  return async () => {
    if (!fresh) await new Promise((resolve) => (wake = () => resolve(null)));
    fresh = false;
  };
}
