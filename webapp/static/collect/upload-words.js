// What is said of an upload while it goes on, and at its end.

import { count } from "../shared/numbers.js";

/** @import { UploadRun } from "./upload-run.js" */

/** @param {Pick<UploadRun, "done" | "total" | "sending" | "over" | "cancelled" | "error" | "report">} run */
export function uploadWords({ done, total, sending, over, cancelled, error, report }) {
  const far = `${done.toLocaleString("en")} of ${total.toLocaleString("en")} …`;
  if (!over && sending) return `Reading files: ${far}`;
  const parts = [
    `${count(report.added, "face")} added`,
    `${report.there} already there`,
    `${report.refused.length} refused`,
  ];
  if (report.several) parts.push(`${report.several} from pictures with several faces wait for a label in Review`);
  const ended = cancelled ? "Stopped." : "Done.";
  return over ? `${error || ended} ${parts.join(" · ")}` : `Importing: ${far}`;
}
