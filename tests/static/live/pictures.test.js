import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { facesIn } from "../../../webapp/static/live/named-picture.js";
import { pictures } from "../../../webapp/static/live/pictures.js";
import { why } from "../../../webapp/static/shared/why.js";
import { fakeServer, layOut, page, settled } from "../fakes.js";

const MARKUP = `
  <section>
    <div data-drop><input type="file" /><button data-clear hidden></button></div><div data-pictures></div>
  </section>`;
const LABELS = [
  { name: "fear", color: "#56B4E9", pattern: "", key: "7" },
  { name: "wink", color: "#009E73", pattern: "", key: "9" },
];
const FACE = { box: [0.1, 0.2, 0.3, 0.4], label: "fear", probabilities: { fear: 0.9 } };
const NOTHING = { version: 0, labels: [], width: 20, height: 10, ms: 1, faces: [] };

let section;
let waiting;
let pen;
let requests;

beforeEach(() => {
  const createImageData = () => ({ data: new Uint8ClampedArray(4 * 48 * 48) });
  const drawn = { createImageData, drawImage: vi.fn(), transform: vi.fn(), fillRect: vi.fn(), fillText: vi.fn() };
  pen = new Proxy(drawn, { get: (known, name) => known[name] ?? (() => ({ width: 40 })), set: () => true });
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(pen);
  vi.stubGlobal("createImageBitmap", async () => ({ close() {} }));
  waiting = [];
  requests = fakeServer({
    "POST /predict": ({ body }) => new Promise((resolve) => waiting.push([body.name, resolve])),
    "POST /teach": { image: 20, state: "added", label: "wink", guess: "fear" },
    "POST /data/delete": { ids: [20] },
  });
  layOut();
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
    this.dispatchEvent(new Event("close"));
  };
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(400);
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(300);
  Element.prototype.scrollIntoView = vi.fn();
  section = page(MARKUP).querySelector("section");
  pictures(section, () => LABELS);
});
afterEach(() => {
  if (why.shown) why.toggle();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Something is dragged over the page, or dropped on it. */
function drag(type, files = [], types = ["Files"]) {
  const dataTransfer = { files, types, dropEffect: "none" };
  const event = Object.assign(new Event(type, { bubbles: true, cancelable: true }), { dataTransfer });
  document.body.dispatchEvent(event);
  return event;
}

/** Drops files of these names, somewhere on the page. */
const drop = (...names) =>
  drag(
    "drop",
    names.map((name) => new File(["x"], name)),
  );

/** Pictures that have their answers, the first of which is shown large. */
async function enlarge(answers) {
  drop(...Object.keys(answers));
  for (let round = 0; waiting.length < Object.keys(answers).length || round < 3; round += 1) {
    for (const [name, resolve] of waiting) resolve(answers[name]);
    await settled();
  }
  section.querySelector(".picture button").click();
  await settled();
  return document.querySelector("dialog");
}

const press = (key, target = document.activeElement) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
};
const said = () => document.querySelector(".mien-toast.offer.shown")?.firstChild.textContent;

const captions = () => [...section.querySelectorAll("figcaption")].map(({ textContent }) => textContent);

test("a picture's faces are named", () => {
  expect(facesIn(NOTHING)).toBe("no face found");
  const face = (label, share) => ({ box: null, label, probabilities: { [label]: share } });
  expect(facesIn({ ...NOTHING, faces: [face("fear", 0.5), face("wink", 0.98)] })).toBe(
    "fear 50\u00a0%, wink 98\u00a0%",
  );
  const unsure = { ...face("fear", 0.5), doubt: "fear or wink" };
  expect(facesIn({ ...NOTHING, faces: [unsure, face("wink", 0.98)] })).toBe("not sure, fear or wink; wink 98\u00a0%");
});

test("two pictures are sent at a time, the others wait their turn", async () => {
  drop("a.png", "b.png", "c.png");
  await settled();
  expect(waiting.map(([name]) => name)).toEqual(["a.png", "b.png"]);
  waiting[1][1](NOTHING);
  await settled();
  expect(waiting.map(([name]) => name)).toEqual(["a.png", "b.png", "c.png"]);
  expect(captions()).toEqual(["c.png: looking…", "b.png: no face found", "a.png: looking…"]);
});

test("one that is refused says why, and keeps none of the others", async () => {
  drop("torn.png", "b.png", "c.png");
  await settled();
  waiting[0][1](Response.json({ error: "This picture is damaged." }, { status: 422 }));
  waiting[1][1](NOTHING);
  await settled();
  waiting[2][1](NOTHING);
  await settled();
  expect(captions()).toEqual(["c.png: no face found", "b.png: no face found", "torn.png: This picture is damaged."]);
  expect(section.querySelectorAll(".picture.bad")).toHaveLength(1);
});

test("a format that this browser cannot show still gets its answer", async () => {
  vi.stubGlobal("createImageBitmap", () => Promise.reject(new DOMException("", "InvalidStateError")));
  drop("scan.tiff");
  await settled();
  waiting[0][1](NOTHING);
  await settled();
  expect(captions()).toEqual(["scan.tiff: no face found"]);
  expect(pen.fillRect).toHaveBeenCalledWith(0, 0, 20, 10);
});

test("Clear takes all away, also what waits", async () => {
  drop("a.png", "b.png", "c.png");
  await settled();
  const clear = section.querySelector("[data-clear]");
  expect(clear.hidden).toBe(false);
  clear.click();
  for (const [, resolve] of waiting) resolve(NOTHING);
  await settled();
  expect(waiting).toHaveLength(2);
  expect(captions()).toEqual([]);
  expect(clear.hidden).toBe(true);
});

test("files can be dropped anywhere while the tab is open, and it says what will become of them", () => {
  const overlay = section.querySelector(".page-drop");
  expect(overlay.hidden).toBe(true);
  expect(drag("dragover").defaultPrevented).toBe(true);
  expect(overlay.hidden).toBe(false);
  expect(overlay.textContent).toContain("Drop pictures to have their faces named");
  drag("dragleave");
  expect(overlay.hidden).toBe(true);
  expect(drag("dragover", [], ["text/plain"]).defaultPrevented).toBe(false);
  section.hidden = true; // another tab is open
  expect([drag("dragover").defaultPrevented, overlay.hidden]).toEqual([false, true]);
  drop("a.png");
  expect(captions()).toEqual([]);
});

test("a picture is shown large, and arrows go to the others", async () => {
  const dialog = await enlarge({ "b.png": NOTHING, "a.png": NOTHING });
  const title = () => dialog.querySelector("h2").textContent;
  expect(title()).toBe("a.png · 1 of 2");
  press("ArrowRight");
  await settled();
  expect(title()).toBe("b.png · 2 of 2");
  press("ArrowRight");
  await settled();
  expect(title()).toBe("a.png · 1 of 2");
  dialog.close();
  await settled();
  expect([document.querySelector("dialog"), document.activeElement]).toEqual([
    null,
    section.querySelector(".picture button"),
  ]);
});

test("a label's key teaches the face of a large picture, and U takes that back", async () => {
  await enlarge({ "a.png": { ...NOTHING, width: 400, height: 300, labels: LABELS, faces: [FACE] } });
  press("9");
  await settled();
  const [{ query, body }] = requests.filter(({ path }) => path === "/teach");
  expect(Object.fromEntries(query)).toEqual({ label: "wink", left: "0.1", top: "0.2", width: "0.3", height: "0.4" });
  expect([body.name, said()]).toEqual(["a.png", "Saved as wink, not fear."]);
  expect(pen.fillText.mock.calls.at(-1)[0]).toBe("✓ wink");
  press("u");
  await settled();
  expect(requests.at(-1).body).toEqual({ ids: [20] });
  expect(pen.fillText.mock.calls.at(-1)[0]).toMatch(/^fear/);
});

const HEAT = { cells: [[2, 0], [0, -1]], corners: [[0.2, 0.2], [0.4, 0.2], [0.2, 0.6]] }; // prettier-ignore

test("what spoke for an answer is asked for when it is wanted, and drawn where the crop lies", async () => {
  drop("a.png");
  await settled();
  expect(requests.at(-1).query.get("heat")).toBe("false");
  waiting[0][1]({ ...NOTHING, width: 400, height: 300, faces: [FACE] });
  await settled();
  const legend = section.querySelector(".heat-legend");
  expect([legend.hidden, pen.transform.mock.calls]).toEqual([true, []]);
  why.toggle();
  await settled();
  expect(requests.at(-1).query.get("heat")).toBe("true");
  waiting[1][1]({ ...NOTHING, width: 400, height: 300, faces: [{ ...FACE, heat: HEAT }] });
  await settled();
  expect([legend.hidden, legend.textContent]).toEqual([false, "What spoke for fear"]);
  const [across, , , down, x, y] = pen.transform.mock.calls.at(-1);
  expect([across * 48, down * 48, x, y].map(Math.round)).toEqual([80, 120, 80, 60]);
  why.toggle();
  await settled();
  expect([legend.hidden, requests.length, pen.transform.mock.calls.length]).toEqual([true, 2, 1]);
});

test("a large picture shows it at a key, and says why it cannot", async () => {
  const dialog = await enlarge({ "a.png": { ...NOTHING, width: 400, height: 300, faces: [FACE] } });
  const asked = waiting.length;
  press("?");
  for (const [, resolve] of waiting.slice(asked))
    resolve({ ...NOTHING, width: 400, height: 300, faces: [FACE], no_heat: "Version 0 cannot." });
  await settled();
  expect(dialog.querySelector(".why-button").getAttribute("aria-pressed")).toBe("true");
  expect(dialog.querySelector(".heat-legend").textContent).toBe("Version 0 cannot.");
  press("?");
  await settled();
  expect(dialog.querySelector(".heat-legend").hidden).toBe(true);
});

test("Enter opens the menu for the chosen face of several", async () => {
  const other = { ...FACE, box: [0.6, 0.2, 0.2, 0.3] };
  const dialog = await enlarge({
    "a.png": { ...NOTHING, width: 400, height: 300, labels: LABELS, faces: [FACE, other] },
  });
  press("ArrowDown");
  await settled();
  press("Enter");
  const menu = dialog.querySelector(".teach-menu");
  expect(menu.hidden).toBe(false);
  press("Escape");
  expect([menu.hidden, dialog.isConnected]).toEqual([true, true]);
  press("Enter");
  menu.querySelectorAll("button")[1].click();
  await settled();
  const [{ query }] = requests.filter(({ path }) => path === "/teach");
  expect([query.get("label"), query.get("left"), menu.hidden]).toEqual(["wink", "0.6", true]);
});
