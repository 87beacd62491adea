// Capturing: from the press to the release, the faces in view become examples of one label.

import { CaptureTally } from "./capture-tally.js";

/** @import { KeptFace, LabelFigures } from "../shared/api" */
/** @import { Stage } from "../shared/stage.js" */

const STILL_LANDING = 400; // ms after the release

/**
 * @typedef {object} CaptureEvents
 * @property {(label: LabelFigures) => void} begun
 * @property {() => void} ended
 * @property {(face: KeptFace, many: number) => void} added `many`: with this one, since the press
 * @property {(tally: CaptureTally) => void} landed when the last crop is stored
 */

export class Capture {
  /** @type {CaptureTally | null} */
  #tally = null;
  #holding = false;

  /**
   * @param {Pick<Stage, "command" | "on">} stage
   * @param {CaptureEvents} events
   */
  constructor(stage, events) {
    this.stage = stage;
    this.events = events;
    stage.on("faces", (faces) => {
      if (this.#tally && this.#holding && faces.length) this.#tally.faces = true;
    });
    stage.on("message", (answer) => {
      const tally = this.#tally;
      if ("captured" in answer && tally?.add(answer.captured)) events.added(answer.captured, tally.ids.length);
    });
  }

  get holding() {
    return this.#holding;
  }

  /**
   * @param {LabelFigures} label
   * @param {string} subject "" where nobody is named
   */
  begin(label, subject) {
    if (this.#holding) return;
    this.#holding = true;
    this.#tally = new CaptureTally(label.name);
    this.stage.command({ capture: { label: label.name, subject: subject || null, session: sessionName() } });
    this.events.begun(label);
  }

  /** It ends because the server would not have it. */
  refuse() {
    if (this.#holding && this.#tally) this.#tally.refused = true;
    this.end();
  }

  end() {
    const tally = this.#tally;
    if (!this.#holding || !tally) return;
    this.#holding = false;
    this.stage.command({ capture: null });
    this.events.ended();
    setTimeout(() => this.events.landed(tally), STILL_LANDING);
  }
}

/** A name for one capture session: its images are kept together when data is held out. */
function sessionName() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
