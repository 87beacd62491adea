import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { readout } from "../../../webapp/static/shared/readout.js";

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = "<p></p>";
});
afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

test("every line is shown, one in ten seconds and the last one are told", async () => {
  const tell = readout(/** @type {HTMLElement} */ (document.querySelector("p")));
  /** @type {Set<string | null | undefined>} */
  const shown = new Set();
  /** @type {Set<string | null | undefined>} */
  const told = new Set();
  const note = () => {
    shown.add(document.querySelector("p")?.textContent);
    told.add(document.querySelector("[role=status]")?.textContent);
  };
  for (let done = 0; done < 1500; done += 1) {
    tell(`${done} of 1500`, false);
    note();
    await vi.advanceTimersByTimeAsync(10);
  }
  tell("Done.", true);
  note();
  expect(shown.size).toBe(1501);
  expect([...told]).toEqual(["0 of 1500", "1000 of 1500", "Done."]);
});
