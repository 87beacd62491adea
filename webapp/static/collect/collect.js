// The Collect tab: hold the button or the space bar, and the face in view becomes examples of the chosen label.

import { inkOn } from "../shared/colors.js";
import { controls } from "../shared/controls.js";
import { ask, attempt, changed, count, isMeantFor, keepFresh, make, remove, say } from "../shared/dataset.js";
import { exports } from "./exports.js";
import { Stage } from "../shared/stage.js";
import { uploads } from "./uploads.js";

const COUNTDOWN = 3;
const HANDS_FREE_MS = 4000;
const STRIP = 24;

export function mount({ element }) {
  const find = (selector) => element.querySelector(selector);
  const stage = new Stage(find("[data-stage]"));
  const cards = new Cards(find("[data-cards]"));
  const hold = find("[data-hold]");
  const timer = find("[data-timer]");
  const subject = find("[data-subject]");
  const countdown = find("[data-countdown]");
  const strip = find("[data-landed]");
  let holding = null; // {session, label, ids}
  let waiting = 0;

  controls(find("[data-controls]"));
  const files = uploads(find(".collect-files"), () => subject.value.trim());
  exports(find("[data-exports]"));

  const refresh = async () => {
    const overview = await attempt(() => ask("/overview"));
    if (!overview) return;
    cards.show(overview.labels.filter((label) => label.enabled));
    files.setLabels(overview.labels.filter((label) => label.enabled));
    find("[data-subjects]").replaceChildren(
      ...overview.subjects.filter(([name]) => name).map(([name]) => new Option(name)),
    );
  };
  keepFresh(element, refresh);

  const begin = () => {
    if (holding) return;
    const label = cards.chosen;
    if (!label) return say("Pick a label first.", { bad: true });
    if (!stage.live) return say("The camera is not on, so there is nothing to capture.", { bad: true });
    const session = [...crypto.getRandomValues(new Uint8Array(8))]
      .map((byte) => byte.toString(16).padStart(2, "0"))
      .join("");
    holding = { session, label: label.name, ids: [], near: 0, faces: false };
    stage.command({ capture: { label: label.name, subject: subject.value.trim() || null, session } });
    element.classList.add("capturing");
    element.style.setProperty("--capturing", label.color);
    find("[data-hold-text]").textContent = `Capturing ${label.name}`;
  };
  const end = () => {
    if (!holding) return;
    stage.command({ capture: null });
    const done = holding;
    holding = null;
    element.classList.remove("capturing");
    find("[data-hold-text]").textContent = "Hold to capture";
    setTimeout(() => report(done), 400); // the last crops are still landing
  };
  const report = ({ label, ids, near, faces }) => {
    if (ids.length) {
      const undo = () =>
        attempt(
          async () => (
            await remove({ ids }),
            say(`${count(ids.length, "image")} taken back.`),
            forget(ids),
            changed(element),
            refresh()
          ),
        );
      say(`${count(ids.length, "image")} saved as ${label}.`, { undo });
    } else if (near) say("Nothing new: all of them were near copies. Move a little.", { bad: true });
    else if (!faces) say("No face was in view, so nothing was captured.", { bad: true });
    changed(element);
    refresh();
  };
  const forget = (ids) => ids.forEach((id) => strip.querySelector(`[data-id="${id}"]`)?.remove());

  stage.addEventListener("faces", ({ detail }) => {
    if (holding && detail.faces.length) holding.faces = true;
  });
  let last = null;
  stage.addEventListener("message", ({ detail }) => {
    if (detail.error) {
      end();
      return say(detail.error, { bad: true });
    }
    if (!detail.captured) return;
    const { image, state, label } = detail.captured;
    const current = holding || last;
    if (!current) return;
    if (state === "near-duplicate") current.near += 1;
    if (state !== "added") return;
    current.ids.push(image);
    cards.count(label);
    land(image, label);
  });
  const land = (id, label) => {
    const picture = make("img", "", "", {
      src: `/mien/api/data/images/${id}/thumbnail`,
      alt: label,
      title: label,
      "data-id": id,
    });
    picture.style.setProperty("--label", cards.colorOf(label));
    strip.prepend(picture);
    while (strip.children.length > STRIP) strip.lastElementChild.remove();
    find("[data-landed-text]").textContent = "Just captured";
  };

  hold.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    hold.setPointerCapture(event.pointerId);
    start();
  });
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) hold.addEventListener(type, () => stop());
  hold.addEventListener("contextmenu", (event) => event.preventDefault());
  const start = () => {
    stopTimer();
    begin();
    last = holding;
  };
  const stop = () => !waiting && end();
  window.addEventListener("blur", () => (stopTimer(), end()));
  document.addEventListener("visibilitychange", () => document.hidden && (stopTimer(), end()));

  // Who has come to a control by the Tab key presses it by the space bar; after a click the space bar captures.
  let tabbed = false;
  document.addEventListener("pointerdown", () => (tabbed = false), { capture: true });
  document.addEventListener("keydown", ({ key }) => key === "Tab" && (tabbed = true), { capture: true });
  const presses = (target) => {
    const control = tabbed && target.closest?.("button, a, summary, label");
    return control && control !== hold && !control.matches(".label-card[aria-checked=true]");
  };
  element.addEventListener("change", ({ target }) => !tabbed && target.matches("select") && target.blur());

  document.addEventListener("keydown", (event) => {
    if (!isMeantFor(element, event)) return;
    if (event.key === " " && !presses(event.target)) {
      event.preventDefault();
      if (!event.repeat) start();
    } else if (event.key === "Escape") {
      stopTimer();
      end();
    } else if (!holding && cards.byKey(event.key)) event.preventDefault();
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== " " || !holding) return;
    event.preventDefault();
    stop();
  });

  const stopTimer = () => {
    clearTimeout(waiting);
    waiting = 0;
    countdown.hidden = true;
    timer.textContent = "Hands-free: 3 · 2 · 1";
    timer.setAttribute("aria-pressed", "false");
  };
  const tick = (left) => {
    countdown.hidden = left === 0;
    countdown.textContent = left;
    if (left) return (waiting = setTimeout(() => tick(left - 1), 1000));
    begin();
    last = holding;
    waiting = setTimeout(() => (stopTimer(), end()), HANDS_FREE_MS);
  };
  timer.addEventListener("click", () => {
    if (waiting) return (stopTimer(), end());
    if (!cards.chosen) return say("Pick a label first.", { bad: true });
    if (!stage.live) return say("The camera is not on, so there is nothing to capture.", { bad: true });
    timer.textContent = "Stop";
    timer.setAttribute("aria-pressed", "true");
    tick(COUNTDOWN);
  });

  find("[data-add]").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = event.target.querySelector("input");
    attempt(async () => {
      await ask("/labels/add", { name: input.value });
      const name = input.value.trim();
      input.value = "";
      tabbed = false;
      if (event.target.contains(document.activeElement)) document.activeElement.blur(); // the space bar captures again
      await refresh();
      cards.choose(name);
      changed(element);
    });
  });
}

