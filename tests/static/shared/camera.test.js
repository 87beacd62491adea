import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Camera } from "../../../webapp/static/shared/camera.js";
import { settled } from "../fakes.js";

/** A camera's stream, which can be unplugged. */
class FakeStream {
  constructor(deviceId) {
    this.track = Object.assign(new EventTarget(), { stopped: false, getSettings: () => ({ deviceId }) });
    this.track.stop = () => (this.track.stopped = true);
  }

  getTracks() {
    return [this.track];
  }

  getVideoTracks() {
    return [this.track];
  }
}

let asked;
let answer;
let devices;

beforeEach(() => {
  localStorage.clear();
  asked = [];
  answer = async () => new FakeStream("front");
  devices = Object.assign(new EventTarget(), {
    getUserMedia({ video }) {
      asked.push(video.deviceId?.exact ?? video.facingMode ?? "any");
      return answer(video);
    },
    enumerateDevices: async () => [
      { kind: "audioinput", deviceId: "microphone" },
      { kind: "videoinput", deviceId: "front" },
    ],
  });
  vi.stubGlobal("navigator", { mediaDevices: devices });
});
afterEach(() => vi.unstubAllGlobals());

const refused = (name) => async () => {
  throw new DOMException("no", name);
};

test("the first tab that shows it starts it, and none after the person has stopped it", async () => {
  const camera = new Camera();
  camera.startFirst();
  camera.startFirst();
  await settled();
  expect([camera.state, asked.length]).toEqual(["on", 1]);
  camera.stop();
  camera.startFirst();
  expect(camera.state).toBe("off");
});

test("it asks, and then runs", async () => {
  const camera = new Camera();
  const states = [];
  camera.on("change", () => states.push(camera.state));
  const starting = camera.start();
  expect(camera.running).toBe(true);
  await starting;
  expect(states).toEqual(["asking", "on"]);
  expect(camera.devices.map(({ deviceId }) => deviceId)).toEqual(["front"]);
  camera.stop();
  expect([camera.state, camera.running, camera.stream]).toEqual(["off", false, null]);
});

test("the camera and the mirror are remembered", async () => {
  const camera = new Camera();
  await camera.start();
  camera.setMirror(false);
  const next = new Camera();
  expect(next.mirror).toBe(false);
  await next.start();
  expect(asked).toEqual(["user", "front"]);
});

test("when the remembered camera is gone, any will do; when another program holds it, that is said", async () => {
  localStorage.setItem("mien-camera", "gone");
  answer = async (video) => {
    if (video.deviceId) throw new DOMException("", "OverconstrainedError");
    return new FakeStream("other");
  };
  const camera = new Camera();
  await camera.start();
  expect([camera.state, camera.deviceId]).toEqual(["on", "other"]);
  answer = refused("NotReadableError");
  await camera.start();
  expect([camera.state, camera.problem.kind]).toEqual(["problem", "busy"]);
  expect(asked).toEqual(["gone", "any", "other"]);
});

test("a refusal is explained, and forgotten when it runs after all", async () => {
  answer = refused("NotAllowedError");
  const camera = new Camera();
  await camera.start();
  expect(camera.problem.kind).toBe("denied");
  answer = async () => new FakeStream("front");
  await camera.start();
  expect([camera.state, camera.problem]).toEqual(["on", null]);
});

test("a page that is not secure has no cameras to ask for", async () => {
  vi.stubGlobal("navigator", {});
  const camera = new Camera();
  await camera.start();
  expect(camera.problem.kind).toBe("insecure");
});

test("a camera that was stopped, or asked for anew, while the person was asked is let go", async () => {
  const streams = [];
  const answers = [];
  answer = () =>
    new Promise((resolve) => answers.push(() => resolve(streams[streams.push(new FakeStream("front")) - 1])));
  const camera = new Camera();
  camera.start();
  camera.stop();
  answers.pop()();
  await settled();
  expect([camera.state, streams[0].track.stopped]).toEqual(["off", true]);

  camera.start();
  camera.start("front");
  answers.pop()();
  answers.pop()();
  await settled();
  expect(camera.state).toBe("on");
  expect(streams.map((stream) => stream === camera.stream)).toEqual([false, true, false]);
  expect(streams.map(({ track }) => track.stopped)).toEqual([true, false, true]);
});

test("an unplugged camera is noticed, and one that was let go is not missed", async () => {
  const camera = new Camera();
  await camera.start();
  const first = camera.stream;
  await camera.start();
  first.track.dispatchEvent(new Event("ended"));
  expect(camera.state).toBe("on");
  camera.stream.track.dispatchEvent(new Event("ended"));
  expect([camera.state, camera.problem.kind]).toEqual(["problem", "unplugged"]);
});

test("another camera that is plugged in is listed", async () => {
  const camera = new Camera();
  await camera.start();
  devices.enumerateDevices = async () => [{ kind: "videoinput", deviceId: "new" }];
  devices.dispatchEvent(new Event("devicechange"));
  await settled();
  expect(camera.devices.map(({ deviceId }) => deviceId)).toEqual(["new"]);
});
