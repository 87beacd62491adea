// Fetching the zip of a version.

import { make } from "../shared/elements.js";

/** @import { Proof } from "../shared/api" */
/** @typedef {{ bytes: number, proofs: Proof[] }} MadeKit how large a zip is, and how the models in it were proved */

const KEPT = 60_000; // ms that a browser has to begin with the file

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
 * @returns {Promise<MadeKit>}
 * @throws {Error} with a sentence to show
 */
export async function downloadKit(from) {
  const answer = await fetch(from, { method: "POST" }).catch(() => null);
  if (!answer) throw new Error("Mien cannot be reached. Is it still running?");
  if (!answer.ok) {
    const { error } = await answer.json().catch(() => ({}));
    throw new Error(error || `The zip could not be made (${answer.status}).`);
  }
  const zip = await answer.blob();
  const href = URL.createObjectURL(zip);
  make("a", "", "", { href, download: fileNameIn(answer.headers.get("content-disposition")) }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT);
  return { bytes: zip.size, proofs: JSON.parse(answer.headers.get("x-mien-proof") ?? "[]") };
}
