// Does something at each new frame of a video.

export class FrameLoop {
  #loop = 0;
  #action;

  /**
   * @param {HTMLVideoElement} video
   * @param {() => void} action
   */
  constructor(video, action) {
    this.video = video;
    this.#action = action;
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
      this.#action();
    };
    if ("requestVideoFrameCallback" in this.video) this.video.requestVideoFrameCallback(step);
    else requestAnimationFrame(step); // Firefox before 132
  }
}
