import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { foundFile } from "../../../webapp/static/collect/dropped-files.js";
import { BY_FOLDER, UploadRun } from "../../../webapp/static/collect/upload-run.js";
import { uploadWords } from "../../../webapp/static/collect/upload-words.js";
import { fakeServer, settled } from "../fakes.js";

const ADDED = { faces: [{ image: 1, state: "added" }] };

let answers;
let requests;
let shown;

beforeEach(() => {
  answers = { "POST /data/upload": ADDED };
  requests = fakeServer(answers);
  shown = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A run of files at these paths, with this label chosen. */
function runOf(paths, label = "fear", subject = "") {
  const files = paths.map((path) => foundFile(new File(["x"], path.split("/").at(-1)), path));
  return new UploadRun(
    files,
    () => ({ label, subject }),
    (run) => shown.push(`${run.done}/${run.total}`),
  );
}

const sent = (path) => requests.filter((request) => request.path === path);

test("pictures are sent with the label and the subject that are chosen", async () => {
  const run = runOf(["a.png"], "fear", "Ada");
  await run.run();
  expect(Object.fromEntries(requests[0].query)).toEqual({ label: "fear", subject: "Ada" });
  expect(requests[0].body.name).toBe("a.png");
  expect(run.report).toEqual({ added: 1, there: 0, several: 0, refused: [] });
  expect([run.over, run.done, run.total]).toEqual([true, 1, 1]);
});

test("what is chosen meanwhile counts for the pictures that are left", async () => {
  let label = "fear";
  answers["POST /data/upload"] = () => {
    label = "joy";
    return ADDED;
  };
  const files = ["a.png", "b.png", "c.png"].map((name) => foundFile(new File(["x"], name)));
  await new UploadRun(
    files,
    () => ({ label, subject: "" }),
    () => {},
  ).run();
  expect(requests.at(-1).query.get("label")).toBe("joy");
});

test("two pictures are on their way at a time", async () => {
  const waiting = [];
  answers["POST /data/upload"] = () => new Promise((resolve) => waiting.push(() => resolve(ADDED)));
  const running = runOf(["a.png", "b.png", "c.png", "d.png"]).run();
  for (const expected of [2, 3, 4, 4, 4]) {
    await settled();
    expect(requests).toHaveLength(expected);
    waiting.shift()?.();
  }
  await running;
  expect(shown).toEqual(["0/4", "1/4", "2/4", "3/4", "4/4", "4/4"]);
});

test("a refused picture is reported, and the others go on", async () => {
  answers["POST /data/upload"] = ({ body }) =>
    body.name === "b.png" ? Response.json({ error: "No face was found." }, { status: 422 }) : ADDED;
  const run = runOf(["a.png", "b.png", "c.png"]);
  await run.run();
  expect(run.report).toEqual({
    added: 2,
    there: 0,
    several: 0,
    refused: [{ name: "b.png", reason: "No face was found." }],
  });
  expect([run.done, run.error]).toEqual([3, ""]);
});

test("faces are counted by what became of them, and those of group pictures wait for a label", async () => {
  const faces = ["added", "near-duplicate", "added"].map((state, image) => ({ image, state }));
  answers["POST /data/upload"] = { faces };
  const run = runOf(["group.png"]);
  await run.run();
  expect(run.report).toMatchObject({ added: 2, there: 1, several: 3 });
});

test("a folder's name becomes a label, made once, and spelt as it is already", async () => {
  answers["GET /data/overview"] = { labels: [{ name: "Fear" }] };
  answers["POST /data/labels/add"] = { labels: [] };
  await runOf(
    ["x/fear/1.png", "x/FEAR/2.png", "x/wink/3.png", "x/wink/4.png", "x/wink/5.png", "6.png"],
    BY_FOLDER,
  ).run();
  expect(sent("/data/labels/add").map(({ body }) => body)).toEqual([{ name: "wink" }]);
  const labels = sent("/data/upload").map(({ body, query }) => [body.name, query.get("label")]);
  expect(Object.fromEntries(labels)).toEqual({
    "1.png": "Fear",
    "2.png": "Fear",
    "3.png": "wink",
    "4.png": "wink",
    "5.png": "wink",
    "6.png": null,
  });
});

test("a label that could not be made is tried again with the next picture", async () => {
  let times = 0;
  answers["GET /data/overview"] = { labels: [] };
  answers["POST /data/labels/add"] = () => {
    times += 1;
    return times === 1 ? Response.json({ error: "The disk is full." }, { status: 507 }) : { labels: [] };
  };
  const run = runOf(["wink/1.png", "wink/2.png", "wink/3.png"], BY_FOLDER);
  await run.run();
  expect(run.report.refused.every(({ reason }) => reason === "The disk is full.")).toBe(true);
  expect(run.report.added).toBeGreaterThan(0);
});

test("cancelled, no more pictures are sent", async () => {
  const run = runOf(["a.png", "b.png", "c.png", "d.png", "e.png"]);
  answers["POST /data/upload"] = async () => {
    await settled();
    run.cancel();
    return ADDED;
  };
  await run.run();
  expect(requests).toHaveLength(2);
  expect([run.cancelled, run.over, run.done]).toEqual([true, true, 2]);
});

test("a zip is a job of the server's, looked at until it is over; pictures follow", async () => {
  vi.useFakeTimers();
  const report = {
    added: 5,
    already_there: 2,
    several: 1,
    refused: [{ name: "x.txt", reason: "no picture" }],
    cancelled: false,
  };
  const states = [
    { done: 0, total: 0, report: null, error: "", file: "" },
    { done: 4, total: 8, report: null, error: "", file: "" },
    { done: 8, total: 8, report, error: "", file: "" },
  ];
  answers["POST /data/import"] = { job: "j1" };
  answers["GET /data/jobs/j1"] = () => states.shift();
  const run = runOf(["a.png", "faces.ZIP"], BY_FOLDER, "Ada");
  const running = run.run();
  await vi.runAllTimersAsync();
  await running;
  expect(Object.fromEntries(sent("/data/import")[0].query)).toEqual({ name: "faces.ZIP", subject: "Ada" });
  expect(run.report).toEqual({ added: 6, there: 2, several: 1, refused: report.refused });
  expect(shown).toEqual(["0/2", "0/2", "4/9", "9/9", "9/9"]);
});

test("a job that fails is a refusal of its file", async () => {
  answers["POST /data/import"] = { job: "j1" };
  answers["GET /data/jobs/j1"] = { done: 0, total: 0, report: null, error: "This is no zip.", file: "" };
  const run = runOf(["faces.zip", "a.png"], "fear");
  await run.run();
  expect(run.report.refused).toEqual([{ name: "faces.zip", reason: "This is no zip." }]);
  expect([run.report.added, run.done, run.total]).toEqual([1, 2, 2]);
});

test("a zip that cannot be handed over ends the upload with the reason", async () => {
  answers["POST /data/import"] = Response.json({ error: "This file is larger than 4 GB." }, { status: 413 });
  const run = runOf(["faces.zip", "a.png"]);
  await run.run();
  expect(run.error).toBe("This file is larger than 4 GB.");
  expect(sent("/data/upload")).toEqual([]);
});

test.each(["while it runs", "while it is handed over"])("a job that is cancelled %s is told, once", async (when) => {
  vi.useFakeTimers();
  const report = { added: 1, already_there: 0, several: 0, refused: [], cancelled: true };
  let cancelled = false;
  const run = runOf(["faces.zip", "more.zip", "a.png"]);
  answers["POST /data/import"] = () => {
    if (when === "while it is handed over") run.cancel();
    return { job: "j1" };
  };
  answers["GET /data/jobs/j1"] = () => ({ done: 1, total: 9, report: cancelled ? report : null, error: "", file: "" });
  answers["POST /data/jobs/j1/cancel"] = () => {
    cancelled = true;
    return { cancelling: true };
  };
  const running = run.run();
  await vi.advanceTimersByTimeAsync(500);
  if (when === "while it runs") run.cancel();
  await vi.runAllTimersAsync();
  await running;
  expect(sent("/data/jobs/j1/cancel")).toHaveLength(1);
  expect(sent("/data/import")).toHaveLength(1);
  expect(sent("/data/upload")).toEqual([]);
  expect([run.cancelled, run.error, run.report.added]).toEqual([true, "", 1]);
});

test("what is said of an upload", () => {
  const report = { added: 1, there: 0, several: 0, refused: [] };
  const run = { done: 1000, total: 2000, over: false, cancelled: false, error: "", report };
  expect(uploadWords(run)).toBe("1,000 of 2,000 … 1 face added · 0 already there · 0 refused");
  expect(uploadWords({ ...run, over: true })).toMatch(/^Done\. 1 face added/);
  expect(uploadWords({ ...run, over: true, cancelled: true })).toMatch(/^Stopped\. /);
  expect(uploadWords({ ...run, over: true, error: "The disk is full." })).toMatch(/^The disk is full\. 1 face/);
  const several = { ...report, several: 3, refused: [{ name: "a", reason: "b" }] };
  expect(uploadWords({ ...run, over: true, report: several })).toBe(
    "Done. 1 face added · 0 already there · 1 refused · 3 from pictures with several faces wait for a label in Review",
  );
});
