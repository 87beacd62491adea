import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { reasonOf } from "../../../webapp/static/live/browser-model.js";
import { fakeServer, settled } from "../fakes.js";

const MODULE = new URL("./fake-kit.js", import.meta.url).pathname;
const LABELS = [{ name: "fear", color: "#56B4E9", pattern: "", key: "7" }];
const FOUND = {
  ...{ id: 3, box: { x: 64, y: 96, width: 192, height: 192 }, label: "fear", probabilities: { fear: 0.9 } },
  ...{ quality: { score: 1, faults: [] }, doubt: "too dark", points: [] },
};
const FACE = {
  ...{ id: 3, box: [0.1, 0.2, 0.3, 0.4], label: "fear", probabilities: { fear: 0.9 }, heat: null },
  ...{ quality: { score: 1, faults: [] }, doubt: "too dark" },
};

const picture = new Blob(["picture"]);

const version = 10;
let kit;
let model;
let requests;
let video;
let namer;
let heard;

beforeEach(async () => {
  vi.resetModules(); // what was loaded is kept there
  ({ kit } = await import("./fake-kit.js"));
  const { BrowserNamer } = await import("../../../webapp/static/live/browser-namer.js");
  kit.faces = async () => [FOUND];
  model = { version, labels: LABELS, module: MODULE, models: "/mien/web/models/1/", install: "mien web --install" };
  requests = fakeServer({
    "GET /web": () => model,
    "POST /teach": { image: 20, state: "added", label: "wink", guess: "fear" },
  });
  let next = null;
  video = Object.assign(document.createElement("div"), { videoWidth: 640, videoHeight: 480 });
  video.requestVideoFrameCallback = (step) => (next = step);
  video.frame = () => next?.();
  const pen = { drawImage: vi.fn() };
  HTMLCanvasElement.prototype.getContext = vi.fn().mockReturnValue(pen);
  vi.spyOn(HTMLCanvasElement.prototype, "toBlob").mockImplementation((take) => take(picture));
  namer = new BrowserNamer(video);
  heard = [];
  for (const type of ["state", "frame", "message", "failed"]) {
    namer.on(type, (detail) => heard.push([type, detail]));
  }
});
afterEach(() => {
  namer.close();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const of = (type) => heard.filter(([known]) => known === type).map(([, detail]) => detail);
const answers = () => of("frame").map(({ answer }) => answer);

async function open() {
  namer.open();
  await vi.waitFor(() => expect(namer.state).toBe("open"));
  namer.frames.start();
}

async function frame() {
  video.frame();
  await settled();
}

test("it loads the version in use, and answers as the live socket does", async () => {
  await open();
  expect([of("state"), kit.loads]).toEqual([["connecting", "open"], ["/mien/web/models/1/"]]);
  await frame();
  await frame();
  const answer = { version, faces: [FACE], main: 3, chosen: false, ms: expect.any(Number) };
  expect(answers()).toEqual([
    { ...answer, seq: 1, labels: LABELS },
    { ...answer, seq: 2 },
  ]);
  expect(of("frame")[0].latency).toBeGreaterThanOrEqual(0);
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /web"]);
});

test("one frame at a time; of those that come meanwhile the newest is looked at", async () => {
  await open();
  const done = [];
  kit.faces = () => new Promise((resolve) => done.push(resolve));
  for (let n = 0; n < 4; n += 1) await frame();
  expect(done).toHaveLength(1);
  done[0]([]);
  await settled();
  expect(done).toHaveLength(2);
  done[1]([]);
  await settled();
  expect([done.length, answers().length]).toEqual([2, 2]);
});

test("a frame that is at work for a while counts as silence", async () => {
  await open();
  kit.faces = () => new Promise(() => {});
  await frame();
  expect(namer.silent).toBe(false);
  const now = performance.now();
  vi.spyOn(performance, "now").mockReturnValue(now + 2500);
  expect(namer.silent).toBe(true);
});

test("another version in use is loaded while the one before goes on, and brings its labels", async () => {
  await open();
  await frame();
  model = { ...model, version: version + 1, models: "/mien/web/models/2/", labels: [{ ...LABELS[0], name: "wink" }] };
  const renewed = namer.renew();
  await frame();
  expect(answers().at(-1).version).toBe(version);
  await renewed;
  await frame();
  expect(answers().at(-1)).toMatchObject({ version: version + 1, labels: model.labels });
  expect(kit.loads).toEqual(["/mien/web/models/1/", "/mien/web/models/2/"]);
  expect(kit.released).toEqual(["/mien/web/models/1/"]);
});

test("a version that another one overtakes while it loads makes room", async () => {
  await open();
  let loaded;
  kit.loading = new Promise((resolve) => (loaded = resolve));
  model = { ...model, version: version + 1, models: "/mien/web/models/2/" };
  const overtaken = namer.renew();
  await vi.waitFor(() => expect(kit.loads).toHaveLength(2));
  model = { ...model, version: version + 2, models: "/mien/web/models/3/" };
  const renewed = namer.renew();
  await vi.waitFor(() => expect(kit.loads).toHaveLength(3));
  loaded();
  await Promise.all([overtaken, renewed]);
  await settled();
  expect(kit.released).toEqual(["/mien/web/models/2/", "/mien/web/models/1/"]);
});

test("back to the version at work before another one has come, nothing is loaded anew", async () => {
  await open();
  const inUse = model;
  let loaded;
  kit.loading = new Promise((resolve) => (loaded = resolve));
  model = { ...model, version: version + 1, models: "/mien/web/models/2/" };
  const overtaken = namer.renew();
  await vi.waitFor(() => expect(kit.loads).toHaveLength(2));
  model = inUse;
  await namer.renew();
  loaded();
  await overtaken;
  await namer.renew();
  await frame();
  expect(answers().at(-1).version).toBe(version);
  expect([kit.loads.length, kit.released]).toEqual([2, ["/mien/web/models/2/"]]);
});

test("the same version is not loaded again, but its labels' colours are known at once", async () => {
  await open();
  await frame();
  model = { ...model, labels: [{ ...LABELS[0], color: "#123456" }] };
  await namer.renew();
  await frame();
  expect(answers().at(-1).labels).toEqual(model.labels);
  namer.close();
  await open();
  expect([kit.loads.length, kit.released]).toEqual([1, []]);
});

test("while Mien cannot be reached it waits, and what is loaded goes on", async () => {
  const known = model;
  model = new Response("", { status: 502 });
  namer.open();
  await settled();
  expect([namer.state, of("failed")]).toEqual(["connecting", []]);
  model = known;
  await namer.renew();
  expect(namer.state).toBe("open");
  namer.close();
  model = new Response("", { status: 502 });
  namer.open();
  expect(namer.state).toBe("open");
  namer.frames.start();
  await frame();
  expect(answers()).toMatchObject([{ version, faces: [FACE], labels: LABELS }]);
});

test("what cannot be loaded is told, and the next attempt loads anew", async () => {
  kit.problem = Object.assign(new Error("?"), { code: "no-wasm-simd" });
  namer.open();
  await vi.waitFor(() => expect(of("failed")).toEqual([kit.problem]));
  expect(namer.state).toBe("closed");
  kit.problem = null;
  await open();
  expect(kit.loads).toHaveLength(2);
});

test("a version that cannot be loaded leaves the one before at work", async () => {
  await open();
  kit.problem = new Error("damaged");
  model = { ...model, version: version + 1 };
  await namer.renew();
  await frame();
  expect([namer.state, answers().at(-1).version, of("failed")]).toEqual(["open", version, []]);
});

test("a model that fails at a frame is told", async () => {
  await open();
  const error = new Error("out of memory");
  kit.faces = () => Promise.reject(error);
  await frame();
  expect([of("failed"), namer.state]).toEqual([[error], "closed"]);
  expect(kit.released).toEqual(kit.loads);
  await open();
  expect(kit.loads).toHaveLength(2);
});

test("after close nothing is answered, not even what was at work", async () => {
  await open();
  let done = () => {};
  kit.faces = () => new Promise((resolve) => (done = () => resolve([FOUND])));
  await frame();
  namer.close();
  done();
  await frame();
  expect(of("frame")).toEqual([]);
  expect(namer.command({ choose: 3 })).toBe(false);
});

test("commands that need no server are done here, others are not", async () => {
  await open();
  await frame();
  expect(namer.command({ choose: 3 })).toBe(true);
  expect(namer.command({ heat: true })).toBe(true);
  await frame();
  expect(answers().at(-1).chosen).toBe(true);
  expect(answers().at(-1).no_heat).toContain("switch “Run in this browser” off");
  expect(namer.command({ capture: null })).toBe(false);
});

test("a face is taught with the picture as it was when it was held, and only then one leaves", async () => {
  await open();
  await frame();
  namer.command({ hold: 3 });
  kit.faces = async () => [];
  await frame();
  expect(namer.command({ teach: { face: 3, label: "wink" } })).toBe(true);
  await settled();
  const sent = requests.at(-1);
  expect([sent.method, sent.path]).toEqual(["POST", "/teach"]);
  expect(Object.fromEntries(sent.query)).toEqual({
    label: "wink",
    left: "0.1",
    top: "0.2",
    width: "0.3",
    height: "0.4",
  });
  expect(sent.body).toBe(picture);
  expect(of("message")).toEqual([{ taught: { face: 3, image: 20, state: "added", label: "wink", guess: "fear" } }]);
  namer.command({ teach: { face: 3, label: "wink" } });
  await settled();
  expect(of("message").at(-1)).toEqual({ error: "That face has left the picture." });
});

test("why it does not run is a sentence about this page", () => {
  const coded = (code) => reasonOf(Object.assign(new Error("Unzip the kit again"), { code, name: "MienError" }));
  expect(coded("no-wasm-simd")).toContain("too old");
  expect(coded("runtime-missing")).toContain("mien web --install");
  expect(coded("model-damaged")).not.toContain("Unzip");
  expect(reasonOf(new Error("Mien cannot be reached."))).toBe(
    "Mien cannot be reached. Mien's server names the faces again.",
  );
  expect(reasonOf(new TypeError("x is undefined"))).toContain("does not run in this browser");
});
