// The Train tab: one button, the run as it goes, and every version that came of it.

import { openView } from "../shared/address-bar.js";
import { get, post } from "../shared/ask.js";
import { find } from "../shared/elements.js";
import { changed, onChange } from "../shared/freshness.js";
import { atEnd, every, lifetime } from "../shared/lifetime.js";
import { attempt } from "../shared/toast.js";
import { bundleCard } from "./bundle-card.js";
import { drawTrainData } from "./train-data.js";
import { chosenPeople, drawTrainPeople } from "./train-people.js";
import { drawTrainRun } from "./train-run.js";
import { asksAt, readable, whatFollows } from "./train-watch.js";
import { deleteVersion, describeVersion, useVersion } from "./version-actions.js";
import { versionResult } from "./version-result.js";
import { scoredOn, versionRow } from "./version-row.js";

/** @import { RunState, TrainingState, VersionSummary } from "../shared/api" */

const BEAT = 1000; // ms

/** @param {{ element: HTMLElement }} part */
export function mount({ element }) {
  const alive = lifetime(element);
  const result = find(element, "div", "[data-result]");
  const list = find(element, "tbody", "[data-versions]");
  const retrain = find(element, "button", "[data-retrain]");
  const goOn = find(element, "input", "[data-go-on]");
  /** @type {TrainingState | null} */
  let state = null;
  /** @type {number | null} the version whose result is shown */
  let shown = null;

  let asking = false;
  const refresh = async () => {
    if (asking) return;
    asking = true;
    const seen = await attempt(() => get("/data/train"));
    asking = false;
    if (seen) await take(seen);
  };

  const take = async (/** @type {TrainingState} */ seen) => {
    const follows = whatFollows(state, seen, shown);
    state = seen;
    draw(state);
    if (follows.open !== null) await open(follows.open);
    else if (follows.packed && shown !== null) await drawBundle(shown);
    if (follows.changed) changed(element);
  };
  const takeRun = async (/** @type {RunState | undefined} */ run) => {
    if (run && state) await take({ ...state, run });
    return Boolean(run);
  };

  const open = async (/** @type {number} */ number) => {
    if (!state) return;
    const wanted = readable(state, number);
    const seen = await attempt(() => get("/data/train/versions/{number}", { path: { number: wanted } }));
    if (!seen) return;
    shown = seen.number;
    result.replaceChildren(...versionResult(seen, state, { use, changed: relabelled }));
    draw(state);
  };
  const drawBundle = async (/** @type {number} */ number) => {
    const seen = await attempt(() => get("/data/train/versions/{number}", { path: { number } }));
    if (seen && shown === number) result.querySelector(".train-coreml")?.replaceWith(bundleCard(number, seen.card));
  };
  const openAndShow = async (/** @type {number} */ number) => {
    await open(number);
    result.scrollIntoView({ behavior: "smooth", block: "start" });
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
    drawOnce("versions", [versions, active, shown], () => {
      find(element, "p", "[data-scored-on]").textContent = scoredOn(versions);
      list.replaceChildren(
        ...versions.map((version) => versionRow(version, active, shown, { open: openAndShow, use, describe, remove })),
      );
    });
  };

  const use = async (/** @type {number} */ number) => {
    if (!(await useVersion(number))) return;
    changed(element);
    await refresh();
  };
  const describe = async (/** @type {VersionSummary} */ version) => {
    if (!(await describeVersion(version))) return;
    await refresh();
    if (shown === version.number) await open(shown);
  };
  const remove = async (/** @type {number} */ number) => {
    if (!(await deleteVersion(number))) return;
    if (shown === number) shown = null;
    await refresh();
  };

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
