// What makes the face on the stage a poor example, said while there is time to mend it.

/** @import { SeenFace } from "../shared/api" */

const POOR = 0.5; // quality score
const STAYS = 1000; // ms: a note that comes and goes cannot be read

/** @type {Record<SeenFace["quality"]["faults"][number], string>} */
const WORDS = {
  small: "The face is small: come closer.",
  blurred: "The face is blurred: hold still.",
  dark: "The face is dark: turn to the light.",
  noisy: "The picture is noisy: more light helps.",
  "turned away": "The face is turned away.",
  covered: "The face is partly covered.",
  "cut off": "The face is cut off by the picture's edge.",
};

export class QualityWarning {
  #seen = -Infinity;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
  }

  /**
   * To be called with every answer.
   * @param {Pick<SeenFace, "quality"> | null} main the face that is collected
   * @param {number} now milliseconds
   */
  show(main, now) {
    const fault = main && main.quality.score < POOR && main.quality.faults[0];
    if (fault) this.#seen = now;
    const hidden = !main || now - this.#seen >= STAYS;
    if (fault && this.element.textContent !== WORDS[fault]) this.element.textContent = WORDS[fault];
    else if (hidden && this.element.textContent) this.element.textContent = "";
    this.element.hidden = hidden;
  }
}
