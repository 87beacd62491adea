import { afterEach, beforeEach, expect, test, vi } from "vitest";

import markup from "../../../webapp/static/live/live.html?raw";
import { mount } from "../../../webapp/static/live/live.js";
import { camera } from "../../../webapp/static/shared/camera.js";
import { fakeBrowser, FakeObserver, fakeServer, FakeWebSocket, page, watchListeners } from "../fakes.js";

const LABELS = [
  { name: "neutral", color: "#999999", key: "1" },
  { name: "fear", color: "#56B4E9", key: "7" },
];
const TEACHABLE = [...LABELS, { name: "wink", color: "#009E73", key: "9" }];
const FACE = {
  ...{ id: 3, box: [0.1, 0.2, 0.3, 0.4], label: "fear", probabilities: { neutral: 0.1, fear: 0.9 } },
  ...{ quality: { score: 1, faults: [] }, doubt: "" },
};

let element;
let requests;

beforeEach(async () => {
  vi.useFakeTimers();
  fakeBrowser();
  requests = fakeServer({
    "GET /status": { version: 0, images: 0, notice: "", labels: LABELS, teachable: TEACHABLE },
    "POST /data/delete": { ids: [20], action: "a", purged: 0 },
  });
  Object.assign(camera, { state: "on", stream: null, problem: null });
  for (const action of ["start", "stop", "setMirror"]) vi.spyOn(camera, action).mockReturnValue();
  await open();
});
afterEach(async () => {
  page();
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Mounts the part, in place of one that may be there, and connects its stage. */
async function open() {
  element = page(`<div>${markup}</div>`).firstElementChild;
  mount({ element });
  await vi.advanceTimersByTimeAsync(0);
  FakeObserver.resize(element.querySelector("[data-stage]"));
  FakeWebSocket.last.opens();
  vi.advanceTimersByTime(100); // until figures may change again
}

const see = (...faces) =>
  FakeWebSocket.last.answers({ seq: 1, version: 0, ms: 4, faces, main: faces[0]?.id ?? null, chosen: false });
const press = (key, options = {}) =>
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, ...options }));
const commands = () => FakeWebSocket.last.sent.map((text) => JSON.parse(text));
const said = () => [...document.querySelectorAll(".mien-toast.shown")].map((toast) => toast.firstChild.textContent);

test("the main face's expressions have bars and figures", () => {
  see(FACE);
  const shares = [...element.querySelectorAll(".bar .number")].map(({ textContent }) => textContent);
  expect(shares).toEqual(["10\u00a0%", "90\u00a0%"]);
  const { dataset } = element.querySelector("#live-stats");
  expect([dataset.label, dataset.faces, dataset.fps]).toEqual(["fear", "1", "1"]);
});

test("a face that is not sure says so and why, in line, list and to screen readers; its bars stay", async () => {
  const unsure = { ...FACE, doubt: "too dark" };
  const other = { ...FACE, id: 4, box: [0.6, 0.2, 0.3, 0.4] };
  see(unsure, other);
  const line = element.querySelector(".live-label");
  expect(line.querySelector("[data-label]").textContent).toBe("not sure");
  expect(line.querySelector("[data-which]").textContent).toBe("too dark · 2 of 2 · largest");
  const rows = [...element.querySelectorAll("[data-faces-list] .bar")];
  expect(rows.map((row) => row.querySelector(".name").textContent)).toEqual(["fear", "not sure"]);
  expect(rows.map((row) => row.querySelector(".number").textContent)).toEqual(["90\u00a0%", ""]);
  expect(rows.map(({ title }) => title)).toEqual(["", "too dark"]);
  expect(element.querySelector("[data-bars] .number").textContent).toBe("10\u00a0%");
  vi.advanceTimersByTime(1100);
  see(unsure, other);
  expect(element.querySelector("[data-announced]").textContent).toBe("not sure, too dark");
});

