import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { camera } from "../../../webapp/static/shared/camera.js";
import { labelsOf } from "../../../webapp/static/train/preview-rows.js";
import { besideOf, sideBySide } from "../../../webapp/static/train/side-by-side.js";
import { FakeObserver, fakeBrowser, fakeServer, page } from "../fakes.js";
import { tidy, turn } from "../person.js";
import { cardOf, detailOf, looksOf, stateOf, versionOf } from "./runs.js";

const OLD = detailOf(0, { labels: looksOf("fear", "anger") });
const NEW = detailOf(2, { labels: looksOf("anger", "wink", "fear") });
const BOX = [0.25, 0.25, 0.5, 0.5];
const ANSWERS = [
  { box: BOX, label: "fear", probabilities: { fear: 0.75, anger: 0.25 } },
  { box: BOX, label: "wink", probabilities: { anger: 0, wink: 0.9, fear: 0.1 } },
];

describe("a version is held against", () => {
  const state = { active: 1, versions: [versionOf(3, { damaged: "gone" }), versionOf(2), versionOf(1), versionOf(0)] };

  test.each([
    ["the one in use", 2, 0, 1],
    ["the one in use before, where it is in use itself", 1, 2, 2],
    ["the base model, where that one is gone", 1, 9, 0],
    ["the base model, where that one is damaged", 1, 3, 0],
    ["the base model, where nobody knows what was in use before", 1, null, 0],
  ])("%s", (_, number, before, expected) => {
    expect(besideOf(number, cardOf({ compared_with: before }), state)).toBe(expected);
  });

  test("nothing, where it is the base model and in use", () => {
    expect(besideOf(0, cardOf(), stateOf())).toBeNull();
  });
});

test("what the new version has learned comes first", () => {
  expect(labelsOf([OLD, NEW])).toEqual(["wink", "anger", "fear"]);
  expect(labelsOf([NEW, OLD])).toEqual(["fear", "anger", "wink"]);
});

