// The result of one version: its cards, and the live preview beside another version.

import { get } from "../shared/ask.js";
import { find } from "../shared/elements.js";
import { attempt } from "../shared/toast.js";
import { besideOf, sideBySide } from "./side-by-side.js";
import { TakeHome } from "./take-home.js";
import { readable } from "./train-watch.js";
import { cameraIsAllowed } from "./version-preview.js";
import { versionResult } from "./version-result.js";

/** @import { TrainingState } from "../shared/api" */
/** @import { VersionPreview } from "./version-preview.js" */

export class ResultView {
  /** @type {number | null} the version whose result is shown */
  shown = null;
  /** @type {VersionPreview | null} */
  #preview = null;
  /** @type {TakeHome | null} */
  #takeHome = null;

  /**
   * @param {HTMLElement} element
   * @param {{ use: (number: number) => void, changed: () => void }} actions
   */
  constructor(element, actions) {
    this.element = element;
    this.actions = actions;
  }

  /**
   * Shows a version; in place of one that is gone or damaged the base model. Resolves to what is known of it.
   * @param {number} number
   * @param {TrainingState} state
   */
  async open(number, state) {
    const version = await attempt(() => detailOf(readable(state, number)));
    if (!version) return null;
    const beside = besideOf(version.number, version.card, state);
    const other = beside === null ? null : await attempt(() => detailOf(beside));
    const both = other ? sideBySide(version, other, state.active, this.actions.use) : null;
    this.shown = version.number;
    this.#preview = both?.preview ?? null;
    const held = this.element.contains(document.activeElement);
    const parts = both ? [both.preview.element, both.choice] : [];
    this.#takeHome = new TakeHome(version.number);
    const [heading, ...rest] = versionResult(version, state, parts, this.actions);
    this.element.replaceChildren(heading, this.#takeHome.element, ...rest);
    this.#takeHome.refresh();
    if (held) find(this.element, "h2").focus();
    return version;
  }

  /** Asks anew what can be taken home: the Core ML model was made or failed meanwhile. */
  async drawTakeHome() {
    await this.#takeHome?.refresh();
  }

  scrollTo() {
    this.element.scrollIntoView({ behavior: "smooth", block: "start" });
  }

  /** Starts the preview where the camera needs no leave. */
  async startPreview() {
    if (await cameraIsAllowed()) this.#preview?.start();
  }
}

/** @param {number} number */
const detailOf = (number) => get("/data/train/versions/{number}", { path: { number } });
