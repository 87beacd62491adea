import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { facesIn, pictures } from "../../../webapp/static/live/pictures.js";
import { fakeServer, page, settled } from "../fakes.js";

const MARKUP = `
  <section>
    <div data-drop><input type="file" /><button data-clear hidden></button></div><div data-pictures></div>
  </section>`;
const NOTHING = { version: 0, labels: [], width: 20, height: 10, ms: 1, faces: [] };

let section;
let waiting;
let pen;

beforeEach(() => {
  pen = { drawImage: vi.fn(), fillRect: vi.fn() };
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(pen);
  vi.stubGlobal("createImageBitmap", async () => ({ close() {} }));
  waiting = [];
  fakeServer({ "POST /predict": ({ body }) => new Promise((resolve) => waiting.push([body.name, resolve])) });
  section = page(MARKUP).querySelector("section");
  pictures(section);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Drops files of these names. */
function drop(...names) {
  const files = names.map((name) => new File(["x"], name));
  const event = Object.assign(new Event("drop"), { dataTransfer: { files } });
  section.querySelector("[data-drop]").dispatchEvent(event);
}

const captions = () => [...section.querySelectorAll("figcaption")].map(({ textContent }) => textContent);

test("a picture's faces are named", () => {
  expect(facesIn(NOTHING)).toBe("no face found");
  const face = (label, share) => ({ box: null, label, probabilities: { [label]: share } });
  expect(facesIn({ ...NOTHING, faces: [face("fear", 0.5), face("wink", 0.98)] })).toBe(
    "fear 50\u00a0%, wink 98\u00a0%",
  );
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
