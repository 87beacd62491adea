import { afterEach, beforeEach, expect, test, vi } from "vitest";

import markup from "../../../webapp/static/collect/collect.html?raw";
import { mount } from "../../../webapp/static/collect/collect.js";
import { camera } from "../../../webapp/static/shared/camera.js";
import { label, overviewOf } from "../review/listings.js";
import { fakeBrowser, FakeObserver, fakeServer, FakeWebSocket, page, watchListeners } from "../fakes.js";

let element;
let answers;
let requests;
let overview;

beforeEach(async () => {
  vi.useFakeTimers();
  fakeBrowser();
  overview = overviewOf({
    labels: [label("neutral", { key: "1" }), label("fear", { key: "7" }), label("old", { enabled: false })],
    subjects: [
      [null, 3],
      ["Ada", 2],
    ],
  });
  answers = { "GET /data/overview": () => overview };
  requests = fakeServer(answers);
  Object.assign(camera, { state: "on", stream: null, problem: null });
  for (const action of ["start", "stop"]) vi.spyOn(camera, action).mockReturnValue();
  Element.prototype.setPointerCapture = vi.fn();
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
  FakeObserver.intersect(element);
  await vi.advanceTimersByTimeAsync(0);
  FakeObserver.resize(element.querySelector("[data-stage]"));
  FakeWebSocket.last.opens();
}

const find = (selector) => element.querySelector(selector);
const key = (type, name, target = document.body) =>
  target.dispatchEvent(new KeyboardEvent(type, { key: name, bubbles: true, cancelable: true }));
const commands = () => FakeWebSocket.last.sent.map((text) => JSON.parse(text).capture);
const said = () => [...document.querySelectorAll(".mien-toast.shown")].map((toast) => toast.firstChild.textContent);

test("labels in use can be chosen, and people who were named are offered", () => {
  expect([...element.querySelectorAll(".label-card")].map(({ dataset }) => dataset.label)).toEqual(["neutral", "fear"]);
  expect([...find("[data-file-label]").options].map(({ text }) => text)).toEqual([
    "from its folder",
    "none yet",
    "neutral",
    "fear",
  ]);
  expect([...find("[data-subjects]").options].map(({ value }) => value)).toEqual(["Ada"]);
});

test("the space bar captures while it is held, under the label that its key chose", async () => {
  find("[data-subject]").value = " Ada ";
  key("keydown", "7");
  key("keydown", " ");
  key("keydown", "1"); // chooses nothing meanwhile
  expect(find("[data-hold-text]").textContent).toBe("Capturing fear");
  expect([find(".collect").classList.contains("capturing"), find("[data-running]").textContent]).toEqual([true, "0"]);
  key("keyup", " ");
  expect(find("[data-hold-text]").textContent).toBe("Hold to capture fear");
  expect([find(".collect").classList.contains("capturing"), find("[data-running]").hidden]).toEqual([false, true]);
  expect(commands()).toEqual([{ label: "fear", subject: "Ada", session: expect.any(String) }, null]);
  FakeWebSocket.last.answers({ captured: { image: 5, state: "added", label: "fear", guess: "neutral" } });
  await vi.advanceTimersByTimeAsync(500);
  expect(said()).toEqual(["1 image saved as fear."]);
  expect(find(".landed-strip img").getAttribute("src")).toBe("/mien/api/data/images/5/thumbnail");
});

test("a poor picture is said on the stage, before it is captured forty times", () => {
  const dark = { quality: { score: 0.2, faults: ["dark"] }, doubt: "too dark" };
  const face = { id: 1, box: [0.1, 0.1, 0.3, 0.4], label: "fear", probabilities: { fear: 1 }, ...dark };
  FakeWebSocket.last.answers({ seq: 1, version: 0, ms: 4, faces: [face], main: 1 });
  expect([find("[data-warning]").hidden, find("[data-warning]").textContent]).toEqual([
    false,
    "The face is dark: turn to the light.",
  ]);
  FakeWebSocket.last.answers({ seq: 2, version: 0, ms: 4, faces: [] });
  expect(find("[data-warning]").hidden).toBe(true);
});

test("what was captured can be taken back", async () => {
  answers["POST /data/delete"] = ({ body }) => ({ ids: body.ids });
  key("keydown", " ");
  for (const image of [5, 6])
    FakeWebSocket.last.answers({ captured: { image, state: "added", label: "neutral", guess: "fear" } });
  key("keyup", " ");
  await vi.advanceTimersByTimeAsync(500);
  document.querySelector(".mien-toast.offer button").click();
  await vi.advanceTimersByTimeAsync(0);
  expect(requests.find(({ path }) => path === "/data/delete").body).toEqual({ ids: [5, 6] });
  expect(said()).toEqual(["2 images taken back. They are in the trash."]);
  expect(find(".landed-strip img")).toBeNull();
});

test("while it is held, what is captured is counted over the stage and on the card, the take once", () => {
  key("keydown", " ");
  for (const image of [5, 6])
    FakeWebSocket.last.answers({ captured: { image, state: "added", label: "neutral", guess: "fear" } });
  FakeWebSocket.last.answers({ captured: { image: 6, state: "near-duplicate", label: "neutral", guess: "fear" } });
  expect([find("[data-running]").hidden, find("[data-running]").textContent]).toEqual([false, "2"]);
  expect(find(".label-card .amount").textContent).toBe("1 take · 2");
  expect(find("[data-running]").getAttribute("aria-hidden")).toBe("true"); // it would be read out with every frame
});

test("U takes back one take after the other, the last one first", async () => {
  answers["POST /data/delete"] = ({ body }) => ({ ids: body.ids });
  for (const image of [5, 6]) {
    key("keydown", " ");
    FakeWebSocket.last.answers({ captured: { image, state: "added", label: "neutral", guess: "fear" } });
    key("keyup", " ");
    await vi.advanceTimersByTimeAsync(500);
  }
  for (let times = 0; times < 2; times += 1) {
    key("keydown", "u");
    await vi.advanceTimersByTimeAsync(0);
  }
  const deleted = requests.filter(({ path }) => path === "/data/delete").map(({ body }) => body.ids);
  expect([deleted, said()]).toEqual([[[6], [5]], ["1 image taken back. They are in the trash."]]);
  expect(find(".landed-strip img")).toBeNull();
});

test("the name's field is left after Enter, so that the space bar captures", () => {
  const name = find("[data-subject]");
  name.focus();
  key("keydown", "Enter", name);
  expect(document.activeElement).toBe(document.body);
});

test("a capture that the server refuses says why, and nothing else", async () => {
  key("keydown", " ");
  FakeWebSocket.last.answers({ error: "A person's name has at most 64 characters; this one has 200." });
  await vi.advanceTimersByTimeAsync(500);
  expect(said()).toEqual(["A person's name has at most 64 characters; this one has 200."]);
});

test("pressing the button, and leaving it in any way, is one capture", () => {
  const hold = find("[data-hold]");
  const pointer = (type, button = 0) => hold.dispatchEvent(Object.assign(new Event(type), { button, pointerId: 1 }));
  pointer("pointerdown", 2);
  expect(commands()).toEqual([]);
  pointer("pointerdown");
  pointer("pointerup");
  pointer("lostpointercapture");
  expect(commands()).toHaveLength(2);
});

test("a key that is still held after the end begins no other capture", () => {
  key("keydown", " ");
  key("keydown", "Escape");
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: " ", repeat: true, bubbles: true }));
  expect(commands()).toHaveLength(2);
});

