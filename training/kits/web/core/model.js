// The model's folder: `mien.json`, which says what is in it, and two networks.

import { MienError } from "./error.js";

/** @import { Fault, QualityRule } from "./quality.js" */
/** @import { CropRule } from "./square.js" */
/** @import { DoubtRule } from "./steady-doubts.js" */
/** @import { Sureness } from "./sureness.js" */
/** @import { TrackerRule } from "./tracker.js" */
/** @import { YunetRule } from "./yunet.js" */
/** @typedef {{ color: string, pattern: string }} Look */
/** @typedef {{ file: string, sha256: string }} NetworkFile */
/** @typedef {YunetRule & { live: number, still: number, thinnest: number }} FinderRule pixels */
/**
 * `side`: pixels a side of the crops that the classifier takes; `half`: the classifier in half precision, where it is
 * there. The rules are those that Mien itself goes by.
 * @typedef {{
 *   version: number,
 *   labels: string[],
 *   looks: Record<string, Look>,
 *   side: number,
 *   sureness: Sureness | null,
 *   classifier: NetworkFile,
 *   half: NetworkFile | null,
 *   finder: NetworkFile,
 *   rules: {
 *     crop: CropRule, finder: FinderRule, quality: QualityRule, tracker: TrackerRule, doubts: DoubtRule,
 *     reasons: Record<Fault, string>,
 *   },
 * }} Settings
 */

const SETTINGS = "mien.json";

/**
 * What a model's folder says of itself.
 * @param {URL} folder
 * @returns {Promise<Settings>}
 */
export const readSettings = async (folder) => settingsIn(await bytesOf(new URL(SETTINGS, folder)));

/** @param {Uint8Array} bytes @returns {Settings} */
function settingsIn(bytes) {
  let settings;
  try {
    settings = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw damaged(SETTINGS, error);
  }
  const { labels, classifier, finder, rules } = settings ?? {};
  if (!Array.isArray(labels) || !labels.length || !classifier?.file || !finder?.file || !rules) throw damaged(SETTINGS);
  return settings;
}

/**
 * The bytes of a network in the folder.
 * @param {URL} folder
 * @param {NetworkFile} network
 */
export async function readNetwork(folder, { file, sha256 }) {
  const bytes = await bytesOf(new URL(file, folder));
  if (globalThis.crypto?.subtle) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    if (Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("") !== sha256) throw damaged(file);
  }
  return bytes;
}

/** @param {URL} address @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function bytesOf(address) {
  let cause;
  try {
    const answer = await fetch(address);
    if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  } catch (error) {
    cause = error;
  }
  throw new MienError("model-missing", `${address.href} is missing. Put the kit's whole folder there.`, cause);
}

/** @param {string} file @param {unknown} [cause] */
export function damaged(file, cause) {
  const how = "Unzip the kit again, and replace the whole folder.";
  return new MienError(
    "model-damaged",
    `${file} is damaged, or of another version than what is beside it. ${how}`,
    cause,
  );
}
