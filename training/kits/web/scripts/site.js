// What a web host needs of this folder: the kit's files, and those of ONNX Runtime that browsers load.

import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

export const HOME = new URL("../", import.meta.url);
const OWN = ["index.html", "mien.js", "mien.d.ts", "core", "models", "page"];
const DIST = "node_modules/onnxruntime-web/dist";
const RUNTIME = [
  ...["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"],
  ...["ort.webgpu.min.mjs", "ort-wasm-simd-threaded.asyncify.mjs", "ort-wasm-simd-threaded.asyncify.wasm"],
];

/**
 * Each file's address on the site, such as "core/crop.js", and where it is here.
 * @returns {Promise<Map<string, string>>}
 */
export async function siteFiles() {
  const files = new Map();
  for (const name of OWN) {
    const inside = name.includes(".") ? [name] : (await readdir(new URL(name, HOME))).map((file) => `${name}/${file}`);
    for (const path of inside.sort()) files.set(path, fileURLToPath(new URL(path, HOME)));
  }
  for (const name of RUNTIME) files.set(`runtime/${name}`, fileURLToPath(new URL(`${DIST}/${name}`, HOME)));
  return files;
}
