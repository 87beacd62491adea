// One upload: pictures one by one, two at a time; a zip or a CSV as a job of the server's.

import { get, post } from "../shared/ask.js";
import { cancel, follow } from "./server-job.js";

/** @import { FoundFile } from "./dropped-files.js" */
/** @typedef {{ name: string, reason: string }} RefusedFile */
/** @typedef {{ added: number, there: number, several: number, refused: RefusedFile[] }} UploadReport */

const AT_ONCE = 2;
const BUNDLE = /\.(zip|csv)$/i;

/** Instead of a label: each picture gets the one that its folder is named after. No label can be called so. */
export const BY_FOLDER = "*folder";

export class UploadRun {
  done = 0;
  over = false;
  cancelled = false;
  error = "";
  /** @type {UploadReport} `several`: faces of pictures with several, which wait for a label */
  report = { added: 0, there: 0, several: 0, refused: [] };
  /** @type {string | null} */
  #job = null;
  /** @type {Map<string, Promise<string>>} the label of each folder; made once */
  #labels = new Map();

  /**
   * @param {FoundFile[]} files
   * @param {() => { label: string, subject: string }} chosen what the person has chosen, now
   * @param {(run: UploadRun) => void} show
   */
  constructor(files, chosen, show) {
    this.files = files;
    this.chosen = chosen;
    this.show = show;
    this.total = files.length;
  }

  cancel() {
    this.cancelled = true;
    if (this.#job) cancel(this.#job).catch(() => {}); // if it is over already, its report says so
  }

  /** Until everything is uploaded, or it is cancelled. */
  async run() {
    this.show(this);
    const pictures = this.files.filter(({ name }) => !BUNDLE.test(name));
    try {
      for (const bundle of this.files.filter(({ name }) => BUNDLE.test(name))) await this.#bundle(bundle);
      await Promise.all(Array.from({ length: AT_ONCE }, () => this.#pictures(pictures)));
    } catch (error) {
      this.error = reasonOf(error);
    }
    this.over = true;
    this.show(this);
  }

  /** @param {FoundFile[]} queue */
  async #pictures(queue) {
    for (let next = queue.shift(); next && !this.cancelled; next = queue.shift()) {
      try {
        const { label, subject } = this.chosen();
        const wanted = label === BY_FOLDER ? await this.#labelOf(next.folder) : label;
        const { faces } = await post("/data/upload", { query: { label: wanted, subject }, file: next.file });
        const added = faces.filter(({ state }) => state === "added").length;
        this.report.added += added;
        this.report.there += faces.length - added;
        if (faces.length > 1) this.report.several += faces.length;
      } catch (error) {
        this.report.refused.push({ name: next.name, reason: reasonOf(error) });
      }
      this.done += 1;
      this.show(this);
    }
  }

  /** @param {string} folder */
  #labelOf(folder) {
    const key = folder.toLowerCase();
    const known = this.#labels.get(key) ?? labelNamed(folder);
    this.#labels.set(key, known);
    known.catch(() => this.#labels.delete(key));
    return known;
  }

  /** @param {FoundFile} bundle */
  async #bundle({ file, name }) {
    if (this.cancelled) return;
    const { label, subject } = this.chosen();
    const before = { done: this.done, total: this.total };
    const query = { name, subject, label: label === BY_FOLDER ? "" : label };
    const { job } = await post("/data/import", { query, file });
    this.#job = job;
    if (this.cancelled) this.cancel();
    const { error, report } = await follow(job, ({ done, total }) => {
      this.done = before.done + done;
      this.total = before.total - 1 + Math.max(1, total);
      this.show(this);
    });
    this.#job = null;
    this.done = before.done + this.total - before.total + 1;
    if (error) this.report.refused.push({ name, reason: error });
    if (!report || !("added" in report)) return;
    this.report.added += report.added;
    this.report.there += report.already_there;
    this.report.several += report.several;
    this.report.refused.push(...report.refused);
  }
}

/**
 * The label that is called so, made if there is none.
 * @param {string} name "" for no label
 */
async function labelNamed(name) {
  if (!name) return "";
  const { labels } = await get("/data/overview");
  const same = labels.find((label) => label.name.toLowerCase() === name.toLowerCase());
  if (!same) await post("/data/labels/add", { body: { name } });
  return same?.name ?? name;
}

/** @param {unknown} error */
const reasonOf = (error) => (error instanceof Error ? error.message : String(error));