test("figures change at most fifteen times a second, and at once when the face goes", () => {
  see(FACE);
  see({ ...FACE, label: "neutral" });
  expect(element.querySelector("#live-stats").dataset.label).toBe("fear");
  vi.advanceTimersByTime(70);
  see({ ...FACE, label: "neutral" });
  expect(element.querySelector("#live-stats").dataset.label).toBe("neutral");
  see();
  expect(element.querySelector("#live-stats").dataset.faces).toBe("0");
});

test("a number key teaches the main face, one that the model does not know yet too", () => {
  press("9");
  expect(said()).toEqual(["No face to teach: there is none in view."]);
  see(FACE);
  press("9");
  press("9", { repeat: true });
  press("4");
  expect(commands()).toEqual([{ teach: { face: 3, label: "wink" } }]);
});

const taught = (state) => ({ taught: { face: 3, image: 20, state, label: "wink", guess: "fear" } });

test("what became of it is said, and can be taken back", async () => {
  see(FACE);
  FakeWebSocket.last.answers(taught("added"));
  expect(said()).toEqual(["Saved as wink, not fear."]);
  document.querySelector(".mien-toast button").click();
  await vi.advanceTimersByTimeAsync(0);
  expect(requests.find(({ path }) => path === "/data/delete").body).toEqual({ ids: [20] });
  expect(said()).toEqual(["Taken back. It is in the trash."]);
  FakeWebSocket.last.answers({ taught: { ...taught("duplicate").taught, label: "fear" } });
  expect(said()).toEqual(["Saved as fear."]);
  FakeWebSocket.last.answers({ error: "That face has left the picture." });
  expect(said()).toEqual(["That face has left the picture."]);
});

test("a click on a face holds it as it looks, and the menu's label is for that one", () => {
  see(FACE);
  element.querySelector(".stage-overlay").dispatchEvent(new MouseEvent("click", { clientX: 300, clientY: 100 }));
  see({ ...FACE, id: 4, box: [0, 0, 1, 1] });
  press("1");
  expect(commands()).toEqual([{ choose: 3 }, { hold: 3 }, { teach: { face: 3, label: "neutral" } }]);
  expect(element.querySelector(".teach-menu").hidden).toBe(true);
});

test("Enter on the stage opens the menu of the main face, Escape gives the focus back", () => {
  press("Enter");
  const menu = element.querySelector(".teach-menu");
  expect(menu.hidden).toBe(true);
  see(FACE);
  const overlay = element.querySelector(".stage-overlay");
  overlay.focus();
  overlay.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  expect([menu.hidden, menu.contains(document.activeElement)]).toEqual([false, true]);
  expect(commands()).toEqual([{ choose: 3 }, { hold: 3 }]);
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  expect([menu.hidden, document.activeElement]).toEqual([true, overlay]);
});

test("what spoke for the answer is shown and said while that is wanted, and after a lost connection too", async () => {
  const HOT = { ...FACE, heat: { cells: [[1, 0], [0, -1]], corners: [[0.1, 0.2], [0.4, 0.2], [0.1, 0.6]] } }; // prettier-ignore
  const button = element.querySelector(".why-button");
  const legend = element.querySelector(".heat-legend");
  see(FACE);
  expect([commands(), button.getAttribute("aria-pressed"), legend.hidden]).toEqual([[], "false", true]);
  press("?");
  expect([commands(), button.getAttribute("aria-pressed"), legend.hidden]).toEqual([[{ heat: true }], "true", true]);
  vi.advanceTimersByTime(100);
  see(HOT);
  expect([legend.hidden, legend.textContent]).toEqual([false, "What spoke for fear"]);
  FakeWebSocket.last.breaks();
  expect(legend.hidden).toBe(true);
  await vi.advanceTimersByTimeAsync(1000);
  FakeWebSocket.last.opens();
  expect(commands()).toEqual([{ heat: true }]);
  vi.advanceTimersByTime(100);
  FakeWebSocket.last.answers({ seq: 1, version: 2, ms: 4, faces: [FACE], main: 3, no_heat: "Version 2 cannot." });
  expect(legend.textContent).toBe("Version 2 cannot.");
  button.click();
  expect([commands().at(-1), button.getAttribute("aria-pressed"), legend.hidden]).toEqual([
    { heat: false },
    "false",
    true,
  ]);
});

