// @vitest-environment node

import { expect, test, vi } from "vitest";

import { Emitter } from "../../../webapp/static/shared/emitter.js";

test("listeners get the details of their events until their signal ends", () => {
  const emitter = new Emitter();
  const controller = new AbortController();
  const [short, long] = [vi.fn(), vi.fn()];
  emitter.on("faces", short, controller.signal);
  emitter.on("faces", long);
  emitter.emit("faces", [1]);
  emitter.emit("labels", "not theirs");
  controller.abort();
  emitter.emit("faces", [2]);
  expect(short.mock.calls).toEqual([[[1]]]);
  expect(long.mock.calls).toEqual([[[1]], [[2]]]);
});
