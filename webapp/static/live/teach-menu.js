// The menu that a click on a face opens: what is it really?

import { find, make } from "../shared/elements.js";
import { keyName } from "../shared/label-keys.js";
import { wear } from "../shared/label-look.js";
import { lifetime } from "../shared/lifetime.js";

/** @import { LabelColor, SeenFace } from "../shared/api" */

const MARGIN = 8; // pixels to the stage's edges

export class TeachMenu {
  /** @type {SeenFace | null} */
  face = null;
  /** @type {LabelColor[]} */
  #labels = [];

  /**
   * @param {HTMLElement} stage the element that it opens over
   * @param {(label: string, face: SeenFace) => void} choose
   */
  constructor(stage, choose) {
    this.stage = stage;
    this.choose = choose;
    this.element = make("div", "mien-card teach-menu", "", { role: "menu", "aria-label": "This face is really" });
    this.element.hidden = true;
    stage.append(this.element);
    const signal = lifetime(this.element);
    this.element.addEventListener("keydown", (event) => this.#move(event));
    const outside = (/** @type {PointerEvent} */ { target }) =>
      this.face && !(target instanceof Node && this.element.contains(target)) && this.close();
    document.addEventListener("pointerdown", outside, { signal });
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.close(), { signal });
  }

  /** @param {LabelColor[]} labels */
  setLabels(labels) {
    this.#labels = labels;
  }

  /**
   * @param {SeenFace} face
   * @param {number} x pixels of the stage
   * @param {number} y
   */
  open(face, x, y) {
    this.face = face;
    const items = this.#labels.map((label) => this.#item(label, face));
    this.element.replaceChildren(make("p", "", "This face is really"), ...items);
    this.element.hidden = false;
    const { clientWidth, clientHeight } = this.stage;
    this.element.style.left = `${inside(x, this.element.offsetWidth, clientWidth)}px`;
    this.element.style.top = `${inside(y, this.element.offsetHeight, clientHeight)}px`;
    items[0]?.focus({ preventScroll: true });
  }

  close() {
    this.face = null;
    this.element.hidden = true;
  }

  /**
   * @param {LabelColor} label
   * @param {SeenFace} face
   */
  #item({ name, color, pattern, key }, face) {
    const item = make("button", "bar", "", { type: "button", role: "menuitem" });
    wear(item, { color, pattern });
    item.innerHTML = `<i class="swatch"></i><span></span><kbd></kbd>`;
    find(item, "span").textContent = name;
    find(item, "kbd").textContent = keyName(key);
    item.addEventListener("click", () => {
      this.choose(name, face);
      this.close();
    });
    return item;
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...this.element.querySelectorAll("button")];
    const at = items.findIndex((item) => item === document.activeElement);
    items[(at + step + items.length) % items.length].focus();
  }
}

/**
 * Where something of `length` starts, at `wanted` if there is room.
 * @param {number} wanted
 * @param {number} length
 * @param {number} room
 */
export const inside = (wanted, length, room) => Math.max(MARGIN, Math.min(wanted, room - length - MARGIN));
