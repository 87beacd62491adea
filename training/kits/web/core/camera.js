// The camera's picture in a video, and plain words for everything that keeps it from running.

import { MienError } from "./error.js";

/** @import { MienErrorCode } from "./error.js" */

const WANTED = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 60 } };

/** @type {Partial<Record<MienErrorCode, string>>} */
const WORDS = {
  "camera-denied": "The camera is blocked. Allow it for this page: click the camera or lock icon in the address bar.",
  "camera-missing": "No camera was found. Plug one in or switch it on.",
  "camera-taken": "The camera is in use. Another program or page holds it: close that one.",
  "camera-insecure": "Browsers give the camera only to pages on https or on this computer.",
};

/** By the name of what `getUserMedia` rejects with. @type {Record<string, MienErrorCode>} */
const CODES = {
  NotAllowedError: "camera-denied",
  SecurityError: "camera-denied",
  NotFoundError: "camera-missing",
  OverconstrainedError: "camera-missing",
};

/**
 * Shows a camera in a video; answers its stream, whose tracks are to be stopped at the end.
 * @param {HTMLVideoElement} video
 * @param {string} [deviceId] of the camera that is wanted; where it is gone, any will do
 * @returns {Promise<MediaStream>}
 */
export async function openCamera(video, deviceId) {
  if (!navigator.mediaDevices?.getUserMedia) throw problem("camera-insecure");
  const stream = await streamOf(deviceId);
  video.muted = video.playsInline = true;
  video.srcObject = stream;
  await video.play();
  return stream;
}

/** @param {string} [deviceId] @returns {Promise<MediaStream>} */
async function streamOf(deviceId) {
  const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: "user" };
  try {
    return await navigator.mediaDevices.getUserMedia({ video: { ...WANTED, ...which } });
  } catch (error) {
    // In some browsers it is no Error.
    const name = error && typeof error === "object" && "name" in error ? String(error.name) : "";
    if (deviceId && name === "OverconstrainedError") return streamOf(); // that camera is gone
    throw problem(CODES[name] ?? "camera-taken", error);
  }
}

/** @param {MienErrorCode} code @param {unknown} [cause] */
const problem = (code, cause) => new MienError(code, WORDS[code] ?? "", cause);
