// What a stage says: what stands between the person and a named face, in one sentence.

/** @import { CameraProblem } from "./camera-problems.js" */
/** @import { CameraState } from "./camera.js" */
/** @import { SocketState } from "./live-socket.js" */

const NO_FACE_AFTER = 700; // ms; one that is only missed for a moment is not missing

/**
 * @typedef {object} StageState
 * @property {CameraState} camera
 * @property {CameraProblem | null} problem
 * @property {SocketState} socket
 * @property {boolean} here whether this browser names the faces, instead of the server
 * @property {boolean} sent whether frames go to the server though the person had Live name faces in this browser
 * @property {boolean} silent no answer has come for a while
 * @property {number} faces how many are seen now
 * @property {number} place of the main face among several, from the left, counted from 1; 0: there is none
 * @property {number} faceless milliseconds without any; 0 while there is one
 */

/**
 * The panel that stands in the picture's place: title, text, and what its button does ("" for no button).
 * @param {Pick<StageState, "camera" | "problem">} state
 */
export function panelWords({ camera, problem }) {
  if (camera === "problem" && problem) {
    return { title: problem.title, text: problem.text, action: problem.retry ?? "" };
  }
  if (camera === "asking") {
    const text = "Answer the browser's question. The picture stays on this computer.";
    return { title: "May Mien use the camera?", text, action: "" };
  }
  return {
    title: "The camera is off",
    text: "Start it to see expressions named as they happen.",
    action: "Start camera",
  };
}

/**
 * The note over the picture, or "".
 * @param {StageState} state
 */
export function note({ camera, socket, here, silent, faceless }) {
  if (socket === "lost") return "Connection to Mien lost. Trying again…";
  if (camera !== "on") return "";
  if (socket === "connecting") return here ? "Loading the model…" : "Connecting…";
  if (silent) return "No answer from Mien. Waiting…";
  return faceless > NO_FACE_AFTER ? "No face in view" : "";
}

/**
 * Whether something stands between the person and a named face, which a screen reader is told at once.
 * @param {StageState} state
 */
export const isStuck = ({ camera, socket, silent }) => camera !== "on" || socket !== "open" || silent;

/**
 * What a screen reader is told.
 * @param {StageState} state
 */
export function spoken(state) {
  if (state.camera !== "on") {
    const { title, text } = panelWords(state);
    return `${title}. ${text}`;
  }
  if (note(state)) return note(state);
  if (!state.faces) return "";
  if (state.faces === 1) return "One face in view";
  const main = state.place ? `, the main one is number ${state.place} from the left` : "";
  return `${state.faces} faces in view${main}`;
}
