// The Collect tab: hold the button or the space bar, and the face in view becomes examples of the chosen label.

import { get, post } from "../shared/ask.js";
import { camera } from "../shared/camera.js";
import { controls } from "../shared/controls.js";
import { find } from "../shared/elements.js";
import { changed, keepFresh } from "../shared/freshness.js";
import { isMeantFor } from "../shared/keyboard.js";
import { atEnd, lifetime } from "../shared/lifetime.js";
import { count } from "../shared/numbers.js";
import { Stage } from "../shared/stage.js";
import { attempt, say } from "../shared/toast.js";
import { nextUndo, offerUndo, undoLast } from "../shared/undo.js";
import { Capture } from "./capture.js";
import { CapturedStrip } from "./captured-strip.js";
import { hint } from "./card-words.js";
import { exports } from "./exports.js";
import { HandsFree } from "./hands-free.js";
import { HoldButton } from "./hold-button.js";
import { LabelCards } from "./label-cards.js";
import { QualityWarning } from "./quality-warning.js";
import { SpaceBar } from "./space-bar.js";
import { uploads } from "./uploads.js";

/** @import { CaptureTally } from "./capture-tally.js" */

/** @param {{ element: HTMLElement }} part */
export function mount({ element }) {
  const signal = lifetime(element);
  const view = find(element, "section", ".collect");
  const stage = new Stage(find(element, "div", "[data-stage]"));
  const cards = new LabelCards(find(element, "div", "[data-cards]"), () => showHold());
  const spaceBar = new SpaceBar(signal);
  const subject = find(element, "input", "[data-subject]");
  const strip = new CapturedStrip(find(element, "div", "[data-landed]"), find(element, "p", "[data-landed-text]"));
  const tally = find(element, "p", "[data-running]");

  controls(find(element, "div", "[data-controls]"));
  camera.startFirst();
  const files = uploads(find(element, "section", ".collect-files"), () => subject.value.trim());
  exports(find(element, "div", "[data-exports]"));

  const refresh = async () => {
    const overview = await attempt(() => get("/data/overview"));
    if (!overview) return;
    const enabled = overview.labels.filter((label) => label.enabled);
    const fair = { images: overview.fair_images, takes: overview.fair_takes };
    if (!capture.holding) cards.show(enabled, fair);
    files.setLabels(enabled);
    find(element, "p", "[data-hint]").textContent = hint(fair);
    const named = overview.subjects.flatMap(([name]) => (name ? [new Option(name)] : []));
    find(element, "datalist", "[data-subjects]").replaceChildren(...named);
  };

  const capture = new Capture(stage, {
    begun({ color }) {
      view.classList.add("capturing");
      view.style.setProperty("--capturing", color);
      tally.hidden = false;
      tally.textContent = "0";
      showHold();
    },
    ended() {
      view.classList.remove("capturing");
      tally.hidden = true;
      showHold();
    },
    added(face, many) {
      cards.countUp(face.label, many === 1);
      strip.add(face, cards.lookOf(face.label));
      tally.textContent = String(many);
    },
    landed: (taken) => report(taken),
  });
  const showHold = () => holdButton.show(cards.chosen?.name ?? "", capture.holding);

  /** @param {CaptureTally} tally */
  const report = ({ ids, sentence }) => {
    if (ids.length) offerUndo(sentence, () => takeBack(ids));
    else if (sentence) say(sentence, { bad: true });
    changed(element);
    refresh();
  };
  /** @param {number[]} ids */
  const takeBack = async (ids) => {
    await post("/data/delete", { body: { ids } });
    strip.takeAway(ids);
    return `${count(ids.length, "image")} taken back. They are in the trash.`;
  };
  const takeBackLast = () => {
    if (nextUndo()) undoLast();
    else say("There is nothing to take back.");
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
    capture.refuse();
    say(answer.error, { bad: true });
  });

  const warning = new QualityWarning(find(element, "p", "[data-warning]"));
  stage.on("faces", () => {
    warning.show(stage.main, performance.now());
    if (!capture.holding || stage.live) return;
    capture.refuse();
    say("The camera or the connection is gone, so capturing has ended.", { bad: true });
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
  const holdText = find(element, "span", "[data-hold-text]");
  const holdButton = new HoldButton(hold, holdText, { press, release, holding: () => capture.holding });
  showHold();

  /** @param {KeyboardEvent} event */
  const keyDown = (event) => {
    if (!isMeantFor(element, event)) return;
    if (event.key === " " && spaceBar.captures(event.target)) {
      event.preventDefault();
      if (!event.repeat) press();
    } else if (event.key === "Escape") stopAll();
    else if (event.key.toLowerCase() === "u" && !capture.holding) takeBackLast();
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
  keepFresh(element, refresh);
  subject.addEventListener("keydown", ({ key }) => key === "Enter" && subject.blur());
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
