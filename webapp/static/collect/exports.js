// The data set to take along: made by the server in the background, then downloaded as a file.

import { ask, attempt, count, make, say } from "../shared/dataset.js";

const LOOK_EVERY = 300; // ms

export function exports(element) {
  const find = (selector) => element.querySelector(selector);
  const choices = [...element.querySelectorAll("[data-export]")];
  const running = find("[data-export-running]");
  const text = find("[data-export-text]");
  let job = null; // its number, while one runs
  let cancelled = false;

  const busy = (on) => {
    for (const choice of choices) choice.disabled = on;
    running.hidden = !on;
    text.textContent = on ? "Packing …" : "";
  };

  const run = async (kind) => {
    cancelled = false;
    job = (await ask(`/export/${kind}`, {})).job;
    for (;;) {
      const state = await ask(`/jobs/${job}`);
      if (state.error) throw new Error(state.error);
      if (state.report) return finish(state);
      if (state.total)
        text.textContent = `Packing ${state.done.toLocaleString("en")} of ${count(state.total, "image")} …`;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    }
  };

  const finish = ({ report, file }) => {
    if (!file) {
      if (!cancelled) throw new Error("Images were deleted meanwhile, so the export was stopped. Export once more.");
      return say("Export stopped.");
    }
    make("a", "", "", { href: `/mien/api/data/exported/${job}/${file}`, download: file }).click();
    const { written, unreadable } = report;
    if (!unreadable.length) return say(`${count(written, "image")} exported.`);
    const names = unreadable
      .slice(0, 5)
      .map(({ name }) => name)
      .join(", ");
    const more = unreadable.length > 5 ? ` and ${unreadable.length - 5} more` : "";
    return say(`${count(written, "image")} exported. The data set is damaged; could not be read: ${names}${more}.`, {
      bad: true,
    });
  };

  for (const choice of choices) {
    choice.addEventListener("click", async () => {
      busy(true);
      await attempt(() => run(choice.dataset.export));
      job = null;
      busy(false);
    });
  }
  find("[data-export-cancel]").addEventListener("click", () => {
    cancelled = true;
    if (job) attempt(() => ask(`/jobs/${job}/cancel`, {}));
  });
}
