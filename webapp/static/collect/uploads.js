// Files into the data set: chosen or dropped, with a bar, a report, and what was refused and why.

import { find, make } from "../shared/elements.js";
import { changed } from "../shared/freshness.js";
import { readout } from "../shared/readout.js";
import { takesPageDrops } from "../shared/page-drop.js";
import { attempt, say } from "../shared/toast.js";
import { droppedFiles, foundFile } from "./dropped-files.js";
import { importQuestion } from "./import-question.js";
import { BY_FOLDER, UploadRun } from "./upload-run.js";
import { uploadWords } from "./upload-words.js";

/** @import { FoundFile } from "./dropped-files.js" */
/** @import { RefusedFile } from "./upload-run.js" */

const LISTED = 200;
const WORDS = {
  title: "Drop pictures, folders, a zip or a CSV to keep their faces",
  text: "Where folders or names say what or whom they show, you are asked first.",
};

/**
 * @param {HTMLElement} element
 * @param {() => string} subject whose faces they are, "" where nobody is named
 */
export function uploads(element, subject) {
  const label = find(element, "select", "[data-file-label]");
  const panel = find(element, "div", "[data-upload]");
  const text = find(element, "p", "[data-upload-text]");
  const tell = readout(text);
  const bar = find(element, "progress", "[data-progress]");
  const cancel = find(element, "button", "[data-cancel]");
  const refusals = find(element, "details", "[data-refused]");
  /** @type {UploadRun | null} */
  let running = null;

  /** @param {UploadRun} run */
  const show = (run) => {
    const { refused } = run.report;
    tell(uploadWords(run), run.over);
    text.classList.toggle("bad", Boolean(run.error));
    bar.max = Math.max(1, run.total);
    bar.value = run.done;
    cancel.textContent = run.over ? "Close" : "Cancel";
    refusals.hidden = !refused.length;
    find(refusals, "summary").textContent = `What was refused, and why (${refused.length})`;
    find(refusals, "ul").replaceChildren(...refused.slice(0, LISTED).map(refusal));
  };

  /** @param {FoundFile[]} files */
  const take = async (files) => {
    if (!files.length) return;
    if (running) return say("One upload at a time: wait for it, or cancel it.", { bad: true });
    running = new UploadRun(files, () => ({ label: label.value, subject: subject() }), importQuestion, show);
    panel.hidden = false;
    await running.run();
    running = null;
    changed();
  };

  cancel.addEventListener("click", () => {
    if (running) running.cancel();
    else panel.hidden = true;
  });
  for (const input of [find(element, "input", "[data-files]"), find(element, "input", "[data-folder]")]) {
    input.addEventListener("change", () => {
      take([...(input.files ?? [])].map((file) => foundFile(file, file.webkitRelativePath)));
      input.value = "";
    });
  }
  takesPageDrops(element, WORDS, (dropped) => attempt(async () => take(await droppedFiles(dropped))));

  return {
    /** @param {{ name: string }[]} labels to choose from */
    setLabels(labels) {
      const before = label.options.length ? label.value : BY_FOLDER;
      const names = labels.map(({ name }) => new Option(name));
      label.replaceChildren(new Option("from its folder", BY_FOLDER), new Option("none yet", ""), ...names);
      label.value = before;
      if (label.selectedIndex < 0) label.value = BY_FOLDER;
    },
  };
}

/** @param {RefusedFile} file */
function refusal({ name, reason }) {
  const item = make("li");
  item.append(make("b", "", name), ` ${reason}`);
  return item;
}
