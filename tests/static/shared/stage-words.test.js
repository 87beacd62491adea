// @vitest-environment node

import { expect, test } from "vitest";

import { problem, problemOf } from "../../../webapp/static/shared/camera-problems.js";
import { isStuck, note, panelWords, spoken } from "../../../webapp/static/shared/stage-words.js";

const LIVE = { camera: "on", problem: null, socket: "open", silent: false, faces: 1, place: 0, faceless: 0 };

test("nothing is noted while a face is named", () => {
  expect(note(LIVE)).toBe("");
  expect(spoken(LIVE)).toBe("One face in view");
  expect(spoken({ ...LIVE, faces: 3 })).toBe("3 faces in view");
  expect(spoken({ ...LIVE, faces: 3, place: 2 })).toBe("3 faces in view, the main one is number 2 from the left");
});

test("a face that is missed for a moment is not missing", () => {
  const state = { ...LIVE, faces: 0 };
  expect(note({ ...state, faceless: 700 })).toBe("");
  expect(spoken({ ...state, faceless: 700 })).toBe("");
  expect(note({ ...state, faceless: 701 })).toBe("No face in view");
  expect(spoken({ ...state, faceless: 701 })).toBe("No face in view");
});

test("a connection that is lost is said before anything else", () => {
  expect(note({ ...LIVE, socket: "lost", faceless: 900 })).toBe("Connection to Mien lost. Trying again…");
  expect(note({ ...LIVE, camera: "off", socket: "lost" })).toBe("Connection to Mien lost. Trying again…");
  expect(note({ ...LIVE, socket: "connecting" })).toBe("Connecting…");
  expect(note({ ...LIVE, camera: "off", socket: "connecting" })).toBe("");
});

test("a server that does not answer is said, unless the connection is lost or the camera off", () => {
  expect(note({ ...LIVE, silent: true })).toBe("No answer from Mien. Waiting…");
  expect(note({ ...LIVE, silent: true, socket: "lost" })).toBe("Connection to Mien lost. Trying again…");
  expect([isStuck(LIVE), isStuck({ ...LIVE, silent: true }), isStuck({ ...LIVE, socket: "lost" })]).toEqual([
    false,
    true,
    true,
  ]);
});

test("without a picture a panel says what to do", () => {
  expect(panelWords({ ...LIVE, camera: "off" })).toMatchObject({ title: "The camera is off", action: "Start camera" });
  expect(panelWords({ ...LIVE, camera: "asking" })).toMatchObject({ title: "May Mien use the camera?", action: "" });
  expect(spoken({ ...LIVE, camera: "off" })).toBe(
    "The camera is off. Start it to see expressions named as they happen.",
  );
});

test("a problem has its words, and a button where trying again can help", () => {
  const denied = { ...LIVE, camera: "problem", problem: problem("denied") };
  expect(panelWords(denied)).toMatchObject({ title: "The camera is blocked", action: "Try again" });
  expect(spoken(denied)).toMatch(/^The camera is blocked\. Allow it for this page/);
  expect(panelWords({ ...denied, problem: problem("insecure") }).action).toBe("");
});

test("what a browser rejects with is one of the problems", () => {
  const kindOf = (name) => problemOf(new DOMException("", name)).kind;
  expect(["NotAllowedError", "NotFoundError", "NotReadableError", "AbortError"].map(kindOf)).toEqual([
    "denied",
    "missing",
    "busy",
    "busy",
  ]);
  expect(kindOf("TypeMismatchError")).toBe("busy");
  expect(problemOf("no error at all").kind).toBe("busy");
});
