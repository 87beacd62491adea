import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { LiveSocket } from "../../../webapp/static/shared/live-socket.js";
import { FakeWebSocket } from "../fakes.js";

let socket;
let states;
let frames;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeWebSocket);
  vi.spyOn(Math, "random").mockReturnValue(0.5); // waits are as written, neither shorter nor longer
  FakeWebSocket.all = [];
  socket = new LiveSocket();
  states = [];
  frames = [];
  socket.on("state", (state) => states.push(state));
  socket.on("frame", (frame) => frames.push(frame));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** An open socket. */
function connect() {
  socket.open();
  FakeWebSocket.last.opens();
}

test("it opens once, on the page's own host", () => {
  socket.open();
  socket.open();
  expect(FakeWebSocket.all.map(({ url }) => url)).toEqual([`ws://${location.host}/live`]);
  FakeWebSocket.last.opens();
  expect(states).toEqual(["connecting", "open"]);
});

test("two frames are in flight at most, and an answer makes room", () => {
  expect(socket.free).toBe(0);
  connect();
  expect(socket.free).toBe(2);
  socket.send(new Uint8Array([1]), performance.now());
  vi.advanceTimersByTime(20);
  socket.send(new Uint8Array([2]), performance.now());
  expect(socket.free).toBe(0);
  vi.advanceTimersByTime(10);
  FakeWebSocket.last.answers({ seq: 2, dropped: "A newer one came." });
  expect(socket.free).toBe(1);
  FakeWebSocket.last.answers({ seq: 1, version: 0, ms: 5, faces: [] });
  expect(socket.free).toBe(2);
  expect(frames.map(({ answer, latency }) => [answer.seq, latency])).toEqual([
    [2, 10],
    [1, 30],
  ]);
});

test("one frame is in flight where answers come before the camera's next frame", () => {
  connect();
  /** @param {number} trip */
  const answered = (trip) => {
    socket.send(new Uint8Array(), performance.now());
    vi.advanceTimersByTime(trip);
    FakeWebSocket.last.answers({ seq: (sent += 1), version: 0, ms: 5, faces: [] });
  };
  let sent = 0;
  answered(40);
  expect(socket.free).toBe(2);
  answered(12);
  expect(socket.free).toBe(1);
  socket.send(new Uint8Array(), performance.now());
  expect(socket.free).toBe(0);
  vi.advanceTimersByTime(25);
  FakeWebSocket.last.answers({ seq: (sent += 1), version: 0, ms: 5, faces: [] });
  expect(socket.free).toBe(1); // one that waited for something changes nothing
  for (let times = 0; times < 30; times += 1) answered(20);
  expect(socket.free).toBe(2); // where all take longer, as over a far network, two keep the rate up
});

test("a frame that is not answered for four seconds is given up", () => {
  connect();
  socket.send(new Uint8Array(), performance.now());
  vi.advanceTimersByTime(3990);
  expect(socket.free).toBe(1);
  vi.advanceTimersByTime(20);
  expect(socket.free).toBe(2);
  FakeWebSocket.last.answers({ seq: 1, version: 0, ms: 5, faces: [] });
  expect(frames[0].latency).toBeNaN();
});

test("nothing more is sent while the browser still holds a megabyte", () => {
  connect();
  FakeWebSocket.last.bufferedAmount = 2 ** 20 + 1;
  expect(socket.free).toBe(0);
});

test("a lost connection is tried again, ever later up to five seconds, and at once after one that held", () => {
  connect();
  const waits = [];
  for (let times = 0; times < 7; times += 1) {
    FakeWebSocket.last.breaks();
    const before = FakeWebSocket.all.length;
    let waited = 0;
    for (; FakeWebSocket.all.length === before; waited += 10) vi.advanceTimersByTime(10);
    waits.push(waited);
  }
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  expect(states).toEqual(["connecting", "open", "lost"]); // and no flicker between the attempts
  FakeWebSocket.last.opens();
  FakeWebSocket.last.breaks();
  vi.advanceTimersByTime(250);
  expect(FakeWebSocket.all).toHaveLength(9);
});

test("frames are counted anew on a new connection", () => {
  connect();
  socket.send(new Uint8Array(), performance.now());
  socket.send(new Uint8Array(), performance.now());
  FakeWebSocket.last.breaks();
  expect(socket.free).toBe(0);
  vi.advanceTimersByTime(250);
  FakeWebSocket.last.opens();
  expect(socket.free).toBe(2);
  socket.send(new Uint8Array(), performance.now());
  vi.advanceTimersByTime(30);
  FakeWebSocket.last.answers({ seq: 1, version: 0, ms: 5, faces: [] });
  expect(socket.free).toBe(2);
});

test("a closed socket stays closed, whatever its old connection says", () => {
  connect();
  const old = FakeWebSocket.last;
  socket.close();
  expect(old.closed).toBe(true);
  old.breaks();
  old.answers({ seq: 1, version: 0, ms: 5, faces: [] });
  vi.advanceTimersByTime(10_000);
  expect(FakeWebSocket.all).toHaveLength(1);
  expect(frames).toEqual([]);
  expect(states).toEqual(["connecting", "open", "closed"]);
});

test("closing while it waits to try again ends that too", () => {
  connect();
  FakeWebSocket.last.breaks();
  socket.close();
  vi.advanceTimersByTime(10_000);
  expect(FakeWebSocket.all).toHaveLength(1);
  socket.open();
  expect(FakeWebSocket.all).toHaveLength(2);
});

test("a command is sent when the connection is open, and says so when it is not", () => {
  const messages = [];
  socket.on("message", (message) => messages.push(message));
  expect(socket.command({ capture: null })).toBe(false);
  connect();
  expect(socket.command({ capture: null })).toBe(true);
  expect(FakeWebSocket.last.sent).toEqual(['{"capture":null}']);
  FakeWebSocket.last.answers({ capturing: false });
  expect(messages).toEqual([{ capturing: false }]);
  expect(frames).toEqual([]);
});
