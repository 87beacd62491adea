import { afterEach, beforeEach, expect, test, vi } from "vitest";

import markup from "../../../webapp/static/live/live.html?raw";
import { hereSwitch } from "../../../webapp/static/live/here-switch.js";
import { camera } from "../../../webapp/static/shared/camera.js";
import { runHere } from "../../../webapp/static/shared/run-here.js";
import { Stage } from "../../../webapp/static/shared/stage.js";
import { fakeBrowser, FakeObserver, fakeServer, FakeWebSocket, page, settled } from "../fakes.js";
import { kit } from "./fake-kit.js";

const MODULE = new URL("./fake-kit.js", import.meta.url).pathname;

let version = 1000;
let model;
let element;
let input;
let stage;

beforeEach(() => {
  version += 1;
  fakeBrowser();
  localStorage.clear();
  runHere.wanted = false;
  Object.assign(kit, { loads: [], problem: null });
  model = { version, labels: [], module: MODULE, models: "/m/", install: "mien web --install --home '/x'" };
  fakeServer({ "GET /web": () => model });
  Object.assign(camera, { state: "on", stream: null, problem: null, paused: false });
  vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(async () => {
  page();
  await settled();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function open() {
  const live = page(`<div>${markup}</div>`);
  stage = new Stage(live.querySelector("[data-stage]"));
  element = live.querySelector("[data-here]");
  input = element.querySelector("input");
  hereSwitch(element, stage);
  FakeObserver.resize(stage.element);
  await settled();
}

const becomes = (state) => vi.waitFor(() => expect(element.dataset.state).toBe(state));
const line = () => element.querySelector("p").textContent;

test("where it is not installed it cannot be switched on, and the line says how to", async () => {
  model.module = "";
  await open();
  expect([element.dataset.state, input.disabled]).toEqual(["missing", true]);
  expect(element.querySelector("code").textContent).toBe("mien web --install --home '/x'");
  model.module = MODULE;
  window.dispatchEvent(new Event("focus"));
  await becomes("off");
  expect(input.disabled).toBe(false);
});

test("on, this browser names the faces and the server's socket is let go; off, it comes back", async () => {
  await open();
  expect([element.dataset.state, input.checked, FakeWebSocket.all.length]).toEqual(["off", false, 1]);
  input.click();
  expect([element.dataset.state, FakeWebSocket.last.closed]).toEqual(["loading", true]);
  await becomes("on");
  expect(line()).toContain("stay on this machine");
  expect([stage.live, FakeWebSocket.all.length, localStorage.getItem("mien-run-here")]).toEqual([true, 1, "on"]);
  input.click();
  expect([element.dataset.state, FakeWebSocket.all.length, localStorage.getItem("mien-run-here")]).toEqual([
    ...["off", 2, "off"],
  ]);
});

test("remembered, the server never hears of the camera", async () => {
  runHere.want(true);
  await open();
  await becomes("on");
  expect([input.checked, input.disabled, FakeWebSocket.all]).toEqual([true, false, []]);
});

test("where it fails, the line says why and the server names the faces again", async () => {
  kit.problem = Object.assign(new Error("?"), { code: "no-wasm-simd" });
  await open();
  input.click();
  await becomes("failed");
  expect(line()).toContain("This browser is too old");
  expect([input.checked, runHere.wanted, FakeWebSocket.all.length]).toEqual([false, false, 2]);
});

test("another stage, whose frames go to the server, says so while it is on", async () => {
  await open();
  const other = document.createElement("div");
  element.before(other);
  const collect = new Stage(other);
  FakeObserver.resize(other);
  const sent = (which) => !which.element.querySelector("[data-sent]").hidden;
  expect([sent(stage), sent(collect)]).toEqual([false, false]);
  input.click();
  FakeObserver.resize(other);
  camera.emit("change", null);
  expect([sent(stage), sent(collect)]).toEqual([false, true]);
});
