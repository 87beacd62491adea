// Where networks run: ONNX Runtime on WebGPU, where there is one and it answers like WebAssembly, else on that.

import { MienError } from "./error.js";

/** @typedef {"webgpu" | "wasm"} Backend */
/** @typedef {{ data: Float32Array, dims: readonly number[] }} Tensor */
/** @typedef {"fp32" | "fp16"} Precision */
/** @typedef {{ backend: Backend, precision: Precision, run: (inputs: Record<string, Tensor>) => Promise<Record<string, Tensor>>, release: () => Promise<void> }} Session */
/** @typedef {{ ort: any, backend: Backend, half: boolean }} Runtime `half`: it computes in half precision as well */
/**
 * A network's bytes: those of `file`, and in `half` precision, whose weights are read from that file. `outputs`: the
 * names of those that are used, where that is not all of them.
 * @typedef {{ file: string, whole: Uint8Array, half?: Uint8Array, outputs?: string[] }} Network
 */

const FOLDER = new URL("../runtime/", import.meta.url).href;
/** @type {Record<Backend, string>} what ONNX Runtime's script loads, an `.mjs` and a `.wasm` */
const BINARIES = { wasm: "ort-wasm-simd-threaded", webgpu: "ort-wasm-simd-threaded.asyncify" };
const NEAR = 0.02; // up to which two answers count as the same: absolute, and relative to those above 1
// A function that returns a vector of 16 bytes: what has no SIMD does not take it.
const SIMD = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/** @type {Promise<Runtime> | null} there is one in a page */
let runtime = null;

/**
 * ONNX Runtime, ready for networks; asked for early, it arrives while everything else does.
 * @returns {Promise<Runtime>}
 */
export function openRuntime() {
  runtime ??= loadRuntime().catch((error) => {
    runtime = null;
    throw error;
  });
  return runtime;
}

/** @returns {Promise<Runtime>} */
async function loadRuntime() {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD)) {
    throw new MienError("no-wasm-simd", "This browser is too old: it has no WebAssembly with SIMD. Use a current one.");
  }
  const adapter = await graphicsAdapter();
  const backend = adapter ? "webgpu" : "wasm";
  fetchAhead(`${FOLDER}${BINARIES[backend]}`);
  let ort;
  try {
    ort = await import(`${FOLDER}ort.${backend}.min.mjs`);
  } catch (error) {
    const how = "Run `npm ci` where package.json is, and serve with `npm start` or build with `npm run build`.";
    throw new MienError("runtime-missing", `ONNX Runtime is not beside Mien. ${how}`, error);
  }
  ort.env.logLevel = "error";
  ort.env.wasm.wasmPaths = FOLDER;
  ort.env.wasm.numThreads = globalThis.crossOriginIsolated ? Math.min(4, navigator.hardwareConcurrency || 1) : 1;
  return { ort, backend, half: Boolean(adapter?.features.has("shader-f16")) };
}

/** Begins to fetch what ONNX Runtime asks for once its script has come. @param {string} address without the endings */
function fetchAhead(address) {
  const links = [
    { rel: "modulepreload", href: `${address}.mjs` },
    { rel: "preload", as: "fetch", crossOrigin: "", href: `${address}.wasm` },
  ];
  if (globalThis.document) {
    document.head.append(...links.map((link) => Object.assign(document.createElement("link"), link)));
  }
}

/** WebGPU's, or null where there is none. */
async function graphicsAdapter() {
  try {
    return await /** @type {any} */ (navigator).gpu?.requestAdapter();
  } catch {
    return null;
  }
}

/**
 * A network, loaded, and its answer to the sample. On WebGPU it runs in half precision, else in single, where it answers
 * the sample as WebAssembly does in single; where none of them does, it runs on that.
 * @param {Runtime} runtime
 * @param {Network} network
 * @param {Record<string, Tensor>} sample
 * @returns {Promise<[Session, Record<string, Tensor>]>}
 */
export async function openSession({ ort, backend }, { file, whole, half, outputs }, sample) {
  let processor, expected;
  try {
    processor = await open(ort, whole, "wasm", outputs);
    expected = await processor.run(sample);
  } catch (error) {
    throw new MienError("model-damaged", `${file} does not run: it is damaged, or no model of Mien's.`, error);
  }
  for (const model of backend === "webgpu" ? [half, whole] : []) {
    if (!model) continue;
    const precision = model === half ? "fp16" : "fp32";
    const externalData = model === half ? [{ path: file, data: whole }] : [];
    try {
      const session = await open(ort, model, backend, outputs, { precision, externalData });
      if (isNear(await session.run(sample), expected)) {
        await processor.release();
        return [session, expected];
      }
      await session.release();
      console.warn(`Mien: WebGPU answers otherwise than WebAssembly, so ${file} does not run there in ${precision}.`);
    } catch (error) {
      console.warn(`Mien: ${file} does not run on WebGPU in ${precision}.`, error);
    }
  }
  return [processor, expected];
}

/**
 * @param {any} ort
 * @param {Uint8Array} model
 * @param {Backend} backend
 * @param {string[]} [outputs]
 * @param {{ precision?: Precision, externalData?: { path: string, data: Uint8Array }[] }} [options]
 * @returns {Promise<Session>}
 */
async function open(ort, model, backend, outputs, { precision = "fp32", externalData = [] } = {}) {
  // What there is to fold and fuse the export has done: on WebAssembly looking for more only takes time.
  const graphOptimizationLevel = backend === "wasm" ? "disabled" : "all";
  const options = { executionProviders: [backend], externalData, graphOptimizationLevel };
  const session = await ort.InferenceSession.create(model, options);
  return {
    backend,
    precision,
    run: (inputs) => {
      const made = Object.entries(inputs).map(([name, { data, dims }]) => [
        name,
        new ort.Tensor("float32", data, dims),
      ]);
      return session.run(Object.fromEntries(made), outputs);
    },
    release: () => session.release(),
  };
}

/**
 * @param {Record<string, Tensor>} answers
 * @param {Record<string, Tensor>} expected
 */
function isNear(answers, expected) {
  return Object.entries(expected).every(([name, { data }]) =>
    data.every((value, n) => Math.abs(answers[name].data[n] - value) <= NEAR * Math.max(1, Math.abs(value))),
  );
}
