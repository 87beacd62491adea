import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { foundFile } from "../../../webapp/static/collect/dropped-files.js";
import { BY_FOLDER, startOf, UploadRun } from "../../../webapp/static/collect/upload-run.js";
import { uploadWords } from "../../../webapp/static/collect/upload-words.js";
import { fakeServer, settled } from "../fakes.js";

const PLAN = { pictures: 1, described: 0, people: [], people_from: "nowhere", labels: [] };
const REPORT = { added: 1, already_there: 0, several: 0, refused: [], cancelled: false };

let answers;
let requests;
let shown;
let asked;

beforeEach(() => {
  answers = {
    "POST /data/import/pictures": { job: "p1" },
    "POST /data/jobs/p1/pictures": { received: 1 },
    "GET /data/jobs/p1/plan": PLAN,
    "POST /data/jobs/p1/begin": { job: "p1" },
    "GET /data/jobs/p1": over({ ...REPORT, added: 3 }),
    "POST /data/jobs/p1/cancel": { cancelling: true },
    "POST /data/import": { job: "j1" },
    "GET /data/jobs/j1/plan": PLAN,
    "POST /data/jobs/j1/begin": { job: "j1" },
    "GET /data/jobs/j1": over(REPORT),
    "POST /data/jobs/j1/cancel": { cancelling: true },
  };
  requests = fakeServer(answers);
  shown = [];
  asked = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const over = (report, error = "") => ({ done: 1, total: 1, report, error, file: "" });
const failure = (error, status = 422) => Response.json({ error }, { status });

/** A run of files at these paths, with this label chosen; the person answers each plan with `answer`. */
function runOf(paths, label = "fear", answer = (_, chosen) => startOf(chosen)) {
  const files = paths.map((path) => foundFile(new File(["x"], path.split("/").at(-1)), path));
  const decide = async (plan, planned, chosen) => {
    asked.push(plan);
    return answer(planned, chosen);
  };
  return new UploadRun(
    files,
    () => ({ label, subject: "Ada" }),
    decide,
    (run) => shown.push(`${run.done}/${run.total}`),
  );
}

const sent = (path) => requests.filter((request) => request.path === path);

test("pictures are gathered under their paths, then imported together as was chosen", async () => {
  const run = runOf(["set/fear/a.png", "set/fear/b.png", "set/metadata.csv"]);
  await run.run();
  expect(sent("/data/jobs/p1/pictures").map(({ query }) => query.get("name"))).toEqual([
    "set/fear/a.png",
    "set/fear/b.png",
    "set/metadata.csv",
  ]);
  expect(asked).toEqual([PLAN]);
  expect(sent("/data/jobs/p1/begin")[0].body).toEqual({
    label: "fear",
    subject: "Ada",
    by_folder: false,
    people_from: "nowhere",
    kept: [],
  });
  expect(run.report).toEqual({ added: 3, there: 0, several: 0, refused: [] });
  expect([run.over, run.error]).toEqual([true, ""]);
});

test("with labels from folders, the server reads them from the paths", async () => {
  await runOf(["wink/a.png"], BY_FOLDER).run();
  expect(sent("/data/jobs/p1/begin")[0].body).toMatchObject({ label: "", by_folder: true });
});

test("another place for people gives another plan before anything is imported", async () => {
  const run = runOf(["wink/ada/1.png"], BY_FOLDER, async (planned, chosen) => {
    await planned("inner-folder");
    expect(sent("/data/jobs/p1/begin")).toEqual([]);
    return { ...startOf(chosen), people_from: "inner-folder" };
  });
  await run.run();
  expect(sent("/data/jobs/p1/plan").map(({ query }) => query.get("people_from"))).toEqual([null, "inner-folder"]);
  expect(sent("/data/jobs/p1/begin")[0].body.people_from).toBe("inner-folder");
});

test("two files are on their way at a time", async () => {
  const waiting = [];
  answers["POST /data/jobs/p1/pictures"] = () =>
    new Promise((resolve) => waiting.push(() => resolve({ received: waiting.length })));
  const running = runOf(["a.png", "b.png", "c.png", "d.png"]).run();
  for (const expected of [2, 3, 4, 4, 4]) {
    await settled();
    expect(sent("/data/jobs/p1/pictures")).toHaveLength(expected);
    waiting.shift()?.();
  }
  await running;
  expect(shown.slice(0, 6)).toEqual(["0/4", "0/4", "1/4", "2/4", "3/4", "4/4"]);
});

test("a file that is not taken is reported, and the others go on", async () => {
  answers["POST /data/jobs/p1/pictures"] = ({ query }) =>
    query.get("name") === "b.png" ? failure("This file is larger than 64 MB.", 413) : { received: 1 };
  const run = runOf(["a.png", "b.png", "c.png"]);
  await run.run();
  expect(run.report.refused).toEqual([{ name: "b.png", reason: "This file is larger than 64 MB." }]);
  expect([run.report.added, run.error]).toEqual([3, ""]);
});

test("what the server refused, and what waits for a label, is in the report", async () => {
  const refused = [{ name: "x.txt", reason: "no picture" }];
  answers["GET /data/jobs/p1"] = over({ ...REPORT, added: 2, already_there: 1, several: 3, refused });
  const run = runOf(["group.png", "x.txt"]);
  await run.run();
  expect(run.report).toEqual({ added: 2, there: 1, several: 3, refused });
});

test("cancelled, no more files are sent and nothing is imported", async () => {
  const run = runOf(["a.png", "b.png", "c.png", "d.png", "e.png"]);
  answers["POST /data/jobs/p1/pictures"] = async () => {
    await settled();
    run.cancel();
    return { received: 1 };
  };
  await run.run();
  expect(sent("/data/jobs/p1/pictures")).toHaveLength(2);
  expect(sent("/data/jobs/p1/begin")).toEqual([]);
  expect(sent("/data/jobs/p1/cancel").length).toBeGreaterThan(0);
  expect([run.cancelled, run.over]).toEqual([true, true]);
});

test("who would rather not import them, when asked, has nothing imported", async () => {
  const run = runOf(["a.png"], BY_FOLDER, () => null);
  await run.run();
  expect(sent("/data/jobs/p1/begin")).toEqual([]);
  expect(sent("/data/jobs/p1/cancel")).toHaveLength(1);
  expect([run.cancelled, run.over, run.report.added]).toEqual([true, true, 0]);
});

test("a zip is an import by itself, looked at until it is over; pictures follow", async () => {
  vi.useFakeTimers();
  const report = { ...REPORT, added: 5, already_there: 2, several: 1, refused: [{ name: "x", reason: "no picture" }] };
  const states = [{ ...over(null), done: 0, total: 0 }, { ...over(null), done: 4, total: 8 }, over(report)];
  answers["GET /data/jobs/j1"] = () => states.shift();
  const run = runOf(["a.png", "faces.ZIP"], BY_FOLDER);
  const running = run.run();
  await vi.runAllTimersAsync();
  await running;
  expect(Object.fromEntries(sent("/data/import")[0].query)).toEqual({ name: "faces.ZIP", begin: "false" });
  expect(run.report).toEqual({ added: 8, there: 2, several: 1, refused: report.refused });
  expect(shown).toContain("4/8");
});

test("nobody is asked what the paths of a CSV mean: it has none", async () => {
  await runOf(["fer2013.csv"], "fear").run();
  expect(asked).toEqual([]);
  expect(sent("/data/jobs/j1/begin")[0].body.label).toBe("fear");
});

test("an import that fails is a refusal of its file", async () => {
  answers["GET /data/jobs/j1"] = over(null, "This is no zip.");
  const run = runOf(["faces.zip", "a.png"]);
  await run.run();
  expect(run.report.refused).toEqual([{ name: "faces.zip", reason: "This is no zip." }]);
  expect(run.report.added).toBe(3);
});

test("a zip whose plan cannot be made is a refusal of that file", async () => {
  answers["GET /data/jobs/j1/plan"] = () => failure("upload.zip is damaged: it is no readable zip file.");
  const run = runOf(["faces.zip", "a.png"]);
  await run.run();
  expect(run.report.refused).toEqual([
    { name: "faces.zip", reason: "upload.zip is damaged: it is no readable zip file." },
  ]);
  expect(run.report.added).toBe(3);
});

test("a zip that cannot be handed over ends the upload with the reason", async () => {
  answers["POST /data/import"] = failure("This file is larger than 8 GB.", 413);
  const run = runOf(["faces.zip", "a.png"]);
  await run.run();
  expect(run.error).toBe("This file is larger than 8 GB.");
  expect(sent("/data/import/pictures")).toEqual([]);
});

test("an import that is cancelled while it runs is told, once", async () => {
  vi.useFakeTimers();
  let cancelled = false;
  const run = runOf(["faces.zip", "more.zip", "a.png"]);
  answers["GET /data/jobs/j1"] = () => over(cancelled ? { ...REPORT, cancelled } : null);
  answers["POST /data/jobs/j1/cancel"] = () => {
    cancelled = true;
    return { cancelling: true };
  };
  const running = run.run();
  await vi.advanceTimersByTimeAsync(500);
  run.cancel();
  await vi.runAllTimersAsync();
  await running;
  expect(sent("/data/jobs/j1/cancel")).toHaveLength(1);
  expect(sent("/data/import")).toHaveLength(1);
  expect(sent("/data/import/pictures")).toEqual([]);
  expect([run.cancelled, run.error, run.report.added]).toEqual([true, "", 1]);
});

test("what is said of an upload", () => {
  const report = { added: 1, there: 0, several: 0, refused: [] };
  const run = { done: 1000, total: 2000, sending: false, over: false, cancelled: false, error: "", report };
  expect(uploadWords(run)).toBe("Importing: 1,000 of 2,000 …");
  expect(uploadWords({ ...run, sending: true })).toBe("Reading files: 1,000 of 2,000 …");
  expect(uploadWords({ ...run, over: true })).toMatch(/^Done\. 1 face added/);
  expect(uploadWords({ ...run, over: true, cancelled: true })).toMatch(/^Stopped\. /);
  expect(uploadWords({ ...run, over: true, error: "The disk is full." })).toMatch(/^The disk is full\. 1 face/);
  const several = { ...report, several: 3, refused: [{ name: "a", reason: "b" }] };
  expect(uploadWords({ ...run, over: true, report: several })).toBe(
    "Done. 1 face added · 0 already there · 1 refused · 3 from pictures with several faces wait for a label in Review",
  );
});
