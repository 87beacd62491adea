// Pictures dropped below the camera: each is sent as it is, and the answer is drawn on it.

import { takesDrops } from "../shared/drop.js";
import { drawFace } from "../shared/stage.js";
import { SPARE } from "../shared/colors.js";
import { percent } from "../shared/numbers.js";

const LONGEST_SIDE = 1280;
const AT_ONCE = 2;

export function pictures(element) {
  const input = element.querySelector("input[type=file]");
  const list = element.querySelector("[data-pictures]");
  const clear = element.querySelector("[data-clear]");
  const queue = [];
  let running = 0;

  const work = async () => {
    if (running >= AT_ONCE || !queue.length) return;
    running += 1;
    const { file, card } = queue.shift();
    await show(file, card).catch((error) => say(card, `${file.name}: ${error.message}`, true));
    running -= 1;
    work();
  };
  const add = (files) => {
    for (const file of files) {
      const card = document.createElement("figure");
      card.className = "picture waiting";
      card.innerHTML = `<canvas role="img"></canvas><figcaption aria-live="polite"></figcaption>`;
      say(card, `${file.name}: looking…`);
      list.prepend(card);
      queue.push({ file, card });
      work();
    }
    clear.hidden = !list.children.length;
  };

  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
  takesDrops(element.querySelector("[data-drop]"), ({ files }) => add([...files]));
  clear.addEventListener("click", () => {
    queue.length = 0;
    list.replaceChildren();
    clear.hidden = true;
    input.focus();
  });
}

async function show(file, card) {
  let response;
  try {
    response = await fetch("/mien/api/predict", { method: "POST", body: file });
  } catch {
    return say(card, `${file.name}: Mien cannot be reached. Is it still running?`, true);
  }
  const answer = await response.json();
  if (answer.error) return say(card, `${file.name}: ${answer.error}`, true);
  const colors = new Map(answer.labels.map(({ name, color }) => [name, color]));
  await draw(file, card, answer, colors);
  const names = answer.faces.map((face) => `${face.label} ${percent(face.probabilities[face.label])}`);
  say(card, names.length ? `${file.name}: ${names.join(", ")}` : `${file.name}: no face found`);
}

async function draw(file, card, answer, colors) {
  const canvas = card.querySelector("canvas");
  const scale = Math.min(1, LONGEST_SIDE / Math.max(answer.width, answer.height));
  canvas.width = Math.max(1, Math.round(answer.width * scale));
  canvas.height = Math.max(1, Math.round(answer.height * scale));
  const pen = canvas.getContext("2d");
  try {
    const bitmap = await createImageBitmap(file);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
  } catch {
    pen.fillStyle = "#8884"; // a format that Mien reads and this browser does not, TIFF for one
    pen.fillRect(0, 0, canvas.width, canvas.height);
  }
  const size = Math.max(0.6, canvas.width / 420);
  for (const face of answer.faces) {
    const [x, y, w, h] = face.box;
    const box = { x: x * canvas.width, y: y * canvas.height, width: w * canvas.width, height: h * canvas.height };
    const text = `${face.label}  ${percent(face.probabilities[face.label])}`;
    drawFace(pen, box, text, colors.get(face.label) || SPARE, canvas.width, canvas.height, size);
  }
}

function say(card, text, bad = false) {
  card.classList.remove("waiting");
  card.classList.toggle("bad", bad);
  card.querySelector("canvas").hidden = bad;
  card.querySelector("canvas").setAttribute("aria-label", text);
  card.querySelector("figcaption").textContent = text;
}
