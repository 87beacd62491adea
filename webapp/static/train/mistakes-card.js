// The held-out faces that a version got wrong; the label may be what is wrong, so it can be changed here.

import { address, post } from "../shared/ask.js";
import { card, make } from "../shared/elements.js";
import { percent } from "../shared/numbers.js";
import { attempt, say } from "../shared/toast.js";

/** @import { MistakenFace, TrainableLabel } from "../shared/api" */

/**
 * @param {MistakenFace[]} wrong
 * @param {TrainableLabel[]} labels those that can be chosen
 * @param {() => void} changed an image got another label
 */
export function mistakesCard(wrong, labels, changed) {
  const title = "Held-out faces it got wrong";
  if (!wrong.length) return card(title, "train-mistakes", make("p", "why", "None."));
  const names = labels.map(({ name }) => name);
  const grid = make("div", "train-wrong");
  grid.append(...wrong.map((face) => mistake(face, names, changed)));
  const why = make("p", "why", "Is the label wrong? Choose the right one below the face, then retrain.");
  return card(title, "train-mistakes", why, grid);
}

/**
 * @param {MistakenFace} face
 * @param {string[]} names
 * @param {() => void} changed
 */
function mistake({ image, label, now, predicted, certainty }, names, changed) {
  const figure = make("figure", "", "", { "data-image": String(image) });
  const src = address("/data/images/{image_id}", { path: { image_id: image } });
  const picture = make("img", "", "", { src, alt: `labelled ${label}`, loading: "lazy" });
  const choose = make("select", "", "", { "aria-label": `Label of image ${image}` });
  if (now === null || !names.includes(now)) choose.append(new Option(now ?? "no label", now ?? ""));
  choose.append(...names.map((name) => new Option(name, name)));
  let current = now ?? "";
  const show = (/** @type {string} */ value) => {
    current = choose.value = value;
    figure.classList.toggle("relabelled", value !== label);
  };
  choose.addEventListener("change", async () => {
    const before = current;
    const chosen = choose.value;
    const done = await attempt(() => post("/data/annotate", { body: { ids: [image], label: chosen, kind: "label" } }));
    show(done ? chosen : before);
    if (!done) return;
    const undo = async () => {
      if (!(await attempt(() => post("/data/undo", { body: { action: done.action } })))) return;
      show(before);
      changed();
    };
    say(`Labelled ${current}. Retrain to learn from it.`, { undo });
    changed();
  });
  show(current);
  figure.append(picture, choose, make("figcaption", "", `says ${predicted}, ${percent(certainty)}`));
  return figure;
}
