// @vitest-environment node

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Capture } from "../../../webapp/static/collect/capture.js";
import { Emitter } from "../../../webapp/static/shared/emitter.js";

const FEAR = { name: "fear", color: "#56B4E9", key: "7", images: 0, id: 1, built_in: true, enabled: true, position: 0 };
const FACE = { id: 1, box: [0, 0, 1, 1], label: "fear", probabilities: {} };

let stage;
let events;
let capture;

beforeEach(() => {
  vi.useFakeTimers();
  stage = Object.assign(new Emitter(), { commands: [], command: (command) => stage.commands.push(command) });
  events = { begun: vi.fn(), ended: vi.fn(), added: vi.fn(), landed: vi.fn() };
  capture = new Capture(stage, events);
});
afterEach(() => vi.useRealTimers());

const captured = (image, state = "added") =>
  stage.emit("message", { captured: { image, state, label: "fear", guess: "neutral" } });

/** What is said when everything has landed. */
function sentence() {
  vi.runAllTimers();
  return events.landed.mock.lastCall[0].sentence;
}

test("from the press to the release faces are stored, under a session of its own", () => {
  capture.begin(FEAR, "Ada");
  capture.begin(FEAR, "Ada");
  expect(capture.holding).toBe(true);
  capture.end();
  capture.end();
  capture.begin(FEAR, "");
  const [first, stop, second] = stage.commands.map((command) => command.capture);
  expect(stage.commands).toHaveLength(3);
  expect(first).toEqual({ label: "fear", subject: "Ada", session: expect.stringMatching(/^[0-9a-f]{16}$/) });
  expect(stop).toBeNull();
  expect(second.subject).toBeNull();
  expect(second.session).not.toBe(first.session);
  expect([events.begun.mock.calls.length, events.ended.mock.calls.length]).toEqual([2, 1]);
});

test("what lands just after the release still counts", () => {
  capture.begin(FEAR, "");
  captured(11);
  capture.end();
  vi.advanceTimersByTime(300);
  expect(events.landed).not.toHaveBeenCalled();
  captured(12);
  expect(sentence()).toBe("2 images saved as fear.");
  expect(events.landed.mock.lastCall[0].ids).toEqual([11, 12]);
  expect(events.added.mock.calls.map(([{ image }]) => image)).toEqual([11, 12]);
});

test("near copies are no new images, and that is said where there is nothing else", () => {
  capture.begin(FEAR, "");
  captured(11, "near-duplicate");
  expect(events.added).not.toHaveBeenCalled();
  capture.end();
  expect(sentence()).toBe("Nothing new: all of them were near copies. Move a little.");
  capture.begin(FEAR, "");
  captured(11, "near-duplicate");
  captured(12);
  capture.end();
  expect(sentence()).toBe("1 image saved as fear.");
});

test("a refusal has said why already", () => {
  capture.begin(FEAR, "");
  capture.refuse();
  expect(capture.holding).toBe(false);
  expect(sentence()).toBe("");
});

test("a capture without a face says so; one that was too short for a face says nothing", () => {
  stage.emit("faces", [FACE]);
  capture.begin(FEAR, "");
  stage.emit("faces", []);
  capture.end();
  stage.emit("faces", [FACE]);
  expect(sentence()).toBe("No face was in view, so nothing was captured.");
  capture.begin(FEAR, "");
  stage.emit("faces", [FACE]);
  capture.end();
  expect(sentence()).toBe("");
});

test("what is stored before anything was held is not ours", () => {
  captured(11);
  stage.emit("message", { error: "There is no label 'fear'." });
  expect(events.added).not.toHaveBeenCalled();
});
