import { afterEach, expect, test, vi } from "vitest";

import { recall, remember } from "../../../webapp/static/shared/remember.js";

afterEach(() => vi.restoreAllMocks());

test("what is remembered is recalled", () => {
  expect(recall("mien-test")).toBeNull();
  remember("mien-test", "yes");
  expect(recall("mien-test")).toBe("yes");
});

test("a window without storage remembers nothing, and goes on", () => {
  for (const method of ["getItem", "setItem"]) {
    vi.spyOn(Storage.prototype, method).mockImplementation(() => {
      throw new DOMException("", "SecurityError");
    });
  }
  remember("mien-test", "no");
  expect(recall("mien-test")).toBeNull();
});