/** One card a label: colour, name, key, how many images; one of them is chosen. */
class Cards {
  #labels = [];
  #chosen = "";

  constructor(element) {
    this.element = element;
    element.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const at = this.#labels.findIndex(({ name }) => name === this.#chosen);
      this.choose(this.#labels[(at + step + this.#labels.length) % this.#labels.length].name, true);
    });
  }

  get chosen() {
    return this.#labels.find(({ name }) => name === this.#chosen);
  }

  colorOf(name) {
    return this.#labels.find((label) => label.name === name)?.color || "#767676";
  }

  byKey(key) {
    const label = this.#labels.find((known) => known.key && known.key === key);
    if (label) this.choose(label.name);
    return Boolean(label);
  }

  show(labels) {
    this.#labels = labels;
    if (!this.chosen) this.#chosen = labels[0]?.name ?? "";
    this.element.replaceChildren(
      ...labels.map((label) => {
        const card = make("button", "label-card", "", { type: "button", role: "radio", "data-label": label.name });
        card.style.setProperty("--label", label.color);
        card.style.setProperty("--ink", inkOn(label.color));
        card.append(
          make("i"),
          make("span", "name", label.name),
          make("kbd", "", label.key),
          make("b", "", label.images),
        );
        card.addEventListener("click", () => this.choose(label.name));
        return card;
      }),
    );
    this.#mark();
  }

  choose(name, focus = false) {
    this.#chosen = name;
    this.#mark();
    if (focus) this.element.querySelector("[aria-checked=true]")?.focus();
  }

  count(name) {
    const label = this.#labels.find((known) => known.name === name);
    if (!label) return;
    label.images += 1;
    this.#card(name).querySelector("b").textContent = label.images;
  }

  #card(name) {
    return [...this.element.children].find((card) => card.dataset.label === name);
  }

  #mark() {
    for (const card of this.element.children) {
      const chosen = card.dataset.label === this.#chosen;
      card.setAttribute("aria-checked", String(chosen));
      card.tabIndex = chosen ? 0 : -1;
    }
  }
}
