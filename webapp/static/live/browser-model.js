// The version in use, loaded into this browser: the web kit's module, and the networks that the server has for it.

/** @import { BrowserModel, LabelColor } from "../shared/api" */
/** @typedef {import("../../../training/kits/web/mien.js").ExpressionClassifier} ExpressionClassifier */
/** @typedef {{ version: number, labels: LabelColor[], classifier: ExpressionClassifier }} LoadedModel */

const AGAIN = "Mien's server names the faces again.";

/** What each of the kit's errors means here. @type {Record<string, string>} */
const WORDS = {
  "no-wasm-simd": "This browser is too old to run the model: it has no WebAssembly with SIMD.",
  "runtime-missing":
    "A part of what this browser runs is missing. Type “mien web --install” once more where Mien runs.",
  "model-missing": "The model could not be fetched from Mien.",
  "model-damaged": "The model does not run in this browser, or came damaged.",
};

/** @type {{ version: number, classifier: Promise<ExpressionClassifier> } | null} */
let last = null;

/**
 * What runs a version in this browser; one that was loaded last is there at once. What was loaded before it gives its
 * memory back, unless it is in use.
 * @param {BrowserModel} model
 * @param {LoadedModel | null} inUse
 * @returns {Promise<LoadedModel>}
 * @throws {Error} with a sentence to show, or one of the kit's; see `reasonOf`
 */
export async function loadModel({ version, labels, module, models }, inUse) {
  if (!module) throw new Error("What this browser runs is not installed any more where Mien runs.");
  if (last?.version !== version) {
    passOver(last, inUse);
    const known = inUse?.version === version ? Promise.resolve(inUse.classifier) : load(module, models);
    last = { version, classifier: known };
  }
  const loading = last;
  try {
    return { version, labels, classifier: await loading.classifier };
  } catch (error) {
    if (last === loading) last = null;
    throw error;
  }
}

/**
 * One that is used no more: its memory is given back, and its version loaded anew where it is wanted again.
 * @param {LoadedModel} model
 */
export function dropModel({ version, classifier }) {
  if (last?.version === version) last = null;
  release(classifier);
}

/**
 * One that nobody has taken, and nobody will.
 * @param {typeof last} loading
 * @param {LoadedModel | null} inUse
 */
async function passOver(loading, inUse) {
  const classifier = await loading?.classifier.catch(() => null);
  if (classifier && classifier !== inUse?.classifier) release(classifier);
}

/** @param {ExpressionClassifier} classifier */
function release(classifier) {
  classifier.release().catch((error) => console.warn("Mien:", error));
}

/** @param {string} module @param {string} models their addresses */
async function load(module, models) {
  /** @type {typeof import("../../../training/kits/web/mien.js")} */
  const { ExpressionClassifier } = await import(/* @vite-ignore */ module);
  return ExpressionClassifier.load(models);
}

/**
 * Why the model does not run here, and what happens now, for a person.
 * @param {unknown} error
 */
export function reasonOf(error) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = error instanceof Error && !code && error.name === "Error" ? error.message : undefined;
  return `${WORDS[code] ?? known ?? "The model does not run in this browser."} ${AGAIN}`;
}