describe("side by side", () => {
  /** @type {HTMLElement} */
  let shown;
  /** @type {ReturnType<typeof fakeServer>} */
  let asked;
  /** @type {{ answers: object[] } | Response} */
  let answer;
  const use = vi.fn();
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (shown.querySelector(name));
  const press = (/** @type {string} */ text) =>
    [...shown.querySelectorAll("button")].find(({ textContent }) => textContent === text)?.click();

  /** @param {number} active */
  function show(active = 0) {
    const { preview, choice } = sideBySide(NEW, OLD, active, use);
    shown.replaceChildren(preview.element, choice);
    return preview;
  }

  /** The stage comes into view, or leaves it. */
  const see = (/** @type {boolean} */ isIntersecting) => {
    for (const { callback, element } of [...FakeObserver.all])
      if (element?.matches(".preview-stage")) callback([{ isIntersecting }]);
  };

  const begin = async () => {
    press("Start camera");
    see(true);
    await turn();
  };

  beforeEach(() => {
    vi.useFakeTimers();
    fakeBrowser();
    use.mockReset();
    answer = { answers: ANSWERS };
    asked = fakeServer({ "POST /compare/0/2": () => answer });
    Object.assign(camera, { state: "off", stream: null, problem: null, paused: false, mirror: false });
    const become = (/** @type {string} */ state) => Object.assign(camera, { state });
    vi.spyOn(camera, "start").mockImplementation(async () => void become("on"));
    vi.spyOn(camera, "stop").mockImplementation(() => void become("off"));
    vi.spyOn(camera, "pause").mockImplementation(() => void become("off"));
    vi.spyOn(HTMLVideoElement.prototype, "videoWidth", "get").mockReturnValue(1280);
    vi.spyOn(HTMLVideoElement.prototype, "videoHeight", "get").mockReturnValue(720);
    HTMLCanvasElement.prototype.toBlob = (/** @type {BlobCallback} */ take) => take(new Blob(["frame"]));
    shown = /** @type {HTMLElement} */ (page());
  });

  afterEach(tidy);

  test("nothing is asked and no camera runs before a person wants it", async () => {
    show();
    await vi.advanceTimersByTimeAsync(1000);
    expect(camera.start).not.toHaveBeenCalled();
    expect(asked).toHaveLength(0);
    expect(part(".stage-panel").textContent).toContain("See for yourself");
  });

  test("both versions' answers are shown, those to labels that one lacks as unknown", async () => {
    show();
    await begin();
    const answers = [...shown.querySelectorAll(".preview-answer")].map(({ textContent }) => textContent);
    expect(answers).toEqual(["The base model, in usefear75\u00a0%", "Version 2wink90\u00a0%"]);
    const wink = [...shown.querySelectorAll(".preview-labels .preview-row")][0];
    expect(wink.textContent).toBe("winkunknown");
    expect(wink.querySelector("i")?.style.width).toBe("90%");
    expect(part(".preview-box").style.width).toBe("200px");
    answer = { answers: [] };
    await vi.advanceTimersByTimeAsync(300);
    expect(part(".stage-pill").textContent).toBe("No face in view");
    expect(part(".preview-box").hidden).toBe(true);
    expect(wink.querySelector("i")?.style.width).toBe("0%");
  });

  test("it asks a few times a second, and not at all out of sight", async () => {
    show();
    await begin();
    asked.length = 0;
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked.length).toBeGreaterThanOrEqual(5);
    expect(asked.length).toBeLessThanOrEqual(10);
    see(false);
    await turn();
    asked.length = 0;
    await vi.advanceTimersByTimeAsync(3900);
    expect([asked.length, camera.state]).toEqual([0, "on"]);
    await vi.advanceTimersByTimeAsync(200);
    expect(camera.state).toBe("off");
    see(true);
    await turn();
    expect([camera.state, asked.length]).toEqual(["on", 1]);
  });

  test("a camera that ran before goes on where it ran; one that was off is off", async () => {
    camera.paused = true; // Live's, which nobody sees now
    show().start();
    await begin();
    press("Keep the old one");
    expect(camera.pause).toHaveBeenCalled();
    camera.paused = false;
    show().start();
    await begin();
    press("Keep the old one");
    expect(camera.stop).toHaveBeenCalled();
  });

  test("why versions do not answer is said, and tried again", async () => {
    answer = Response.json({ error: "There is no version 2." }, { status: 422 });
    show();
    await begin();
    expect(part(".stage-pill").textContent).toBe("There is no version 2.");
    answer = { answers: ANSWERS };
    await vi.advanceTimersByTimeAsync(2100);
    expect(part(".stage-pill").hidden).toBe(true);
  });

  test("a camera that cannot run is said, with a way to try again", async () => {
    vi.mocked(camera.start).mockImplementation(async () => {
      const problem = {
        kind: /** @type {const} */ ("denied"),
        title: "The camera is blocked",
        text: "",
        retry: "Try again",
      };
      Object.assign(camera, { state: "problem", problem });
      camera.emit("change", null);
    });
    show();
    await begin();
    expect(part(".stage-panel").textContent).toContain("The camera is blocked");
    expect(asked).toHaveLength(0);
    press("Try again");
    expect(camera.start).toHaveBeenCalledTimes(2);
  });

  test("the choice: use the new one or keep the old one; keep the one that came into use, or go back", () => {
    show(0);
    press("Use");
    expect(use).toHaveBeenLastCalledWith(2);
    press("Keep the old one");
    expect(document.querySelector(".mien-toast.shown")?.textContent).toBe("The base model stays in use.");
    show(2);
    press("Go back to the base model");
    expect(use).toHaveBeenLastCalledWith(0);
    press("Keep it");
    expect(document.querySelector(".mien-toast.shown")?.textContent).toBe("Version 2 stays in use.");
    expect(use).toHaveBeenCalledTimes(2);
  });

  test("it ends when another result takes its place", async () => {
    show();
    await begin();
    shown.replaceChildren();
    await turn();
    asked.length = 0;
    await vi.advanceTimersByTimeAsync(1000);
    expect([asked.length, camera.state]).toEqual([0, "off"]);
  });
});
