// What a stage shows instead of a picture, or over it, and says to a screen reader.

import { Announcer } from "./announcer.js";
import { make } from "./elements.js";
import { isStuck, note, panelWords, spoken } from "./stage-words.js";

/** @import { StageState } from "./stage-words.js" */

export class StagePanel {
  #pill = make("p", "stage-pill", "", { "data-pill": "" });
  #sent = make("p", "stage-sent", "Here the camera's frames go to Mien's server", { "data-sent": "" });
  #panel = make("div", "stage-panel");
  #title = make("p", "stage-title", "", { "data-title": "" });
  #text = make("p", "stage-text");
  #action = make("button", "mien-button primary", "", { type: "button" });
  #spoken = new Announcer(
    make("p", "visually-hidden", "", { role: "status", "aria-live": "polite", "data-spoken": "" }),
  );

  /**
   * @param {HTMLElement} stage
   * @param {() => void} act what the panel's button does
   */
  constructor(stage, act) {
    this.#action.addEventListener("click", act);
    this.#panel.append(this.#title, this.#text, this.#action);
    stage.append(this.#pill, this.#sent, this.#panel, this.#spoken.element);
  }

  /** @param {StageState} state */
  show(state) {
    const { title, text, action } = panelWords(state);
    this.#panel.hidden = state.camera === "on";
    write(this.#title, title);
    write(this.#text, text);
    write(this.#action, action);
    this.#action.hidden = !action;
    write(this.#pill, note(state));
    this.#pill.hidden = !note(state);
    this.#sent.hidden = state.camera !== "on" || !state.sent;
    this.#spoken.tell(spoken(state), { atOnce: isStuck(state) });
  }
}

/**
 * Leaves alone what reads so already: a text that is set is read out, and costs a layout.
 * @param {HTMLElement} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
