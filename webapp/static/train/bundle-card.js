// The Core ML bundle of a version: how its models were proved, and the download.

import { address } from "../shared/ask.js";
import { card, make } from "../shared/elements.js";
import { attempt, say } from "../shared/toast.js";
import { bundleAddress, downloadBundle, proofLines } from "./bundle-download.js";

/** @import { Card, Proof } from "../shared/api" */

const EXPLAINED = "A zip with the Core ML model in a Swift package, a README in five steps, and a model card.";
const PROVED = "Read back from disk and held against PyTorch:";
const UNPROVED = "Made, and proved right, when you download it.";
const BEING_MADE = "Being made now, and proved; a download waits for it.";
const FAILED = "It is tried again when you download it.";
const DOWNLOAD = "Download for iOS";

/**
 * @param {number} number
 * @param {Card} facts
 * @param {boolean} beingMade its training run is still at it
 */
export function bundleCard(number, { proof, package_failed: failed }, beingMade = false) {
  const unproved = failed ? `${failed} ${FAILED}` : UNPROVED;
  const about = make("p", "why", proof ? PROVED : beingMade ? BEING_MADE : unproved);
  const proofs = make("div", "train-proofs");
  if (proof) proofs.append(proofList(proof));
  const palettize = option("8-bit weights, half the size", "palettize");
  const onnx = option("ONNX beside it", "onnx");
  const get = make("button", "mien-button primary", DOWNLOAD, { type: "button", "data-download": "" });
  get.addEventListener("click", async () => {
    get.disabled = true;
    get.textContent = "Making and proving …";
    const chosen = { palettize: palettize.box.checked, onnx: onnx.box.checked };
    const all = await attempt(() => downloadBundle(bundleAddress(number, chosen)));
    get.disabled = false;
    get.textContent = DOWNLOAD;
    if (!all) return;
    about.textContent = PROVED;
    proofs.replaceChildren(...all.map(proofList));
    say("The download has started.");
  });
  const row = make("div", "train-download");
  row.append(get, palettize.field, onnx.field);
  return card("Core ML", "train-coreml", about, proofs, row, make("p", "why", EXPLAINED), law(number));
}

/** @param {number} number */
function law(number) {
  const line = make("p", "why", "Not for use at work or in schools: the EU AI Act bars emotion recognition there. ");
  const href = address("/data/train/versions/{number}/model-card", { path: { number } });
  line.append(make("a", "link", "Model card: data, figures, limits", { href, target: "_blank" }));
  return line;
}

/** @param {Proof} proof */
function proofList(proof) {
  const list = make("dl", "train-proof", "", { "data-proof": proof.format });
  for (const [name, value] of proofLines(proof)) list.append(make("dt", "", name), make("dd", "", value));
  return list;
}

/**
 * @param {string} text
 * @param {string} name
 */
function option(text, name) {
  const field = make("label", "mien-check");
  const box = make("input", "", "", { type: "checkbox", "data-option": name });
  field.append(box, ` ${text}`);
  return { field, box };
}
