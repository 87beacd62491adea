// Pictures dropped below the camera: each is sent as it is, and the answer is drawn on it.

import { post } from "../shared/ask.js";
import { ChipLayout } from "../shared/chip-layout.js";
import { FacePainter } from "../shared/draw-face.js";
import { takesDrops } from "../shared/drop.js";
import { find, make } from "../shared/elements.js";
import { percent } from "../shared/numbers.js";
import { boxOn } from "../shared/stage-geometry.js";

/** @import { PictureFaces } from "../shared/api" */

const LONGEST_SIDE = 1280;
const AT_ONCE = 2;

/** @param {HTMLElement} element */
export function pictures(element) {
  const input = find(element, "input", "[type=file]");
  const list = find(element, "div", "[data-pictures]");
  const clear = find(element, "button", "[data-clear]");
  /** @type {{ file: File, card: HTMLElement }[]} */
  const queue = [];
  let running = 0;

  const work = async () => {
    const next = running < AT_ONCE && queue.shift();
    if (!next) return;
    running += 1;
    await show(next.file, next.card).catch((error) => tell(next.card, `${next.file.name}: ${error.message}`, true));
    running -= 1;
    work();
  };
  /** @param {File[]} files */
  const add = (files) => {
    for (const file of files) {
      const card = make("figure", "mien-card picture");
      card.innerHTML = `<canvas role="img"></canvas><figcaption aria-live="polite"></figcaption>`;
      tell(card, `${file.name}: looking…`);
      list.prepend(card);
      queue.push({ file, card });
      work();
    }
    clear.hidden = !list.children.length;
  };

  input.addEventListener("change", () => {
    add([...(input.files ?? [])]);
    input.value = "";
  });
  takesDrops(find(element, "div", "[data-drop]"), ({ files }) => add([...files]));
  clear.addEventListener("click", () => {
    queue.length = 0;
    list.replaceChildren();
    clear.hidden = true;
    input.focus();
  });
}

/**
 * @param {File} file
 * @param {HTMLElement} card
 */
async function show(file, card) {
  const answer = await post("/predict", { file });
  await draw(file, find(card, "canvas"), answer);
  tell(card, `${file.name}: ${facesIn(answer)}`);
}

/** @param {PictureFaces} answer */
export function facesIn({ faces }) {
  if (!faces.length) return "no face found";
  return faces.map(({ label, probabilities }) => `${label} ${percent(probabilities[label])}`).join(", ");
}

/**
 * @param {File} file
 * @param {HTMLCanvasElement} canvas
 * @param {PictureFaces} answer
 */
async function draw(file, canvas, { width, height, faces, labels }) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  try {
    const bitmap = await createImageBitmap(file);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
  } catch {
    pen.fillStyle = "#8884"; // a format that Mien reads and this browser does not, TIFF for one
    pen.fillRect(0, 0, canvas.width, canvas.height);
  }
  const whole = { x: 0, y: 0, width: canvas.width, height: canvas.height };
  const boxed = faces.flatMap((face, id) => (face.box ? [{ ...face, id, box: boxOn(face.box, whole) }] : []));
  const size = Math.max(0.6, canvas.width / 420);
  new FacePainter(new ChipLayout()).paint(pen, boxed, { main: null, bounds: whole, size, now: 0, labels });
}

/**
 * @param {HTMLElement} card
 * @param {string} text
 * @param {boolean} [bad]
 */
function tell(card, text, bad = false) {
  const canvas = find(card, "canvas");
  card.classList.toggle("bad", bad);
  canvas.hidden = bad;
  canvas.setAttribute("aria-label", text);
  find(card, "figcaption").textContent = text;
}
