import { beforeEach, expect, test, vi } from "vitest";

import { camera } from "../../../webapp/static/shared/camera.js";
import { cameraNames, controls } from "../../../webapp/static/shared/controls.js";
import { page, settled } from "../fakes.js";

let row;

beforeEach(() => {
  row = page(`<div data-controls></div>`).firstElementChild;
  controls(row);
});

const part = (name) => row.querySelector(`[data-${name}]`);

/** The camera in another state, as it would say itself. */
function become(state) {
  Object.assign(camera, state);
  camera.emit("change", null);
}

test("cameras have names, also those that tell none", () => {
  expect(cameraNames([])).toEqual([["", "Default camera"]]);
  const devices = [
    { deviceId: "a", label: "Front" },
    { deviceId: "b", label: "" },
  ];
  expect(cameraNames(devices)).toEqual([
    ["a", "Front"],
    ["b", "Camera 2"],
  ]);
});

test("the row shows how the camera is", () => {
  expect([part("power").textContent, part("camera").disabled]).toEqual(["Start", false]);
  become({ state: "asking" });
  expect([part("power").textContent, part("camera").disabled]).toEqual(["Stop", true]);
  const devices = [
    { deviceId: "a", label: "Front" },
    { deviceId: "b", label: "<i>Back</i>" },
  ];
  become({ state: "on", devices, deviceId: "b", mirror: false });
  expect([...part("camera").options].map(({ text }) => text)).toEqual(["Front", "<i>Back</i>"]);
  expect(part("camera").value).toBe("b");
  expect(part("mirror").getAttribute("aria-pressed")).toBe("false");
  become({ deviceId: "unplugged" });
  expect(part("camera").value).toBe("a");
});

test("each control does one thing", () => {
  const start = vi.spyOn(camera, "start").mockResolvedValue();
  const stop = vi.spyOn(camera, "stop").mockReturnValue();
  const setMirror = vi.spyOn(camera, "setMirror").mockReturnValue();
  become({ state: "off", mirror: true });
  part("power").click();
  expect(start).toHaveBeenCalledWith();
  become({ state: "on", devices: [{ deviceId: "a", label: "" }], deviceId: "a" });
  part("power").click();
  expect(stop).toHaveBeenCalledTimes(1);
  part("mirror").click();
  expect(setMirror).toHaveBeenCalledWith(false);
  part("camera").dispatchEvent(new Event("change"));
  expect(start).toHaveBeenLastCalledWith("a");
});

test("a row that left the page is not shown any more", async () => {
  become({ state: "off" });
  row.remove();
  await settled();
  become({ state: "on" });
  expect(part("power").textContent).toBe("Start");
});
