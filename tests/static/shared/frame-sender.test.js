// @vitest-environment node

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { FrameSender, sentSize } from "../../../webapp/static/shared/frame-sender.js";
import { settled } from "../fakes.js";

/** A video whose frames come when the test says so. */
class FakeVideo {
  videoWidth = 1280;
  videoHeight = 720;
  #waiting = [];

  requestVideoFrameCallback(step) {
    this.#waiting.push(step);
  }

  frame() {
    for (const step of this.#waiting.splice(0)) step();
  }
}

let encodings;
let video;
let socket;
let sender;

beforeEach(() => {
  encodings = [];
  vi.stubGlobal(
    "OffscreenCanvas",
    class {
      constructor(width, height) {
        Object.assign(this, { width, height });
      }
      getContext() {
        return { drawImage: () => {} };
      }
      convertToBlob() {
        return new Promise((resolve) => encodings.push(() => resolve(`${this.width}×${this.height}`)));
      }
    },
  );
  video = new FakeVideo();
  socket = { free: 2, sent: [], send: (jpeg) => socket.sent.push(jpeg) };
  sender = new FrameSender(video, socket);
});
afterEach(() => vi.unstubAllGlobals());

test("frames are no wider than the network needs, and never stretched", () => {
  expect(sentSize(1280, 720)).toEqual({ width: 640, height: 360 });
  expect(sentSize(1920, 1440)).toEqual({ width: 640, height: 480 });
  expect(sentSize(320, 240)).toEqual({ width: 320, height: 240 });
});

test("each frame of the video is sent", async () => {
  sender.start();
  for (let frame = 0; frame < 3; frame += 1) {
    video.frame();
    encodings.pop()();
    await settled();
  }
  expect(socket.sent).toEqual(["640×360", "640×360", "640×360"]);
});

test("no more frames are encoded than the socket takes", () => {
  sender.start();
  for (let frame = 0; frame < 5; frame += 1) video.frame();
  expect(encodings).toHaveLength(2);
  socket.free = 0;
  video.frame();
  expect(encodings).toHaveLength(2);
});

test("a frame for which there is no room any more is dropped, and the next one goes", async () => {
  sender.start();
  video.frame();
  socket.free = 0;
  encodings.pop()();
  await settled();
  expect(socket.sent).toEqual([]);
  socket.free = 2;
  video.frame();
  encodings.pop()();
  await settled();
  expect(socket.sent).toHaveLength(1);
});

test("nothing is sent after stop, not even what is being encoded, and once a frame after start again", async () => {
  sender.start();
  video.frame();
  sender.stop();
  encodings.pop()();
  video.frame();
  await settled();
  expect(socket.sent).toEqual([]);
  expect(encodings).toEqual([]);
  sender.start();
  sender.start();
  video.frame();
  expect(encodings).toHaveLength(1);
});

test("a video without a picture yet is waited for", () => {
  video.videoWidth = 0;
  sender.start();
  video.frame();
  expect(encodings).toEqual([]);
  video.videoWidth = 640;
  video.frame();
  expect(encodings).toHaveLength(1);
});
