import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { paintOf, wear } from "../../../webapp/static/shared/label-look.js";

/** @type {string[]} what was drawn on tiles */
let drawn;
/** @type {any} */
let pen;

beforeEach(() => {
  drawn = [];
  pen = new Proxy(
    {},
    {
      get: (_, name) => (name === "createPattern" ? () => ({ setTransform() {} }) : () => drawn.push(String(name))),
      set: () => true,
    },
  );
  vi.stubGlobal("DOMMatrix", class {});
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(pen);
  vi.spyOn(HTMLCanvasElement.prototype, "toDataURL").mockReturnValue("data:image/png;base64,tile");
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("a label whose colour is its own is filled with it", () => {
  const element = document.createElement("i");
  wear(element, { color: "#0072b2", pattern: "" });
  expect(element.style.getPropertyValue("--label")).toBe("#0072b2");
  expect(element.style.getPropertyValue("--label-fill")).toBe("linear-gradient(#0072b2, #0072b2)");
  expect(paintOf(pen, { color: "#0072b2", pattern: "" })).toBe("#0072b2");
  expect(drawn).toEqual([]);
});

test.each(["stripes", "dots", "grid"])("%s are drawn once for a colour, however often they are shown", (pattern) => {
  const element = document.createElement("i");
  wear(element, { color: "#e69f00", pattern });
  expect(element.style.getPropertyValue("--label-fill")).toContain('url("data:image/png;base64,tile")');
  const strokes = drawn.length;
  expect(strokes).toBeGreaterThan(3);
  wear(element, { color: "#e69f00", pattern });
  expect(paintOf(pen, { color: "#e69f00", pattern })).toBeTypeOf("object");
  expect(drawn).toHaveLength(strokes);
});
