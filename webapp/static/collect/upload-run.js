// One upload: pictures are gathered by the server, two on their way at a time, then imported together; so is a zip or a
// CSV, each by itself. Before an import begins, the person may be asked what the paths of its files mean.

import { get, post } from "../shared/ask.js";
import { cancel, follow } from "./server-job.js";

/** @import { ImportPlan, ImportStart } from "../shared/api" */
/** @import { FoundFile } from "./dropped-files.js" */
/** @typedef {{ name: string, reason: string }} RefusedFile */
/** @typedef {{ added: number, there: number, several: number, refused: RefusedFile[] }} UploadReport */
/** @typedef {{ label: string, subject: string }} Chosen `label` may be BY_FOLDER */

/**
 * What the person makes of a plan; null where they would rather not import it.
 * @typedef {(plan: ImportPlan, planned: (from: ImportPlan["people_from"]) => Promise<ImportPlan>, chosen: Chosen) =>
 *   Promise<ImportStart | null>} Decide
 */

const AT_ONCE = 2;
const BUNDLE = /\.(zip|csv)$/i;
const TABLE = /(^|\/)metadata\.csv$/;

/** Instead of a label: each picture gets the one that its folder is named after. No label can be called so. */
export const BY_FOLDER = "*folder";

export class UploadRun {
  done = 0;
  total = 0;
  /** Whether files are still on their way to the server. */
  sending = true;
  over = false;
  cancelled = false;
  error = "";
  /** @type {UploadReport} `several`: faces of pictures with several, which wait for a label */
  report = { added: 0, there: 0, several: 0, refused: [] };
  /** @type {string | null} */
  #job = null;

  /**
   * @param {FoundFile[]} files
   * @param {() => Chosen} chosen what the person has chosen, when an import begins
   * @param {Decide} decide
   * @param {(run: UploadRun) => void} show
   */
  constructor(files, chosen, decide, show) {
    this.files = files;
    this.chosen = chosen;
    this.decide = decide;
    this.show = show;
    this.total = files.length;
  }

  cancel() {
    this.cancelled = true;
    if (this.#job) cancel(this.#job).catch(() => {}); // if it is over already, its report says so
  }

  /** Until everything is imported, or it is cancelled. */
  async run() {
    this.show(this);
    const bundles = this.files.filter(({ name }) => BUNDLE.test(name) && !TABLE.test(name));
    const pictures = this.files.filter((file) => !bundles.includes(file));
    try {
      for (const bundle of bundles) await this.#bundle(bundle);
      if (pictures.length) await this.#pictures(pictures);
    } catch (error) {
      this.error = reasonOf(error);
    }
    this.over = true;
    this.show(this);
  }

  /** @param {FoundFile} bundle */
  async #bundle({ file, name }) {
    if (this.cancelled) return;
    this.#count(true, 0, 1);
    const { job } = await post("/data/import", { query: { name, begin: false }, file });
    await this.#import(job, name, !/\.csv$/i.test(name));
  }

  /** @param {FoundFile[]} pictures */
  async #pictures(pictures) {
    if (this.cancelled) return;
    this.#count(true, 0, pictures.length);
    const { job } = await post("/data/import/pictures", {});
    this.#job = job;
    const queue = [...pictures];
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.#send(queue, job)));
    await this.#import(job, "", true);
  }

  /**
   * @param {FoundFile[]} queue
   * @param {string} job
   */
  async #send(queue, job) {
    for (let next = queue.shift(); next && !this.cancelled; next = queue.shift()) {
      try {
        await post("/data/jobs/{number}/pictures", {
          path: { number: job },
          query: { name: next.name },
          file: next.file,
        });
      } catch (error) {
        this.report.refused.push({ name: next.name, reason: reasonOf(error) });
      }
      this.#count(true, this.done + 1, this.total);
    }
  }

  /**
   * @param {string} job
   * @param {string} name of the file that came in, "" for pictures
   * @param {boolean} hasPaths whether there is something to ask about
   */
  async #import(job, name, hasPaths) {
    this.#job = job;
    if (this.cancelled) return this.cancel();
    try {
      const start = hasPaths ? await this.#decided(job) : startOf(this.chosen());
      if (this.cancelled || !start) return this.cancel();
      await post("/data/jobs/{number}/begin", { path: { number: job }, body: start });
    } catch (error) {
      this.report.refused.push({ name: name || "These files", reason: reasonOf(error) });
      this.#job = null;
      return;
    }
    this.#count(false, 0, 1);
    const { error, report } = await follow(job, ({ done, total }) => this.#count(false, done, Math.max(1, total)));
    this.#job = null;
    this.#count(false, this.total, this.total);
    if (error) this.report.refused.push({ name: name || "These files", reason: error });
    if (!report || !("added" in report)) return;
    this.report.added += report.added;
    this.report.there += report.already_there;
    this.report.several += report.several;
    this.report.refused.push(...report.refused);
  }

  /** @param {string} job */
  async #decided(job) {
    /** @param {ImportPlan["people_from"]} [from] */
    const planned = (from) =>
      get("/data/jobs/{number}/plan", { path: { number: job }, query: from ? { people_from: from } : {} });
    return this.decide(await planned(), planned, this.chosen());
  }

  /**
   * @param {boolean} sending
   * @param {number} done
   * @param {number} total
   */
  #count(sending, done, total) {
    Object.assign(this, { sending, done, total });
    this.show(this);
  }
}

/**
 * What is chosen beside the drop, as an import takes it.
 * @param {Chosen} chosen
 * @returns {ImportStart}
 */
export function startOf({ label, subject }) {
  const byFolder = label === BY_FOLDER;
  return { label: byFolder ? "" : label, subject, by_folder: byFolder, people_from: "nowhere", kept: [] };
}

/** @param {unknown} error */
const reasonOf = (error) => (error instanceof Error ? error.message : String(error));
