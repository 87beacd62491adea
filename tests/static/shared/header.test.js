import { afterEach, beforeEach, expect, test, vi } from "vitest";

import markup from "../../../webapp/static/shared/header.html?raw";
import { fakeBrowser, fakeServer, page } from "../fakes.js";

let answers;
let requests;
let element;
let mount;

beforeEach(async () => {
  vi.useFakeTimers();
  fakeBrowser();
  ({ mount } = await import("../../../webapp/static/shared/header.js")); // dark.js asks the system at once
  answers = { "GET /status": { version: 0, images: 1, notice: "", labels: [], teachable: [] } };
  requests = fakeServer(answers);
  element = page(`<section>${markup}</section>`).firstElementChild;
  mount({ element });
  await vi.advanceTimersByTimeAsync(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const text = (name) => element.querySelector(`[data-${name}]`).textContent;

test("the header says which version is in use and how many images there are", async () => {
  expect([text("version"), text("images")]).toEqual(["base model", "1 image"]);
  answers["GET /status"] = { version: 12, images: 3456, notice: "The disk is <b>almost</b> full." };
  window.dispatchEvent(new Event("mien:changed"));
  await vi.advanceTimersByTimeAsync(0);
  expect([text("version"), text("images")]).toEqual(["version 12", "3,456 images"]);
  expect([text("notice"), element.querySelector("[data-notice]").hidden]).toEqual([
    "The disk is <b>almost</b> full.",
    false,
  ]);
});

test("a server that is gone is noticed within five seconds, and that it is back", async () => {
  const known = answers["GET /status"];
  answers["GET /status"] = () => Promise.reject(new TypeError("Failed to fetch"));
  await vi.advanceTimersByTimeAsync(5000);
  expect([text("version"), text("images")]).toEqual(["not connected", ""]);
  answers["GET /status"] = known;
  await vi.advanceTimersByTimeAsync(5000);
  expect(text("version")).toBe("base model");
});

test("it asks again only when it has an answer, and not while nobody looks", async () => {
  const answer = [];
  answers["GET /status"] = () => new Promise((resolve) => answer.push(resolve));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(requests).toHaveLength(2);
  answer[0]({ version: 0, images: 0, notice: "" });
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(requests).toHaveLength(2);
});

test("light and dark are switched and named", () => {
  const look = element.querySelector("[data-look]");
  expect([look.title, look.textContent]).toEqual(["Switch to dark", "dark"]);
  look.click();
  expect([look.title, look.textContent]).toEqual(["Switch to light", "light"]);
  expect(document.documentElement.className).toBe("dark");
  look.click();
  expect(document.documentElement.className).toBe("");
});

test("a header that left the page asks no more", async () => {
  element.remove();
  await vi.advanceTimersByTimeAsync(20_000);
  window.dispatchEvent(new Event("mien:changed"));
  expect(requests).toHaveLength(1);
});