test.each([
  ["the window loses the focus", () => window.dispatchEvent(new Event("blur"))],
  ["Escape is pressed", () => key("keydown", "Escape")],
  ["the server refuses", () => FakeWebSocket.last.answers({ error: "There is no label." })],
  ["the part leaves the page", () => page()],
])("a capture ends when %s", async (_, happens) => {
  key("keydown", " ");
  happens();
  await vi.advanceTimersByTimeAsync(0);
  expect(commands().at(-1)).toBeNull();
  expect(commands()).toHaveLength(2);
});

test("when the connection breaks, capturing ends, and that is said", async () => {
  key("keydown", " ");
  FakeWebSocket.last.breaks();
  expect(find(".collect").classList.contains("capturing")).toBe(false);
  expect(said()).toEqual(["The camera or the connection is gone, so capturing has ended."]);
  await vi.advanceTimersByTimeAsync(500);
  expect(said()).toHaveLength(1);
});

test("without a camera nothing is captured, and that is said", () => {
  camera.state = "off";
  key("keydown", " ");
  find("[data-timer]").click();
  expect(said()).toEqual(["The camera is not on, so there is nothing to capture."]);
  expect([commands(), find("[data-timer]").textContent]).toEqual([[], "Hands-free: 3 · 2 · 1"]);
});

