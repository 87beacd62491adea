// The row below a stage: which camera, mirror, start and stop.

import { camera } from "./camera.js";

const MARKUP = `
  <label class="mien-field"><span>Camera</span><select data-camera></select></label>
  <button type="button" class="mien-button" data-mirror aria-pressed="true">Mirror</button>
  <button type="button" class="mien-button" data-power></button>`;

export function controls(element) {
  element.classList.add("mien-controls");
  element.innerHTML = MARKUP;
  const select = element.querySelector("[data-camera]");
  const mirror = element.querySelector("[data-mirror]");
  const power = element.querySelector("[data-power]");

  const show = () => {
    const names = camera.devices.map((device, index) => [device.deviceId, device.label || `Camera ${index + 1}`]);
    const options = names.length ? names : [["", "Default camera"]];
    if (JSON.stringify(options) !== select.dataset.options) {
      select.dataset.options = JSON.stringify(options);
      select.replaceChildren(...options.map(([id, name]) => new Option(name, id)));
    }
    select.value = camera.deviceId;
    if (select.selectedIndex < 0) select.selectedIndex = 0;
    select.disabled = camera.state === "asking";
    mirror.setAttribute("aria-pressed", String(camera.mirror));
    const running = camera.state === "on" || camera.state === "asking";
    power.textContent = running ? "Stop" : "Start";
    power.classList.toggle("running", running);
  };
  select.addEventListener("change", () => camera.start(select.value));
  mirror.addEventListener("click", () => camera.setMirror(!camera.mirror));
  power.addEventListener("click", () =>
    camera.state === "on" || camera.state === "asking" ? camera.stop() : camera.start(),
  );
  camera.addEventListener("change", show);
  show();
}
