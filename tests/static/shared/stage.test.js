import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { camera } from "../../../webapp/static/shared/camera.js";
import { Stage } from "../../../webapp/static/shared/stage.js";
import { fakeBrowser, FakeObserver, FakeWebSocket, page } from "../fakes.js";

const FACE = { id: 3, box: [0.1, 0.2, 0.3, 0.4], label: "fear", probabilities: { fear: 0.9 } };
const ANSWER = { seq: 1, version: 0, ms: 4, faces: [FACE], main: 3, chosen: false };

const CROWD = {
  ...ANSWER,
  faces: [
    { ...FACE, id: 4, box: [0.1, 0.2, 0.1, 0.2] },
    { ...FACE, id: 5, box: [0.4, 0.2, 0.2, 0.4] },
    { ...FACE, id: 6, box: [0.7, 0.2, 0.1, 0.2] },
  ],
  main: 5,
};

let element;
let stage;
let heard;

beforeEach(() => {
  vi.useFakeTimers();
  fakeBrowser();
  Object.assign(camera, { state: "on", stream: null, mirror: true, problem: null, paused: false });
  camera.stop = vi.fn();
  camera.start = vi.fn();
  element = page(`<div class="mien-stage"></div>`).firstElementChild;
  stage = new Stage(element);
  heard = [];
  for (const type of ["faces", "labels", "message", "pick"]) stage.on(type, (detail) => heard.push([type, detail]));
});
afterEach(async () => {
  element.remove();
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The stage comes into view, and its connection is there. */
function connect() {
  FakeObserver.resize(element);
  FakeWebSocket.last.opens();
}

const commands = () => FakeWebSocket.last.sent.map((text) => JSON.parse(text));
const spoken = () => element.querySelector("[data-spoken]").textContent;
const press = (key, target = document.body, options = {}) =>
  target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...options }));
const of = (type) => heard.filter(([known]) => known === type).map(([, detail]) => detail);

test("a stage connects when it can be seen, and lets go when it is out of sight for a while", () => {
  expect(FakeWebSocket.all).toEqual([]);
  connect();
  expect(stage.live).toBe(true);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(0);
  element.hidden = true;
  FakeObserver.resize(element);
  vi.advanceTimersByTime(3900);
  expect(FakeWebSocket.last.closed).toBe(false);
  vi.advanceTimersByTime(200);
  expect(FakeWebSocket.last.closed).toBe(true);
  expect(camera.stop).toHaveBeenCalledTimes(1);
});

test("back in sight the camera goes on, if it was the stage that stopped it", () => {
  const width = vi.spyOn(Element.prototype, "clientWidth", "get");
  connect();
  width.mockReturnValue(0);
  element.hidden = true;
  FakeObserver.resize(element);
  vi.advanceTimersByTime(5000);
  width.mockReturnValue(400);
  element.hidden = false;
  FakeObserver.resize(element);
  expect(camera.start).toHaveBeenCalledTimes(1);
  expect(FakeWebSocket.all).toHaveLength(2);
});

test("faces, labels and answers to commands are told", () => {
  connect();
  const labels = [{ name: "fear", color: "#56B4E9", key: "7" }];
  FakeWebSocket.last.answers({ ...ANSWER, labels });
  FakeWebSocket.last.answers({ ...ANSWER, seq: 2 });
  FakeWebSocket.last.answers({ forgotten: 7 });
  FakeWebSocket.last.answers({ seq: 3, dropped: "A newer one came." });
  expect(of("labels")).toEqual([labels]);
  expect(of("faces")).toEqual([[FACE], [FACE]]);
  expect(of("message")).toEqual([{ forgotten: 7 }]);
});

test("another version is told to the whole page, once", () => {
  const changed = vi.fn();
  window.addEventListener("mien:changed", changed);
  connect();
  FakeWebSocket.last.answers(ANSWER);
  FakeWebSocket.last.answers(ANSWER);
  FakeWebSocket.last.answers({ ...ANSWER, version: 4 });
  window.removeEventListener("mien:changed", changed);
  expect(changed).toHaveBeenCalledTimes(2);
});

test("a click on a face chooses and picks it, where it is in the mirror", () => {
  connect();
  FakeWebSocket.last.answers(ANSWER);
  const click = (x, y) => stage.canvas.dispatchEvent(new MouseEvent("click", { clientX: x, clientY: y }));
  click(60, 100); // where it would be without a mirror
  expect([of("pick"), commands()]).toEqual([[], []]);
  click(300, 100);
  const [{ face, box }] = of("pick");
  expect([face, Math.round(box.x), Math.round(box.width)]).toEqual([FACE, 240, 120]);
  expect(commands()).toEqual([{ choose: 3 }]);
  camera.setMirror(false);
  click(60, 100);
  expect(of("pick")).toHaveLength(2);
});

test("the main face is the one that the server says", () => {
  connect();
  FakeWebSocket.last.answers(CROWD);
  expect([stage.main?.id, stage.chosen]).toEqual([5, false]);
  FakeWebSocket.last.answers({ ...CROWD, main: 4, chosen: true });
  expect([stage.main?.id, stage.chosen]).toEqual([4, true]);
  FakeWebSocket.last.answers({ ...CROWD, main: null });
  expect([stage.main, stage.chosen]).toEqual([null, false]);
});