test("it is remembered", async () => {
  press("?");
  page();
  await open();
  expect(commands()).toEqual([{ heat: true }]);
  press("?");
});

test("U takes the last example back, once, and without a connection too", async () => {
  see(FACE);
  FakeWebSocket.last.answers(taught("added"));
  FakeWebSocket.last.breaks();
  press("u");
  await vi.advanceTimersByTimeAsync(0);
  press("u");
  await vi.advanceTimersByTimeAsync(0);
  expect(requests.filter(({ path }) => path === "/data/delete").map(({ body }) => body)).toEqual([{ ids: [20] }]);
});

test("everyone in view is listed, and a click makes another one the main face", () => {
  const card = element.querySelector("[data-faces-card]");
  see(FACE);
  expect(card.hidden).toBe(true);
  const text = () => [...card.querySelectorAll("li:not([hidden])")].map((item) => item.textContent);
  vi.advanceTimersByTime(300);
  see(FACE, { ...FACE, id: 4, box: [0.7, 0.2, 0.2, 0.3], label: "neutral" });
  expect([card.hidden, text()]).toEqual([false, ["1neutral10\u00a0%", "2fear90\u00a0%"]]); // in a mirror
  expect(element.querySelector("[data-which]").textContent).toBe("2 of 2 · largest");
  card.querySelector("button").click();
  expect(commands()).toEqual([{ choose: 4 }]);
  vi.advanceTimersByTime(300);
  see(FACE);
  expect(card.hidden).toBe(true);
});

test("what the main face says is told when it has stayed so for a second", () => {
  const told = element.querySelector("[data-announced]");
  const look = (label, times) => {
    for (let i = 0; i < times; i += 1) {
      see({ ...FACE, label });
      vi.advanceTimersByTime(100);
    }
    return told.textContent;
  };
  expect([look("fear", 15), look("neutral", 5), look("fear", 5), look("neutral", 15)]).toEqual([
    "fear",
    "fear",
    "fear",
    "neutral",
  ]);
});

test("when the connection drops, bars, label and menu go at once", () => {
  see(FACE);
  element.querySelector(".stage-overlay").dispatchEvent(new MouseEvent("click", { clientX: 300, clientY: 100 }));
  FakeWebSocket.last.breaks();
  const shares = [...element.querySelectorAll(".bar .number")].map(({ textContent }) => textContent);
  expect([shares, element.querySelector("[data-label]").textContent]).toEqual([["–", "–"], "–"]);
  expect(element.querySelector(".teach-menu").hidden).toBe(true);
  expect(element.querySelector("#live-stats").dataset.label).toBe("");
});

test("C and M are for camera and mirror, unless somebody types", () => {
  press("m");
  expect(camera.setMirror).toHaveBeenCalledWith(!camera.mirror);
  press("c");
  expect(camera.stop).toHaveBeenCalledTimes(1);
  camera.start.mockClear();
  camera.state = "off";
  press("c");
  expect(camera.start).toHaveBeenCalledTimes(1);
  press("c", { ctrlKey: true });
  element.querySelector("select").dispatchEvent(new KeyboardEvent("keydown", { key: "c", bubbles: true }));
  expect(camera.start).toHaveBeenCalledTimes(1);
});

test("mounted again, it hears and asks once", async () => {
  await open();
  see(FACE);
  press("7");
  expect(FakeWebSocket.all.map(({ closed, sent }) => [closed, sent.length])).toEqual([
    [true, 0],
    [false, 1],
  ]);
  camera.setMirror.mockClear();
  press("m");
  expect(camera.setMirror).toHaveBeenCalledTimes(1);
});

test("a page that is left leaves nothing behind", async () => {
  const listeners = watchListeners();
  await open();
  expect(listeners()).toContain("keydown");
  page();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(vi.getTimerCount()).toBe(0);
  expect(FakeObserver.all.size).toBe(0);
  expect(listeners()).toEqual([]);
});
