// The menu that a click on a face opens: what is it really?

import { find, make } from "../shared/elements.js";
import { keyName } from "../shared/label-keys.js";
import { wear } from "../shared/label-look.js";
import { lifetime } from "../shared/lifetime.js";

/** @import { LabelColor } from "../shared/api" */
/** @import { Rectangle } from "../shared/chip-layout.js" */

const MARGIN = 8; // pixels to the stage's edges, and to the face

/** @template Face */
export class TeachMenu {
  /** @type {Face | null} */
  face = null;
  /** @type {Element | null} what had the focus before */
  #before = null;
  /** @type {LabelColor[]} */
  #labels = [];

  /**
   * @param {HTMLElement} stage the element that it opens over
   * @param {(label: string, face: Face) => void} choose
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
    const escape = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape" || !this.face) return;
      event.preventDefault(); // so that it does nothing else
      this.close();
    };
    document.addEventListener("keydown", escape, { signal, capture: true });
  }

  /** @param {LabelColor[]} labels */
  setLabels(labels) {
    this.#labels = labels;
  }

  /**
   * Opens beside a face.
   * @param {Face} face
   * @param {Rectangle} box in pixels of the stage
   */
  open(face, box) {
    this.#before = document.activeElement;
    this.face = face;
    const items = this.#labels.map((label) => this.#item(label, face));
    this.element.replaceChildren(make("p", "", "This face is really"), ...items);
    this.element.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const { clientWidth, clientHeight } = this.stage;
    this.element.style.left = `${beside(box, width, clientWidth)}px`;
    this.element.style.top = `${inside(box.y, height, clientHeight)}px`;
    items[0]?.focus({ preventScroll: true });
  }

  close() {
    const focused = this.element.contains(document.activeElement);
    // A hidden button keeps the focus until the next layout, and takes an Enter that comes before.
    if (focused && document.activeElement instanceof HTMLElement) document.activeElement.blur();
    this.face = null;
    this.element.hidden = true;
    if (focused && this.#before instanceof HTMLElement) this.#before.focus({ preventScroll: true });
  }

  /**
   * @param {LabelColor} label
   * @param {Face} face
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
 * Where something of `width` starts beside a box: to its right if there is room, else to its left, else where is more.
 * @param {Rectangle} box
 * @param {number} width
 * @param {number} room
 */
export function beside(box, width, room) {
  const right = box.x + box.width + MARGIN;
  const left = box.x - width - MARGIN;
  if (right + width + MARGIN <= room) return right;
  if (left >= MARGIN) return left;
  return inside(room - right > box.x ? right : left, width, room);
}

/**
 * Where something of `length` starts, at `wanted` if there is room.
 * @param {number} wanted
 * @param {number} length
 * @param {number} room
 */
export const inside = (wanted, length, room) => Math.max(MARGIN, Math.min(wanted, room - length - MARGIN));