test("arrows choose among the faces as they are seen, and Escape gives the choice back", () => {
  connect();
  FakeWebSocket.last.answers(CROWD); // in the mirror: 6, 5, 4
  press("ArrowRight");
  press("ArrowLeft");
  FakeWebSocket.last.answers({ ...CROWD, main: 4, chosen: true });
  press("ArrowRight"); // round
  press("Escape");
  FakeWebSocket.last.answers(CROWD);
  press("Escape"); // nothing was chosen
  camera.setMirror(false);
  press("ArrowRight");
  expect(commands().map(({ choose }) => choose)).toEqual([4, 6, 6, null, 6]);
});

test("arrows that a list of tabs or cards takes, or that nobody can see the faces of, choose none", () => {
  connect();
  FakeWebSocket.last.answers(CROWD);
  element.insertAdjacentHTML("beforebegin", `<div role="tablist"><button role="tab">Live</button></div><input />`);
  press("ArrowRight", document.querySelector("[role=tab]"));
  press("ArrowRight", document.querySelector("input"));
  press("ArrowRight", document.body, { shiftKey: true });
  element.hidden = true;
  press("ArrowRight");
  expect(commands()).toEqual([]);
});

test("when the camera stops, no face is left to see", () => {
  connect();
  FakeWebSocket.last.answers(ANSWER);
  camera.state = "off";
  camera.emit("change", null);
  expect(of("faces").at(-1)).toEqual([]);
  FakeWebSocket.last.answers({ ...ANSWER, seq: 2 });
  expect(of("faces").at(-1)).toEqual([]);
  expect(element.dataset.state).toBe("off");
});

test("what stands in the way is said in its place, and to a screen reader at once", () => {
  connect();
  FakeWebSocket.last.answers(ANSWER);
  FakeWebSocket.last.breaks();
  expect([spoken(), element.querySelector("[data-pill]").hidden]).toEqual([
    "Connection to Mien lost. Trying again…",
    false,
  ]);
});

test("when the connection drops no face is left to see, and it comes back by itself", () => {
  connect();
  FakeWebSocket.last.answers(ANSWER);
  FakeWebSocket.last.breaks();
  expect([of("faces").at(-1), stage.main, stage.rate.fps, stage.live]).toEqual([[], null, 0, false]);
  vi.advanceTimersByTime(400);
  expect(FakeWebSocket.all).toHaveLength(2);
  FakeWebSocket.last.opens();
  FakeWebSocket.last.answers(ANSWER);
  expect([of("faces").at(-1), element.querySelector("[data-pill]").hidden]).toEqual([[FACE], true]);
});

test("when no answer comes for two seconds no face is left to see, until the next answer", () => {
  connect();
  const video = vi.spyOn(stage.video, "videoWidth", "get").mockReturnValue(640);
  vi.spyOn(stage.video, "videoHeight", "get").mockReturnValue(480);
  vi.spyOn(HTMLCanvasElement.prototype, "toDataURL").mockReturnValue("data:image/jpeg;base64,AAAA");
  FakeWebSocket.last.answers(ANSWER);
  camera.stream = /** @type {any} */ ({});
  camera.emit("change", null); // frames are sent from now on
  vi.advanceTimersByTime(1900);
  expect(of("faces").at(-1)).toEqual([FACE]);
  vi.advanceTimersByTime(400);
  expect(of("faces").at(-1)).toEqual([]);
  expect(element.querySelector("[data-pill]").textContent).toBe("No answer from Mien. Waiting…");
  video.mockReturnValue(0);
  FakeWebSocket.last.answers({ ...ANSWER, seq: 1 });
  expect([of("faces").at(-1), element.querySelector("[data-pill]").hidden]).toEqual([[FACE], true]);
});

test("how many faces there are is said once it has stayed so for a second, not with every answer", () => {
  connect();
  const said = new Set();
  vi.advanceTimersByTime(1100);
  for (let seq = 1; seq < 90; seq += 1) {
    FakeWebSocket.last.answers({ ...(seq % 20 ? ANSWER : CROWD), seq }); // two are only seen for a moment
    said.add(spoken());
    vi.advanceTimersByTime(seq < 60 ? 16 : 100);
  }
  expect([...said].filter((text) => text.includes("face"))).toEqual(["One face in view"]);
});

test("a stage that left the page lets go of its connection and the camera, and hears no more", async () => {
  connect();
  const followers = vi.spyOn(stage, "draw");
  element.remove();
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeWebSocket.last.closed).toBe(true);
  expect(camera.stop).toHaveBeenCalledTimes(1);
  followers.mockClear();
  camera.emit("change", null);
  document.dispatchEvent(new Event("visibilitychange"));
  vi.advanceTimersByTime(10_000);
  expect(followers).not.toHaveBeenCalled();
  expect(FakeWebSocket.all).toHaveLength(1);
  expect(FakeObserver.all.size).toBe(0);
});
