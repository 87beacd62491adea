// Files into the data set: many pictures or a folder one by one, a zip or a CSV as a job of the server's.

import { ask, attempt, changed, count, make, say } from "../shared/dataset.js";
import { takesDrops } from "../shared/drop.js";

const AT_ONCE = 2;
const LOOK_EVERY = 300; // ms
const BY_FOLDER = "*folder"; // no label can be called so

export function uploads(element, subject) {
  const find = (selector) => element.querySelector(selector);
  const label = find("[data-file-label]");
  const panel = find("[data-upload]");
  const text = find("[data-upload-text]");
  const bar = find("[data-progress]");
  const cancel = find("[data-cancel]");
  const refusals = find("[data-refused]");
  let running = null;

  const show = (state) => {
    const { done, total, report, over } = state;
    const parts = [
      `${count(report.added, "face")} added`,
      `${report.there} already there`,
      `${report.refused.length} refused`,
    ];
    if (report.several) parts.push(`${report.several} from pictures with several faces wait for a label in Review`);
    const lead = state.error
      ? state.error
      : over
        ? state.cancelled
          ? "Stopped."
          : "Done."
        : `${done.toLocaleString("en")} of ${total.toLocaleString("en")} …`;
    text.textContent = `${lead} ${parts.join(" · ")}`;
    text.classList.toggle("bad", Boolean(state.error));
    bar.max = Math.max(1, total);
    bar.value = done;
    cancel.textContent = over ? "Close" : "Cancel";
    refusals.hidden = !report.refused.length;
    refusals.querySelector("summary").textContent = `What was refused, and why (${report.refused.length})`;
    refusals.querySelector("ul").replaceChildren(
      ...report.refused.slice(0, 200).map(({ name, reason }) => {
        const item = make("li");
        item.append(make("b", "", name), ` ${reason}`);
        return item;
      }),
    );
  };

  const take = async (files) => {
    if (!files.length) return;
    if (running) return say("One upload at a time: wait for it, or cancel it.", { bad: true });
    const state = {
      done: 0,
      total: files.length,
      over: false,
      cancelled: false,
      error: "",
      report: { added: 0, there: 0, several: 0, refused: [] },
    };
    running = state;
    panel.hidden = false;
    show(state);
    const bundles = files.filter(({ name }) => /\.(zip|csv)$/i.test(name));
    const pictures = files.filter(({ name }) => !/\.(zip|csv)$/i.test(name));
    try {
      for (const bundle of bundles) if (!state.cancelled) await job(bundle, state);
      await Promise.all(Array.from({ length: AT_ONCE }, () => worker(pictures, state)));
    } catch (error) {
      state.error = error.message;
    }
    state.over = true;
    running = null;
    show(state);
    changed();
  };

  const query = (name, values) => `${name}?${new URLSearchParams(Object.entries(values).filter(([, value]) => value))}`;

  const worker = async (queue, state) => {
    while (queue.length && !state.cancelled) {
      const { file, name, folder } = queue.shift();
      try {
        const chosen = label.value === BY_FOLDER ? folder : label.value;
        const wanted = chosen && label.value === BY_FOLDER ? await known(chosen) : chosen;
        const { faces } = await ask(query("/upload", { label: wanted, subject: subject() }), undefined, {
          method: "POST",
          body: file,
        });
        for (const face of faces) face.state === "added" ? (state.report.added += 1) : (state.report.there += 1);
        if (faces.length > 1) state.report.several += faces.length;
      } catch (error) {
        state.report.refused.push({ name, reason: error.message });
      }
      state.done += 1;
      show(state);
    }
  };

  // A folder's name becomes a label, made once.
  const labels = new Map();
  const known = (folder) => {
    const key = folder.toLowerCase();
    if (!labels.has(key)) {
      labels.set(
        key,
        ask("/overview").then(async (overview) => {
          const same = overview.labels.find(({ name }) => name.toLowerCase() === key);
          if (!same) await ask("/labels/add", { name: folder });
          return same?.name ?? folder;
        }),
      );
      labels.get(key).catch(() => labels.delete(key));
    }
    return labels.get(key);
  };

  const job = async ({ file, name }, state) => {
    const fixed = label.value === BY_FOLDER ? "" : label.value;
    const before = state.done;
    const { job: number } = await ask(query("/import", { name, label: fixed, subject: subject() }), undefined, {
      method: "POST",
      body: file,
    });
    for (;;) {
      if (state.cancelled && !state.told) {
        state.told = true;
        await ask(`/jobs/${number}/cancel`, {});
      }
      const look = await ask(`/jobs/${number}`);
      if (look.error) {
        state.report.refused.push({ name, reason: look.error });
        break;
      }
      state.total = Math.max(state.total, before + look.total);
      state.done = before + look.done;
      if (look.report) {
        state.report.added += look.report.added;
        state.report.there += look.report.already_there;
        state.report.several += look.report.several;
        state.report.refused.push(...look.report.refused);
        break;
      }
      show(state);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    }
  };

  cancel.addEventListener("click", () => {
    if (running) running.cancelled = true;
    else panel.hidden = true;
  });
  for (const input of [find("[data-files]"), find("[data-folder]")]) {
    input.addEventListener("change", () => {
      take([...input.files].map((file) => entry(file, file.webkitRelativePath)));
      input.value = "";
    });
  }
  takesDrops(find("[data-drop]"), ({ items }) => {
    const roots = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    attempt(async () => take((await Promise.all(roots.map((root) => walk(root)))).flat()));
  });

  return {
    setLabels(all) {
      const before = label.options.length ? label.value : BY_FOLDER;
      const options = [
        new Option("from its folder", BY_FOLDER),
        new Option("none yet", ""),
        ...all.map(({ name }) => new Option(name)),
      ];
      label.replaceChildren(...options);
      label.value = [...label.options].some(({ value }) => value === before) ? before : BY_FOLDER;
    },
  };
}

function entry(file, path) {
  const parts = (path || file.name).split("/");
  return { file, name: path || file.name, folder: parts.length > 1 ? parts.at(-2) : "" };
}

/** Every file below a dropped file or folder. */
async function walk(root) {
  if (root.isFile)
    return [
      entry(await new Promise((resolve, reject) => root.file(resolve, reject)), root.fullPath.replace(/^\//, "")),
    ];
  const reader = root.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) break;
    found.push(...some);
  }
  return (await Promise.all(found.filter(({ name }) => !name.startsWith(".")).map(walk))).flat();
}
