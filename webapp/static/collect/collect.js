// The Collect tab: hold the button or the space bar, and the face in view becomes examples of the chosen label.

import { address, get, post } from "../shared/ask.js";
import { controls } from "../shared/controls.js";
import { find, make } from "../shared/elements.js";
import { changed, keepFresh } from "../shared/freshness.js";
import { isMeantFor } from "../shared/keyboard.js";
import { atEnd, lifetime } from "../shared/lifetime.js";
import { count } from "../shared/numbers.js";
import { Stage } from "../shared/stage.js";
import { attempt, say } from "../shared/toast.js";
import { Capture } from "./capture.js";
import { exports } from "./exports.js";
import { HandsFree } from "./hands-free.js";
import { LabelCards } from "./label-cards.js";
import { SpaceBar } from "./space-bar.js";
import { uploads } from "./uploads.js";

/** @import { KeptFace } from "../shared/api" */
/** @import { CaptureTally } from "./capture-tally.js" */

const STRIP = 24; // pictures

/** @param {{ element: HTMLElement }} part */
export function mount({ element }) {
  const signal = lifetime(element);
  const stage = new Stage(find(element, "div", "[data-stage]"));
  const cards = new LabelCards(find(element, "div", "[data-cards]"));
  const spaceBar = new SpaceBar(signal);
  const subject = find(element, "input", "[data-subject]");
  const strip = find(element, "div", "[data-landed]");

  controls(find(element, "div", "[data-controls]"));
  const files = uploads(find(element, "section", ".collect-files"), () => subject.value.trim());
  exports(find(element, "div", "[data-exports]"));

  const refresh = async () => {
    const overview = await attempt(() => get("/data/overview"));
    if (!overview) return;
    const enabled = overview.labels.filter((label) => label.enabled);
    cards.show(enabled);
    files.setLabels(enabled);
    const named = overview.subjects.flatMap(([name]) => (name ? [new Option(name)] : []));
    find(element, "datalist", "[data-subjects]").replaceChildren(...named);
  };
  keepFresh(element, refresh);

  const holdText = find(element, "span", "[data-hold-text]");
  const capture = new Capture(stage, {
    begun({ name, color }) {
      element.classList.add("capturing");
      element.style.setProperty("--capturing", color);
      holdText.textContent = `Capturing ${name}`;
    },
    ended() {
      element.classList.remove("capturing");
      holdText.textContent = "Hold to capture";
    },
    added: (face) => land(face),
    landed: (tally) => report(tally),
  });

  /** @param {KeptFace} face */
  const land = ({ image, label }) => {
    const name = label ?? "";
    cards.countUp(name);
    const src = address("/data/images/{image_id}/thumbnail", { path: { image_id: image } });
    const picture = make("img", "", "", { src, alt: name, title: name, "data-id": image });
    picture.style.setProperty("--label", cards.colorOf(name));
    strip.prepend(picture);
    while (strip.children.length > STRIP) strip.lastElementChild?.remove();
    find(element, "p", "[data-landed-text]").textContent = "Just captured";
  };
  /** @param {CaptureTally} tally */
  const report = ({ ids, sentence }) => {
    const undo = () => attempt(() => takeBack(ids));
    if (sentence) say(sentence, ids.length ? { undo } : { bad: true });
    changed(element);
    refresh();
  };
  /** @param {number[]} ids */
  const takeBack = async (ids) => {
    await post("/data/delete", { body: { ids } });
    say(`${count(ids.length, "image")} taken back. They are in the trash.`);
    for (const id of ids) strip.querySelector(`[data-id="${id}"]`)?.remove();
    changed(element);
    await refresh();
  };

  /** What keeps it from capturing, or "". */
  const lacking = () => {
    if (!cards.chosen) return "Pick a label first.";
    return stage.live ? "" : "The camera is not on, so there is nothing to capture.";
  };
  const begin = () => {
    if (capture.holding) return;
    if (lacking()) return say(lacking(), { bad: true });
    if (cards.chosen) capture.begin(cards.chosen, subject.value.trim());
  };
  stage.on("message", (answer) => {
    if (!("error" in answer)) return;
    capture.end();
    say(answer.error, { bad: true });
  });

  const timer = find(element, "button", "[data-timer]");
  const countdown = find(element, "p", "[data-countdown]");
  /** @param {boolean} running */
  const showTimer = (running) => {
    timer.textContent = running ? "Stop" : "Hands-free: 3 · 2 · 1";
    timer.setAttribute("aria-pressed", String(running));
  };
  const handsFree = new HandsFree({
    count(seconds) {
      countdown.hidden = seconds === 0;
      countdown.textContent = String(seconds);
    },
    begin,
    end: () => stopAll(),
  });
  const stopTimer = () => {
    handsFree.stop();
    countdown.hidden = true;
    showTimer(false);
  };
  const stopAll = () => {
    stopTimer();
    capture.end();
  };
  timer.addEventListener("click", () => {
    if (handsFree.running) return stopAll();
    if (lacking()) return say(lacking(), { bad: true });
    showTimer(true);
    handsFree.start();
  });
  window.addEventListener("blur", stopAll, { signal });
  document.addEventListener("visibilitychange", () => document.hidden && stopAll(), { signal });
  atEnd(signal, stopAll);

  const press = () => {
    stopTimer();
    begin();
  };
  const release = () => {
    if (!handsFree.running) capture.end();
  };
  const hold = find(element, "button", "[data-hold]");
  hold.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    hold.setPointerCapture(event.pointerId);
    press();
  });
  hold.addEventListener("pointerup", release);
  hold.addEventListener("pointercancel", release);
  hold.addEventListener("lostpointercapture", release);
  hold.addEventListener("contextmenu", (event) => event.preventDefault());

  /** @param {KeyboardEvent} event */
  const keyDown = (event) => {
    if (!isMeantFor(element, event)) return;
    if (event.key === " " && spaceBar.captures(event.target)) {
      event.preventDefault();
      if (!event.repeat) press();
    } else if (event.key === "Escape") stopAll();
    else if (!capture.holding && cards.chooseByKey(event.key)) event.preventDefault();
  };
  /** @param {KeyboardEvent} event */
  const keyUp = (event) => {
    if (event.key !== " " || !capture.holding) return;
    event.preventDefault();
    release();
  };
  document.addEventListener("keydown", keyDown, { signal });
  document.addEventListener("keyup", keyUp, { signal });
  element.addEventListener("change", ({ target }) => {
    if (!spaceBar.tabbed && target instanceof HTMLSelectElement) target.blur();
  });

  const adding = find(element, "form", "[data-add]");
  adding.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(() => addLabel(find(adding, "input")));
  });
  /** @param {HTMLInputElement} input */
  const addLabel = async (input) => {
    await post("/data/labels/add", { body: { name: input.value } });
    const name = input.value.trim();
    input.value = "";
    spaceBar.captureAgain();
    if (document.activeElement instanceof HTMLElement && adding.contains(document.activeElement)) {
      document.activeElement.blur();
    }
    await refresh();
    cards.choose(name);
    changed(element);
  };
}
