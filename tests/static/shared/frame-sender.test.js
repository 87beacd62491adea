// @vitest-environment node

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { bytesOf, FrameSender, sentSize } from "../../../webapp/static/shared/frame-sender.js";

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

/** A canvas whose picture is its size. */
class FakeCanvas {
  width = 0;
  height = 0;

  getContext() {
    return { drawImage: () => {} };
  }

  toDataURL(type) {
    return `data:${type};base64,${btoa(`${this.width} × ${this.height}`)}`;
  }
}

let video;
let socket;
let sender;

beforeEach(() => {
  vi.stubGlobal("document", { createElement: () => new FakeCanvas() });
  video = new FakeVideo();
  socket = { free: 2, sent: [], send: (jpeg) => socket.sent.push(new TextDecoder("latin1").decode(jpeg)) };
  sender = new FrameSender(video, socket);
});
afterEach(() => vi.unstubAllGlobals());

test("frames are no wider than the network needs, and never stretched", () => {
  expect(sentSize(1280, 720)).toEqual({ width: 640, height: 360 });
  expect(sentSize(1920, 1440)).toEqual({ width: 640, height: 480 });
  expect(sentSize(320, 240)).toEqual({ width: 320, height: 240 });
});

test("a data URL's bytes are those that were encoded", () => {
  expect([...bytesOf("data:image/jpeg;base64,/9j/AAE=")]).toEqual([0xff, 0xd8, 0xff, 0, 1]);
});

test("each frame of the video is sent at once, in the size that the camera has now", () => {
  sender.start();
  video.frame();
  video.frame();
  video.videoHeight = 960;
  video.frame();
  expect(socket.sent).toEqual(["640 × 360", "640 × 360", "640 × 480"]);
});

test("a frame for which the socket has no room is passed over, and the next one goes", () => {
  socket.free = 0;
  sender.start();
  video.frame();
  expect(socket.sent).toEqual([]);
  socket.free = 1;
  video.frame();
  expect(socket.sent).toHaveLength(1);
});

test("nothing is sent after stop, and once a frame after start again", () => {
  sender.start();
  video.frame();
  sender.stop();
  video.frame();
  expect(socket.sent).toHaveLength(1);
  sender.start();
  sender.start();
  video.frame();
  expect(socket.sent).toHaveLength(2);
});

test("a video without a picture yet is waited for", () => {
  video.videoWidth = 0;
  sender.start();
  video.frame();
  expect(socket.sent).toEqual([]);
  video.videoWidth = 640;
  video.frame();
  expect(socket.sent).toHaveLength(1);
});