test("hands-free counts down in the picture, captures, and stops", async () => {
  find("[data-timer]").click();
  expect([find("[data-countdown]").textContent, find("[data-timer]").textContent]).toEqual(["3", "Stop"]);
  await vi.advanceTimersByTimeAsync(3000);
  expect([find("[data-countdown]").hidden, commands().length]).toEqual([true, 1]);
  key("keyup", " "); // a release that belongs to no press
  expect(commands()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(4000);
  expect([commands().length, find("[data-timer]").getAttribute("aria-pressed")]).toEqual([2, "false"]);
});

test("hands-free can be stopped while it counts", async () => {
  find("[data-timer]").click();
  await vi.advanceTimersByTimeAsync(1500);
  find("[data-timer]").click();
  await vi.advanceTimersByTimeAsync(10_000);
  expect([commands(), find("[data-countdown]").hidden]).toEqual([[], true]);
});

test("a label that is added is chosen, and the space bar captures it", async () => {
  answers["POST /data/labels/add"] = ({ body }) => {
    overview = { ...overview, labels: [...overview.labels, label(body.name)] };
    return overview;
  };
  const input = find("[data-add] input");
  input.value = "wink";
  input.focus();
  find("[data-add]").dispatchEvent(new Event("submit", { cancelable: true }));
  await vi.advanceTimersByTimeAsync(0);
  expect([input.value, document.activeElement]).toEqual(["", document.body]);
  key("keydown", " ");
  expect(commands()[0].label).toBe("wink");
});

test("a label that is refused stays in the field", async () => {
  answers["POST /data/labels/add"] = Response.json({ error: "There is “fear” already." }, { status: 409 });
  find("[data-add] input").value = "fear";
  find("[data-add]").dispatchEvent(new Event("submit", { cancelable: true }));
  await vi.advanceTimersByTimeAsync(0);
  expect([said(), find("[data-add] input").value]).toEqual([["There is “fear” already."], "fear"]);
});

test("files that are dropped are uploaded with a report, one upload at a time", async () => {
  const refused = [{ name: "a.png", reason: "<b>No face</b> was found." }];
  let report = null;
  answers["POST /data/import/pictures"] = { job: "p1" };
  answers["POST /data/jobs/p1/pictures"] = { received: 1 };
  answers["GET /data/jobs/p1/plan"] = { pictures: 1, described: 0, people: [], people_from: "nowhere", labels: [] };
  answers["POST /data/jobs/p1/begin"] = { job: "p1" };
  answers["GET /data/jobs/p1"] = () => ({ done: 0, total: 1, report, error: "", file: "" });
  const file = (name) => ({
    isFile: true,
    name,
    fullPath: `/${name}`,
    file: (resolve) => resolve(new File(["x"], name)),
  });
  const drop = (name) => {
    const dataTransfer = { types: ["Files"], items: [{ webkitGetAsEntry: () => file(name) }] };
    document.body.dispatchEvent(Object.assign(new Event("drop", { bubbles: true }), { dataTransfer }));
    return vi.advanceTimersByTimeAsync(0);
  };
  await drop("a.png");
  expect(find("[data-upload-text]").textContent).toBe("Importing: 0 of 1 …");
  await drop("b.png");
  expect(said()).toEqual(["One upload at a time: wait for it, or cancel it."]);
  report = { added: 0, already_there: 0, several: 0, refused, cancelled: false };
  await vi.advanceTimersByTimeAsync(1000);
  expect(find("[data-upload-text]").textContent).toMatch(/^Done\. 0 faces added .* 1 refused$/);
  expect(find("[data-refused] li").textContent).toBe("a.png <b>No face</b> was found.");
  find("[data-cancel]").click();
  expect(find("[data-upload]").hidden).toBe(true);
});

test("mounted again, it hears once; a page that is left leaves nothing behind", async () => {
  const listeners = watchListeners();
  await open();
  expect(listeners()).toContain("keyup");
  key("keydown", " ");
  expect(FakeWebSocket.all.map(({ closed, sent }) => [closed, sent.length])).toEqual([
    [true, 0],
    [false, 1],
  ]);
  page();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(vi.getTimerCount()).toBe(0);
  expect(FakeObserver.all.size).toBe(0);
  expect(listeners()).toEqual([]);
});
