// The Train tab: one button, the run as it goes, and every version that came of it.

import { ask, askPerson, attempt, changed, count, make, say } from "../shared/dataset.js";
import { openTab } from "../shared/tabs.js";
import { drawCurves } from "./run-curves.js";
import { result } from "./version-result.js";
import { versionRow } from "./version-row.js";

const EVERY = 1000;
const CALM = 4; // while nothing is under way, only every so many times
const STATES = {
  queued: "Starting",
  running: "Training",
  done: "Done",
  failed: "It did not work",
  cancelled: "Cancelled",
  interrupted: "Interrupted",
};
const ENDED = ["failed", "cancelled", "interrupted"];

export function mount({ element }) {
  const part = (name) => element.querySelector(`[data-${name}]`);
  const visible = () => element.offsetParent !== null && !document.hidden;
  let state = null;
  let shown = null;
  let asking = false;

  const refresh = async () => {
    if (asking) return;
    asking = true;
    const seen = await attempt(() => ask("/train"));
    asking = false;
    if (seen) await take(seen);
  };

  const take = async (seen) => {
    const before = state;
    state = seen;
    draw();
    const finished = before?.run?.open && !seen.run.open;
    const switched = before && before.active !== seen.active;
    if (finished && seen.run.version) await open(seen.run.version);
    else if (shown === null) await open(seen.run?.version ?? seen.active);
    else if (switched) await open(shown);
    if (finished || switched) changed(element);
  };

  const open = async (number) => {
    const known = state.versions.some((version) => version.number === number && !version.damaged);
    const seen = await attempt(() => ask(`/train/versions/${known ? number : 0}`));
    if (!seen) return;
    shown = seen.number;
    part("result").replaceChildren(...result(seen, state, { use, changed: () => (changed(element), refresh()) }));
    draw();
  };
  const openAndShow = async (number) => {
    await open(number);
    part("result").scrollIntoView({ behavior: "smooth", block: "start" });
  };

  // What has not changed is left alone, so that focus and clicks on it are not lost.
  const drawn = new Map();
  const drawOnce = (name, values, action) => {
    const key = JSON.stringify(values);
    if (drawn.get(name) !== key) action();
    drawn.set(name, key);
  };
  const draw = () => {
    drawOnce("data", [state.data, state.run?.open], drawData);
    drawOnce("run", [state.run, state.active, state.versions.map(({ number }) => number)], drawRun);
    drawOnce("versions", [state.versions, state.active, shown], drawVersions);
  };

  const drawData = () => {
    const { labels, missing, unlabelled } = state.data;
    const most = Math.max(1, ...labels.map(({ images }) => images));
    part("counts").replaceChildren(
      ...labels.map((label) => {
        const row = make("div", "train-row");
        row.style.setProperty("--label", label.color);
        const track = make("span", "track");
        const fill = make("i");
        fill.style.width = `${(100 * label.images) / most}%`;
        track.append(fill);
        row.append(
          make("span", "name", label.name, { title: label.name }),
          track,
          make("span", "number", String(label.images)),
        );
        row.append(make("span", "short", shortage(label)));
        return row;
      }),
    );
    part("missing").firstElementChild.textContent = missing;
    part("missing").hidden = !missing;
    part("unlabelled").firstElementChild.textContent =
      `${count(unlabelled, "image waits", "images wait")} for a label.`;
    part("unlabelled").hidden = !unlabelled;
    part("retrain").disabled = Boolean(missing) || Boolean(state.run?.open);
  };
  const shortage = ({ images, left_out: leftOut }) => {
    const { needed, fair } = state.data;
    if (leftOut) return `left out: ${needed - images} more needed`;
    return images && images < fair ? `${fair - images} more make a fair start` : "";
  };

  const drawRun = () => {
    const { run } = state;
    const busy = Boolean(run?.open);
    part("run-title").textContent = run ? STATES[run.state] : "Training";
    part("cancel").hidden = !busy;
    part("again").hidden = !ENDED.includes(run?.state) || Boolean(state.data.missing);
    part("stage").textContent = stageOf(run);
    part("stage").classList.toggle("bad", ["failed", "interrupted"].includes(run?.state));
    const share = shareOf(run);
    part("progress").setAttribute("aria-valuenow", String(Math.round(100 * share)));
    part("progress").firstElementChild.style.width = `${100 * share}%`;
    drawCurves(part("curves"), run?.curves ?? {}, run?.epochs ?? 0);
  };

  /** How much of a run is done, 0…1; training is most of it. */
  const shareOf = (run) => {
    if (run?.state === "done") return 1;
    if (!run?.open) return 0;
    return (0.8 * (run.epoch ?? 0)) / (run.epochs || 1) + (run.stage.startsWith("proving") ? 0.15 : 0);
  };

  const stageOf = (run) => {
    if (!run) return "Nothing was trained yet. The base model is in use.";
    if (run.state === "queued") return "Getting ready …";
    if (run.state === "running") {
      if (run.stage !== "training" || !run.epoch) return `${capital(run.stage || "starting")} …`;
      if (run.epoch >= run.epochs) return `All ${run.epochs} epochs are done. Choosing the best weights …`;
      const accuracy = run.accuracy === null ? "" : ` · ${Math.round(100 * run.accuracy)} % right on held-out faces`;
      return `Epoch ${run.epoch} of ${run.epochs}${accuracy} · about ${Math.max(1, Math.round(run.seconds_left ?? 0))} s left, then the Core ML model`;
    }
    if (run.state !== "done") return run.reason;
    const name = `Version ${run.version}`;
    if (!state.versions.some(({ number }) => number === run.version)) return `${name} was made, and deleted since.`;
    if (state.active === run.version)
      return run.reason ? `${name} is in use, as you chose.` : `${name} is better, so it is in use now.`;
    return run.reason
      ? `${name} waits for you to choose it; below is why.`
      : `${name} was better and came into use; you chose another one since.`;
  };

  const drawVersions = () => {
    const actions = { open: openAndShow, use, describe, remove };
    part("versions").replaceChildren(
      ...state.versions.map((version) => versionRow(version, state.active, shown, actions)),
    );
  };

  const use = async (number) => {
    if (!(await attempt(() => ask(`/train/versions/${number}/use`, {})))) return;
    say(number ? `Version ${number} is in use.` : "The base model is in use.");
    changed(element);
    await refresh();
  };
  const describe = async (version) => {
    const form = make("div", "train-describe");
    const name = make("input", "", "", { maxlength: "60", "aria-label": "Name", placeholder: "Name" });
    const note = make("textarea", "", "", { maxlength: "1000", rows: "4", "aria-label": "Note", placeholder: "Note" });
    name.value = version.name;
    note.value = version.note;
    form.append(name, note);
    if (
      (await askPerson(
        `Version ${version.number}`,
        "A name and a note, for yourself.",
        [["save", "Save", "primary"]],
        form,
      )) !== "save"
    )
      return;
    await attempt(() => ask(`/train/versions/${version.number}/describe`, { name: name.value, note: note.value }));
    await refresh();
    if (shown === version.number) await open(shown);
  };
  const remove = async ({ number }) => {
    const sure = await askPerson(
      `Delete version ${number}?`,
      "Its weights and its Core ML model are removed for good. Your images stay.",
      [["delete", "Delete", "danger"]],
    );
    if (sure !== "delete") return;
    if (!(await attempt(() => ask(`/train/versions/${number}/delete`, {})))) return;
    say(`Version ${number} is deleted.`);
    if (shown === number) shown = null;
    await refresh();
  };

  const start = async () => {
    part("retrain").disabled = true;
    const run = await attempt(() => ask("/train/start", { go_on: part("go-on").checked }));
    if (run) await take({ ...state, run });
    else part("retrain").disabled = false;
    await refresh();
  };
  part("retrain").addEventListener("click", start);
  part("again").addEventListener("click", start);
  part("cancel").addEventListener("click", async () => {
    const run = await attempt(() => ask(`/train/cancel/${state.run.id}`, {}));
    if (run) await take({ ...state, run });
  });
  part("to-collect").addEventListener("click", () => openTab("Collect"));
  part("to-review").addEventListener("click", () => openTab("Review"));

  window.addEventListener("mien:changed", ({ detail }) => detail?.from !== element && visible() && refresh());
  new IntersectionObserver(([entry]) => entry.isIntersecting && refresh()).observe(element);
  let turn = 0;
  setInterval(() => {
    turn = (turn + 1) % CALM;
    if (!document.hidden && (state?.run?.open || (visible() && turn === 0))) refresh();
  }, EVERY);
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
