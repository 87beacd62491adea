// The row below a stage: which camera, mirror, start and stop.

import { camera } from "./camera.js";
import { find } from "./elements.js";
import { lifetime } from "./lifetime.js";

const MARKUP = `
  <label class="mien-field"><span>Camera</span><select data-camera></select></label>
  <button type="button" class="mien-button" data-mirror aria-pressed="true">Mirror</button>
  <button type="button" class="mien-button" data-power></button>`;

/** @param {HTMLElement} element an empty one of class mien-controls */
export function controls(element) {
  element.innerHTML = MARKUP;
  const select = find(element, "select", "[data-camera]");
  const mirror = find(element, "button", "[data-mirror]");
  const power = find(element, "button", "[data-power]");

  const show = () => {
    const options = cameraNames(camera.devices);
    if (JSON.stringify(options) !== select.dataset.options) {
      select.dataset.options = JSON.stringify(options);
      select.replaceChildren(...options.map(([id, name]) => new Option(name, id)));
    }
    select.value = camera.deviceId;
    if (select.selectedIndex < 0) select.selectedIndex = 0;
    select.disabled = camera.state === "asking";
    mirror.setAttribute("aria-pressed", String(camera.mirror));
    power.textContent = camera.running ? "Stop" : "Start";
    power.classList.toggle("running", camera.running);
  };
  select.addEventListener("change", () => camera.start(select.value));
  mirror.addEventListener("click", () => camera.setMirror(!camera.mirror));
  power.addEventListener("click", () => (camera.running ? camera.stop() : camera.start()));
  camera.on("change", show, lifetime(element));
  show();
}

/**
 * Id and name of each camera; before a person has agreed, browsers tell neither.
 * @param {{ deviceId: string, label: string }[]} devices
 * @returns {[id: string, name: string][]}
 */
export function cameraNames(devices) {
  if (!devices.length) return [["", "Default camera"]];
  return devices.map(({ deviceId, label }, index) => [deviceId, label || `Camera ${index + 1}`]);
}
