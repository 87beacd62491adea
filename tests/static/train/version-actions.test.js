import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { useVersion } from "../../../webapp/static/train/version-actions.js";

/** @type {(answer: Response) => void} */
let answer;

const said = () => [...document.querySelectorAll(".mien-toast")].map((toast) => toast.textContent).join("");

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = `<div class="gradio-container"></div>`;
  const promise = new Promise((resolve) => (answer = resolve));
  vi.stubGlobal("fetch", () => promise);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a version that must be made ready first says so after a second", async () => {
  const used = useVersion(3);
  await vi.advanceTimersByTimeAsync(900);
  expect(said()).toBe("");
  await vi.advanceTimersByTimeAsync(200);
  expect(said()).toContain("Getting version 3 ready");
  await vi.advanceTimersByTimeAsync(9000);
  expect(document.querySelector(".mien-toast.shown")?.textContent).toContain("Getting version 3 ready");
  answer(Response.json({ active: 3 }));
  await vi.advanceTimersByTimeAsync(0);
  expect(await used).toBe(true);
  expect(said()).toContain("Version 3 is in use.");
});

test("one that is ready is in use without a word before", async () => {
  const used = useVersion(0);
  answer(Response.json({ active: 0 }));
  await vi.advanceTimersByTimeAsync(2000);
  expect(await used).toBe(true);
  expect(said()).toBe("The base model is in use.");
});
