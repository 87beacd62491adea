// Pictures that were dropped on the page or chosen, with the answer drawn on them.

import { chipTexts, freshPen } from "./draw-face.js";
import { drawFaces, placeIn } from "./draw.js";
import { sentence } from "./words.js";

/** @import { ExpressionClassifier } from "../mien.js" */

const HEIGHT = 240;
const SHARPEST = 1280; // pixels of a shown picture's longer side

/**
 * @param {{ list: HTMLElement, input: HTMLInputElement, clear: HTMLElement }} parts
 * @param {Promise<ExpressionClassifier>} loading
 */
export function takePictures({ list, input, clear }, loading) {
  const take = (/** @type {Iterable<File>} */ files) => {
    for (const file of files) list.prepend(shown(file, loading));
    clear.hidden = !list.childElementCount;
  };
  input.addEventListener("change", () => {
    take(input.files ?? []);
    input.value = "";
  });
  clear.addEventListener("click", () => {
    list.replaceChildren();
    clear.hidden = true;
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    take(event.dataTransfer?.files ?? []);
  });
}

/**
 * @param {File} file
 * @param {Promise<ExpressionClassifier>} loading
 */
function shown(file, loading) {
  const figure = document.createElement("figure");
  const canvas = document.createElement("canvas");
  const caption = document.createElement("figcaption");
  figure.className = "card picture";
  caption.textContent = `${file.name} …`;
  figure.append(canvas, caption);
  named(file, canvas, loading).then(
    (words) => {
      caption.textContent = `${file.name}: ${words}`;
      figure.dataset.state = "done";
    },
    (error) => {
      caption.textContent = `${file.name}: ${sentence(error)}`;
      figure.classList.add("bad");
      figure.dataset.state = "failed";
      canvas.remove();
    },
  );
  return figure;
}

/**
 * Draws a picture and its faces; answers what is said of them.
 * @param {File} file
 * @param {HTMLCanvasElement} canvas
 * @param {Promise<ExpressionClassifier>} loading
 */
async function named(file, canvas, loading) {
  const classifier = await loading;
  const faces = await classifier.faces(file);
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SHARPEST / Math.max(bitmap.width, bitmap.height));
  const size = { width: bitmap.width * scale, height: Math.max(HEIGHT / 4, bitmap.height * scale) };
  const pen = freshPen(canvas, size);
  const place = placeIn(size, bitmap);
  pen.drawImage(bitmap, place.x, place.y, place.width, place.height);
  const onScreen = placeIn({ width: canvas.clientWidth, height: canvas.clientHeight }, size);
  const zoom = onScreen.width / size.width;
  drawFaces(pen, faces, { looks: classifier.looks, picture: bitmap, bounds: size, zoom });
  bitmap.close();
  return faces.length ? faces.map((face) => chipTexts(face).full).join(", ") : "no face found";
}
