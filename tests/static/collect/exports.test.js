import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { exported, exports } from "../../../webapp/static/collect/exports.js";
import { fakeServer, page } from "../fakes.js";

const MARKUP = `
  <div>
    <button data-export="zip"></button><button data-export="csv"></button>
    <p data-export-running hidden><span data-export-text></span><button data-export-cancel></button></p>
  </div>`;
const GOING = { done: 1200, total: 3000, report: null, error: "", file: "" };
const REPORT = { written: 3000, unreadable: [], cancelled: false };

let part;
let answers;
let requests;
let downloads;

beforeEach(() => {
  vi.useFakeTimers();
  part = page(MARKUP).firstElementChild;
  answers = { "POST /data/export/zip": { job: "j1" }, "POST /data/jobs/j1/cancel": { cancelling: true } };
  requests = fakeServer(answers);
  downloads = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function click() {
    downloads.push([this.getAttribute("href"), this.download]);
  });
  exports(part);
});
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const find = (name) => part.querySelector(`[data-export${name}]`);
const said = () => document.querySelector(".mien-toast.shown")?.textContent;

test("a zip is packed by the server, then downloaded", async () => {
  answers["GET /data/jobs/j1"] = GOING;
  find("=zip").click();
  await vi.advanceTimersByTimeAsync(10);
  expect(find("-text").textContent).toBe("Packing 1,200 of 3,000 images …");
  expect([find("=zip").disabled, find("=csv").disabled, find("-running").hidden]).toEqual([true, true, false]);
  answers["GET /data/jobs/j1"] = { ...GOING, done: 3000, report: REPORT, file: "mien.zip" };
  await vi.advanceTimersByTimeAsync(400);
  expect(downloads).toEqual([["/mien/api/data/exported/j1/mien.zip", "mien.zip"]]);
  expect(said()).toBe("3,000 images exported.");
  expect([find("=zip").disabled, find("-running").hidden]).toEqual([false, true]);
});

test("a failure is said, and the buttons come back", async () => {
  answers["GET /data/jobs/j1"] = { ...GOING, error: "The disk is full." };
  find("=zip").click();
  await vi.advanceTimersByTimeAsync(10);
  expect([said(), downloads, find("=zip").disabled]).toEqual(["The disk is full.", [], false]);
});

test("one without a file was stopped: by the person, or since images were deleted", async () => {
  answers["GET /data/jobs/j1"] = GOING;
  find("=zip").click();
  await vi.advanceTimersByTimeAsync(10);
  find("-cancel").click();
  answers["GET /data/jobs/j1"] = { ...GOING, report: { ...REPORT, cancelled: true } };
  await vi.advanceTimersByTimeAsync(400);
  expect(requests.some(({ path }) => path === "/data/jobs/j1/cancel")).toBe(true);
  expect(said()).toBe("Export stopped.");
  find("=zip").click();
  await vi.advanceTimersByTimeAsync(400);
  expect(said()).toBe("Images were deleted meanwhile, so the export was stopped. Export once more.");
  expect(downloads).toEqual([]);
});

test("what could not be read is named, five of them", () => {
  const unreadable = [1, 2, 3, 4, 5, 6, 7].map((number) => ({ name: `image ${number}`, reason: "damaged" }));
  expect(exported({ ...REPORT, written: 1, unreadable: unreadable.slice(0, 2) })).toBe(
    "1 image exported. The data set is damaged; could not be read: image 1, image 2.",
  );
  expect(exported({ ...REPORT, unreadable })).toMatch(/image 1, image 2, image 3, image 4, image 5 and 2 more\.$/);
});
