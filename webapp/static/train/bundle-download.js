// Fetching the bundle of a version.

import { address } from "../shared/ask.js";
import { make } from "../shared/elements.js";

/** @import { Proof } from "../shared/api" */

const KEPT = 60_000; // ms that a browser has to begin with the file

/**
 * @param {number} number
 * @param {{ palettize: boolean, onnx: boolean }} options
 */
export const bundleAddress = (number, options) =>
  address("/data/train/versions/{number}/bundle", { path: { number }, query: options });

/**
 * The name that the server gives a file.
 * @param {string | null} disposition the header content-disposition
 */
export function fileNameIn(disposition) {
  const [, encoded] = /filename\*=utf-8''([^;]+)/i.exec(disposition ?? "") ?? [];
  if (encoded) return decodeURIComponent(encoded);
  const [, quoted, bare] = /filename=(?:"([^"]+)"|([^\s;]+))/i.exec(disposition ?? "") ?? [];
  return quoted ?? bare ?? "mien.zip";
}

/**
 * Fetches the zip, so that a refusal is a sentence and not a file, and hands it to the browser.
 * @param {string} from
 * @returns {Promise<Proof[]>} how each of its models was proved
 * @throws {Error} with a sentence to show
 */
export async function downloadBundle(from) {
  const answer = await fetch(from, { method: "POST" }).catch(() => null);
  if (!answer) throw new Error("Mien cannot be reached. Is it still running?");
  if (!answer.ok) {
    const { error } = await answer.json().catch(() => ({}));
    throw new Error(error || `The bundle could not be made (${answer.status}).`);
  }
  const href = URL.createObjectURL(await answer.blob());
  make("a", "", "", { href, download: fileNameIn(answer.headers.get("content-disposition")) }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT);
  return JSON.parse(answer.headers.get("x-mien-proof") ?? "[]");
}

const LEAST_SHOWN = 0.0001;

/** @param {number} difference */
const shownDifference = (difference) => (difference < LEAST_SHOWN ? "under 0.0001" : difference.toFixed(4));

/**
 * What is said of how a model was proved.
 * @param {Proof} proof
 * @returns {[name: string, value: string][]}
 */
export const proofLines = (proof) => [
  ["Model", `${proof.format}, ${(proof.bytes / 1e6).toFixed(1)} MB`],
  ["Greatest difference", `${shownDifference(proof.max_difference)} in probability`],
  ["Equal labels", `${(100 * proof.equal_labels).toFixed(1)} % of ${proof.faces} pictures`],
  ["Run by", proof.runner],
];
