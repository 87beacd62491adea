// A picture with what Mien says of its faces, and what a person says of them.

import { post } from "../shared/ask.js";
import { ChipLayout } from "../shared/chip-layout.js";
import { FacePainter, sizeOn } from "../shared/draw-face.js";
import { isUnsure, spokenName } from "../shared/face-name.js";
import { changed } from "../shared/freshness.js";
import { heatOn, paintHeats } from "../shared/heat-painter.js";
import { percent } from "../shared/numbers.js";
import { boxOn } from "../shared/stage-geometry.js";
import { heatWords, why } from "../shared/why.js";
import { tellTaught } from "./taught.js";

/** @import { LabelColor, PictureFaces } from "../shared/api" */
/** @import { DrawnFace } from "../shared/draw-face.js" */
/** @import { DrawnHeat } from "../shared/heat-painter.js" */

export class NamedPicture {
  /** @type {PictureFaces | null} */
  answer = null;
  /** @type {Map<number, string>} the label that a person gave, by the face's place in `answer` */
  #taught = new Map();
  #hot = false;

  /** @param {File} file */
  constructor(file) {
    this.file = file;
  }

  get name() {
    return this.file.name;
  }

  async ask() {
    const heat = why.shown;
    this.answer = await post("/predict", { query: { heat }, file: this.file });
    this.#hot = heat;
  }

  /** Whether it is to show what spoke for its answer, and was not asked that yet. */
  get lacksHeat() {
    return why.shown && !this.#hot;
  }

  /** What its heat maps show, in words; "" while they are not wanted. */
  get heatWords() {
    if (!why.shown || !this.answer) return "";
    return heatWords(
      this.answer.faces.filter(({ heat }) => heat),
      this.answer.no_heat,
    );
  }

  /** What is said of it, in words. */
  get words() {
    return this.answer ? facesIn(this.answer) : "looking…";
  }

  /**
   * The picture and its faces on a canvas, which takes its shape; answers where the faces are on it.
   * @param {HTMLCanvasElement} canvas
   * @param {{ longest: number, shown: number, main?: number | null, labels?: LabelColor[] }} how `longest` side at most
   *   and the width that it is `shown` at, in pixels; and labels that the model may not know
   */
  async draw(canvas, { longest, shown, main = null, labels = [] }) {
    if (!this.answer) return [];
    const { width, height } = this.answer;
    const scale = Math.min(1, longest / Math.max(width, height));
    const whole = {
      x: 0,
      y: 0,
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
    };
    const bitmap = await createImageBitmap(this.file).catch(() => null);
    Object.assign(canvas, { width: whole.width, height: whole.height });
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    if (bitmap) {
      pen.drawImage(bitmap, 0, 0, whole.width, whole.height);
      bitmap.close();
    } else {
      pen.fillStyle = "#8884"; // a format that Mien reads and this browser does not, TIFF for one
      pen.fillRect(0, 0, whole.width, whole.height);
    }
    const faces = this.#faces(whole);
    const looks = [...labels, ...this.answer.labels];
    const size = (sizeOn(shown) * whole.width) / shown;
    paintHeats(pen, faces);
    new FacePainter(new ChipLayout()).paint(pen, faces, { main, bounds: whole, size, now: 0, labels: looks });
    return faces;
  }

  /**
   * @param {import("../shared/chip-layout.js").Rectangle} whole
   * @returns {(DrawnFace & { heat?: DrawnHeat })[]}
   */
  #faces(whole) {
    const faces = this.answer?.faces ?? [];
    return faces.flatMap(({ box, heat, ...face }, id) => {
      if (!box) return [];
      const drawn = { ...face, id, box: boxOn(box, whole), taught: this.#taught.get(id) };
      return [heat && why.shown ? { ...drawn, heat: heatOn(heat, whole) } : drawn];
    });
  }

  /**
   * The face is really `label`: it becomes an example, until that is taken back.
   * @param {number} id its place in `answer`
   * @param {string} label
   * @param {() => void} show what is so now
   */
  async teach(id, label, show) {
    const box = this.answer?.faces[id]?.box;
    if (!box) return;
    const [left, top, width, height] = box;
    const query = { label, left, top, width, height };
    const taught = await post("/teach", { query, file: this.file });
    this.#taught.set(id, label);
    tellTaught(taught, () => {
      this.#taught.delete(id);
      show();
    });
    show();
    changed();
  }
}

/** @param {PictureFaces} answer */
export function facesIn({ faces }) {
  if (!faces.length) return "no face found";
  const words = faces.map((face) =>
    isUnsure(face) ? spokenName(face) : `${face.label} ${percent(face.probabilities[face.label])}`,
  );
  return words.join(faces.some(isUnsure) ? "; " : ", ");
}
