// The Train tab: one button, the run as it goes, and every version that came of it.

import { openView } from "../shared/address-bar.js";
import { get, post } from "../shared/ask.js";
import { find } from "../shared/elements.js";
import { changed, onChange } from "../shared/freshness.js";
import { atEnd, every, lifetime } from "../shared/lifetime.js";
import { attempt } from "../shared/toast.js";
import { ResultView } from "./result-view.js";
import { announcement, hasMade } from "./run-announcement.js";
import { drawTrainData } from "./train-data.js";
import { chosenPeople, drawTrainPeople } from "./train-people.js";
import { drawTrainRun } from "./train-run.js";
import { asksAt, whatFollows } from "./train-watch.js";
import { deleteVersion, describeVersion, useVersion } from "./version-actions.js";
import { VersionList } from "./version-list.js";

/** @import { RunState, TrainingState, VersionSummary } from "../shared/api" */

const BEAT = 1000; // ms

/** @param {{ element: HTMLElement }} part */
export function mount({ element }) {
  const alive = lifetime(element);
  const retrain = find(element, "button", "[data-retrain]");
  const goOn = find(element, "input", "[data-go-on]");
  /** @type {TrainingState | null} */
  let state = null;

  let asking = false;
  const refresh = async () => {
    if (asking) return;
    asking = true;
    const seen = await attempt(() => get("/data/train"));
    asking = false;
    if (seen) await take(seen);
  };

  const take = async (/** @type {TrainingState} */ seen) => {
    const before = state;
    const follows = whatFollows(before, seen, result.shown);
    state = seen;
    draw(seen);
    const version = follows.open === null ? null : await open(follows.open);
    if (follows.packed) await result.drawTakeHome();
    const said = announcement(before, seen, version);
    if (said) find(element, "p", "[data-said]").textContent = said;
    if (hasMade(before, seen) && visible()) {
      result.scrollTo();
      result.startPreview();
    }
    if (follows.changed) changed(element);
  };
  const open = async (/** @type {number} */ number) => {
    const version = state && (await result.open(number, state));
    if (state) draw(state);
    return version;
  };
  const takeRun = async (/** @type {RunState | undefined} */ run) => {
    if (run && state) await take({ ...state, run });
    return Boolean(run);
  };

  const openAndShow = async (/** @type {number} */ number) => {
    await open(number);
    result.scrollTo();
  };
  const relabelled = () => {
    changed(element);
    refresh();
  };

  // What has not changed is left alone, so that focus and clicks on it are not lost.
  const drawn = new Map();
  const drawOnce = (/** @type {string} */ name, /** @type {unknown[]} */ values, /** @type {() => void} */ action) => {
    const key = JSON.stringify(values);
    if (drawn.get(name) !== key) action();
    drawn.set(name, key);
  };
  const draw = (/** @type {TrainingState} */ now) => {
    const { data, run, active, versions } = now;
    drawOnce("data", [data, run?.open], () => {
      drawTrainPeople(element, data.people);
      drawTrainData(element, data, chosenPeople(element));
      retrain.disabled = Boolean(data.missing) || Boolean(run?.open);
    });
    drawOnce("run", [run, active, data.missing, versions.map(({ number }) => number)], () =>
      drawTrainRun(element, now),
    );
    list.draw(now, result.shown);
  };

  const use = async (/** @type {number} */ number) => {
    if (!(await useVersion(number))) return;
    changed(element);
    await refresh();
  };
  const describe = async (/** @type {VersionSummary} */ version) => {
    if (!(await describeVersion(version))) return;
    await refresh();
    if (result.shown === version.number) await open(version.number);
  };
  const remove = async (/** @type {number} */ number) => {
    if (!(await deleteVersion(number))) return;
    if (result.shown === number) result.shown = null;
    await refresh();
  };

  const result = new ResultView(find(element, "div", "[data-result]"), { use, changed: relabelled });
  const list = new VersionList(element, { open: openAndShow, use, describe, remove });

  const start = async () => {
    retrain.disabled = true;
    const body = { go_on: goOn.checked, hold_out: chosenPeople(element) };
    const started = await takeRun(await attempt(() => post("/data/train/start", { body })));
    if (!started) retrain.disabled = false;
    await refresh();
  };
  retrain.addEventListener("click", start);
  find(element, "details", "[data-people]").addEventListener("change", () => {
    if (!state) return;
    drawTrainPeople(element, state.data.people);
    drawTrainData(element, state.data, chosenPeople(element));
  });
  find(element, "button", "[data-again]").addEventListener("click", start);
  find(element, "button", "[data-cancel]").addEventListener("click", async () => {
    const run = state?.run;
    if (run) await takeRun(await attempt(() => post("/data/train/cancel/{run}", { path: { run: run.id } })));
  });
  find(element, "button", "[data-to-collect]").addEventListener("click", () => openView("collect"));
  find(element, "button", "[data-to-review]").addEventListener("click", () => openView("review/queue"));

  const visible = () => element.offsetParent !== null && !document.hidden;
  onChange(element, () => visible() && refresh());
  const coming = new IntersectionObserver(([entry]) => entry.isIntersecting && refresh());
  coming.observe(element);
  atEnd(alive, () => coming.disconnect());
  let beat = 0;
  const look = () => {
    beat += 1;
    const page = { running: Boolean(state?.run?.open), visible: visible(), hidden: document.hidden };
    if (asksAt(beat, page)) refresh();
  };
  every(BEAT, look, alive);
}
