// The data set to take along: made by the server in the background, then downloaded as a file.

import { address, post } from "../shared/ask.js";
import { find, make } from "../shared/elements.js";
import { count } from "../shared/numbers.js";
import { readout } from "../shared/readout.js";
import { attempt, say } from "../shared/toast.js";
import { cancel, follow } from "./server-job.js";

/** @import { ExportReport } from "../shared/api" */
/** @typedef {"zip" | "csv"} ExportKind */

/** @param {HTMLElement} element */
export function exports(element) {
  const running = find(element, "p", "[data-export-running]");
  const tell = readout(find(element, "span", "[data-export-text]"));
  /** @type {[HTMLButtonElement, ExportKind][]} */
  const choices = [
    [find(element, "button", "[data-export=zip]"), "zip"],
    [find(element, "button", "[data-export=csv]"), "csv"],
  ];
  /** @type {string | null} */
  let job = null;
  let cancelled = false;

  /** @param {boolean} on */
  const busy = (on) => {
    for (const [choice] of choices) choice.disabled = on;
    running.hidden = !on;
    tell(on ? "Packing …" : "", true);
  };

  /** @param {ExportKind} kind */
  const run = async (kind) => {
    cancelled = false;
    ({ job } = await post("/data/export/{kind}", { path: { kind } }));
    const { error, report, file } = await follow(job, ({ done, total }) => {
      if (total) tell(`Packing ${done.toLocaleString("en")} of ${count(total, "image")} …`, false);
    });
    if (error) throw new Error(error);
    if (!file && cancelled) return say("Export stopped.");
    if (!file) throw new Error("Images were deleted meanwhile, so the export was stopped. Export once more.");
    const href = address("/data/exported/{number}/{name}", { path: { number: job, name: file } });
    make("a", "", "", { href, download: file }).click();
    if (report && "written" in report) say(exported(report), { bad: report.unreadable.length > 0 });
  };

  for (const [choice, kind] of choices) {
    choice.addEventListener("click", async () => {
      busy(true);
      await attempt(() => run(kind));
      job = null;
      busy(false);
    });
  }
  find(element, "button", "[data-export-cancel]").addEventListener("click", () => {
    const number = job;
    cancelled = true;
    if (number) attempt(() => cancel(number));
  });
}

/**
 * @param {ExportReport} report
 */
export function exported({ written, unreadable }) {
  const done = `${count(written, "image")} exported.`;
  if (!unreadable.length) return done;
  const names = unreadable.slice(0, 5).map(({ name }) => name);
  const more = unreadable.length > 5 ? ` and ${unreadable.length - 5} more` : "";
  return `${done} The data set is damaged; could not be read: ${names.join(", ")}${more}.`;
}
