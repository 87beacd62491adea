import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { camera } from "../../../webapp/static/shared/camera.js";
import { Stage } from "../../../webapp/static/shared/stage.js";
import { fakeBrowser, FakeObserver, FakeWebSocket, page } from "../fakes.js";

const FACE = { id: 3, box: [0.1, 0.2, 0.3, 0.4], label: "fear", probabilities: { fear: 0.9 } };
const ANSWER = { seq: 1, version: 0, ms: 4, faces: [FACE] };

let element;
let stage;
let heard;

beforeEach(() => {
  vi.useFakeTimers();
  fakeBrowser();
  Object.assign(camera, { state: "on", stream: null, mirror: true, problem: null });
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

test("a click on a face picks it, where it is in the mirror", () => {
  connect();
  FakeWebSocket.last.answers(ANSWER);
  const click = (x, y) => stage.canvas.dispatchEvent(new MouseEvent("click", { clientX: x, clientY: y }));
  click(60, 100); // where it would be without a mirror
  expect(of("pick")).toEqual([]);
  click(300, 100);
  expect(of("pick")).toEqual([{ face: FACE, x: 300, y: 100 }]);
  camera.setMirror(false);
  click(60, 100);
  expect(of("pick")).toHaveLength(2);
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

test("what stands in the way is said in its place, and to a screen reader", () => {
  connect();
  const spoken = () => element.querySelector("[data-spoken]").textContent;
  FakeWebSocket.last.answers(ANSWER);
  expect(spoken()).toBe("One face in view");
  FakeWebSocket.last.breaks();
  expect([spoken(), element.querySelector("[data-pill]").hidden]).toEqual([
    "Connection to Mien lost. Trying again…",
    false,
  ]);
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
