// The heat maps of a stage's faces: asked for while they are wanted, whatever becomes of the connection.

import { HeatMotion } from "./heat-motion.js";
import { heatOn } from "./heat-painter.js";

/** @import { FrameAnswer, HeatCommand, SeenFace } from "./api" */
/** @import { Rectangle } from "./chip-layout.js" */

export class StageHeat {
  wanted = false;
  /** Why faces have none though they were asked for, or "". */
  problem = "";
  #motion = new HeatMotion();

  /** @param {(command: HeatCommand) => void} command sends it, where there is a connection */
  constructor(command) {
    this.command = command;
  }

  /** @param {boolean} wanted */
  want(wanted) {
    this.wanted = wanted;
    this.command({ heat: wanted });
  }

  /** There is a new connection. */
  renew() {
    if (this.wanted) this.command({ heat: true });
  }

  /**
   * The faces of an answer, with their maps as they are to be shown now.
   * @param {FrameAnswer} answer
   * @param {number} now milliseconds
   */
  follow({ faces, no_heat: problem = "" }, now) {
    this.problem = problem;
    return this.#motion.follow(faces, now);
  }

  /**
   * A face's map on the stage, while it is wanted.
   * @param {SeenFace} face
   * @param {Rectangle} picture where the video's lies
   * @param {boolean} mirrored
   */
  on({ heat }, picture, mirrored) {
    return this.wanted && heat ? heatOn(heat, picture, mirrored) : undefined;
  }
}
