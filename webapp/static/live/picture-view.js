// A picture large, over the page: left and right go to the next one, and its faces can be taught.

import { button, make } from "../shared/elements.js";
import { spokenName } from "../shared/face-name.js";
import { labelByKey } from "../shared/label-keys.js";
import { lifetime } from "../shared/lifetime.js";
import { isIn } from "../shared/stage-geometry.js";
import { attempt, place } from "../shared/toast.js";
import { undoLast } from "../shared/undo.js";
import { heatLegend, why, WHY_KEY, whyButton } from "../shared/why.js";
import { TeachMenu } from "./teach-menu.js";

/** @import { LabelColor } from "../shared/api" */
/** @import { DrawnFace } from "../shared/draw-face.js" */
/** @import { NamedPicture } from "./named-picture.js" */

const LARGEST = 3; // times its own size

/**
 * @param {NamedPicture[]} pictures that have their answers
 * @param {NamedPicture} first
 * @param {LabelColor[]} labels that can be given
 * @returns {Promise<NamedPicture>} the last one, once it is closed
 */
export function showPictures(pictures, first, labels) {
  const dialog = make("dialog", "mien-card mien-dialog large-view picture-view", "", { "aria-label": "Picture" });
  const title = make("h2", "", "", { "aria-live": "polite" });
  const stage = make("div", "picture-stage");
  const canvas = make("canvas", "", "", { tabindex: 0, role: "application" });
  const hint = make("p", "mien-hint");
  const moves = make("div", "row large-moves");
  const head = make("div", "large-head");
  head.append(title, moves);
  const legend = heatLegend("on-stage");
  stage.append(canvas, legend.element);
  dialog.append(head, stage, hint);
  document.querySelector(".gradio-container")?.append(dialog);
  let index = pictures.indexOf(first);
  /** @type {DrawnFace[]} */
  let faces = [];
  let main = 0;

  const show = async () => {
    const picture = pictures[index];
    const { width, height } = picture.answer ?? { width: 1, height: 1 };
    const fit = Math.min(stage.clientWidth / width, stage.clientHeight / height, LARGEST);
    const longest = Math.max(width, height) * fit * (window.devicePixelRatio || 1);
    const drawn = await picture.draw(canvas, { longest, main, labels, shown: width * fit });
    if (picture !== pictures[index]) return;
    faces = drawn;
    canvas.style.width = `${width * fit}px`;
    const chosen = faces.find(({ id }) => id === main);
    title.textContent = pictures.length > 1 ? `${picture.name} · ${index + 1} of ${pictures.length}` : picture.name;
    canvas.setAttribute("aria-label", chosen ? `Face: ${spokenName(chosen)}` : picture.words);
    hint.textContent = hintFor(faces.length);
    legend.show(picture.heatWords);
  };
  const showWhy = async () => {
    const picture = pictures[index];
    if (picture.lacksHeat) await attempt(() => picture.ask());
    await show();
  };
  /** @param {number} by */
  const step = (by) => {
    index = (index + by + pictures.length) % pictures.length;
    main = 0;
    menu.close();
    return showWhy();
  };
  /** @param {number} by */
  const chooseFace = (by) => {
    const row = [...faces].sort((one, other) => one.box.x - other.box.x);
    if (!row.length) return;
    const at = row.findIndex(({ id }) => id === main);
    main = row[(at + by + row.length) % row.length].id;
    show();
  };
  /** @param {string} label @param {number} face */
  const teach = (label, face) => {
    const picture = pictures[index];
    if (faces.length) attempt(() => picture.teach(face, label, show));
  };
  const menu = new TeachMenu(stage, (label, /** @type {{ id: number }} */ { id }) => teach(label, id));
  /** @param {DrawnFace | undefined} face */
  const open = (face) => {
    if (!face) return;
    main = face.id;
    show();
    const scale = canvas.clientWidth / canvas.width;
    const { x, y, width, height } = face.box;
    const box = { x: canvas.offsetLeft + x * scale, y: canvas.offsetTop + y * scale };
    menu.setLabels(labels);
    menu.open(face, { ...box, width: width * scale, height: height * scale });
  };
  canvas.addEventListener("click", (event) => {
    const bounds = canvas.getBoundingClientRect();
    const scale = canvas.width / bounds.width;
    const [x, y] = [(event.clientX - bounds.left) * scale, (event.clientY - bounds.top) * scale];
    open(faces.find(({ box }) => isIn(x, y, box)));
  });

  /** @param {KeyboardEvent} event */
  const pressed = ({ key, target }) => {
    const label = labelByKey(labels, key);
    if (key === "ArrowRight") step(1);
    else if (key === "ArrowLeft") step(-1);
    else if (key === "ArrowDown") chooseFace(1);
    else if (key === "ArrowUp") chooseFace(-1);
    else if (key === "Enter" && target === canvas) open(faces.find(({ id }) => id === main));
    else if (key === WHY_KEY) why.toggle();
    else if (key === "u") undoLast();
    else if (label) {
      const face = menu.face?.id ?? main;
      menu.close();
      teach(label.name, face);
    } else return false;
    return true;
  };
  dialog.addEventListener("keydown", (event) => {
    const { defaultPrevented, repeat, ctrlKey, metaKey, altKey } = event;
    if (defaultPrevented || ctrlKey || metaKey || altKey || (repeat && !event.key.startsWith("Arrow"))) return;
    if (pressed(event)) event.preventDefault();
  });

  const move = (/** @type {string} */ text, /** @type {string} */ name, /** @type {() => unknown} */ action) => {
    const made = button(text, "quiet", action);
    made.title = made.ariaLabel = name;
    return made;
  };
  moves.append(whyButton(lifetime(dialog)));
  why.on("change", showWhy, lifetime(dialog));
  if (pictures.length > 1)
    moves.append(
      move("‹", "Previous picture", () => step(-1)),
      move("›", "Next picture", () => step(1)),
    );
  moves.append(move("×", "Close", () => dialog.close()));
  dialog.showModal();
  window.addEventListener("resize", show, { signal: lifetime(dialog) });
  canvas.focus();
  showWhy();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => {
      place(); // what is said stays on the page
      dialog.remove();
      resolve(pictures[index]);
    }),
  );
}

/** @param {number} faces */
function hintFor(faces) {
  if (!faces) return "No face was found here.";
  const several = faces > 1 ? " ↑ ↓ choose one of them." : "";
  return `Wrong? Click the face, or press a label's key or Enter, and Mien keeps it as an example.${several}`;
}
