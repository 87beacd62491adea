// The choice of a camera, where there are several, and which one was chosen last.

const CHOSEN = "mien-camera";

/**
 * @param {HTMLLabelElement} field with a `select`; hidden where there is no choice
 * @param {(deviceId: string) => void} choose
 */
export function cameraChoice(field, choose) {
  const select = /** @type {HTMLSelectElement} */ (field.querySelector("select"));
  select.addEventListener("change", () => choose(select.value));
  const list = async () => {
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const cameras = devices.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId);
    const options = cameras.map(({ label, deviceId }, n) => new Option(label || `Camera ${n + 1}`, deviceId));
    select.replaceChildren(...options);
    select.value = lastCamera();
    field.hidden = cameras.length < 2;
  };
  navigator.mediaDevices?.addEventListener("devicechange", list);
  return {
    /** That camera is on: from now on browsers tell the cameras' names. @param {string} deviceId */
    on(deviceId) {
      remember(deviceId);
      list();
    },
  };
}

/** "" where none was chosen yet. */
export function lastCamera() {
  try {
    return localStorage.getItem(CHOSEN) ?? "";
  } catch {
    return ""; // the browser keeps nothing
  }
}

/** @param {string} deviceId */
function remember(deviceId) {
  try {
    localStorage.setItem(CHOSEN, deviceId);
  } catch {
    // the browser keeps nothing
  }
}
