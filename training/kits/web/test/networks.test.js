// The networks, run by ONNX Runtime on WebAssembly, answer as they do in Mien.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

import * as ort from "onnxruntime-web";

import { cut } from "../core/crop.js";
import { area } from "../core/face.js";
import { faceSquare } from "../core/square.js";
import { yunetFaces, yunetInput } from "../core/yunet.js";
import { near, nearFace, pixelsOf } from "./comparing.js";

const file = (path) => readFile(new URL(path, import.meta.url));
const settings = JSON.parse(await file("../models/mien.json"));
const { drawn } = JSON.parse(await file("vectors.json"));
ort.env.wasm.numThreads = 1;

async function answers(model, name, { data, dims }) {
  const whole = { path: settings.classifier.file, data: await file(`../models/${settings.classifier.file}`) };
  const options = { executionProviders: ["wasm"], ...(model === settings.half.file && { externalData: [whole] }) };
  const session = await ort.InferenceSession.create(await file(`../models/${model}`), options);
  const outputs = await session.run({ [name]: new ort.Tensor("float32", data, dims) });
  return Object.fromEntries(Object.entries(outputs).map(([output, tensor]) => [output, tensor.data]));
}

test("both drawn faces are found where Mien finds them", async () => {
  const pixels = pixelsOf(drawn.picture);
  const outputs = await answers(settings.finder.file, "input", yunetInput(pixels));
  const found = yunetFaces(outputs, pixels, settings.rules.finder);
  found.sort((one, other) => area(other.box) - area(one.box));
  assert.equal(found.length, 2);
  found.forEach((face, n) => {
    nearFace(face, drawn.found[n], 0.02);
    near(face.certainty, drawn.found[n].certainty, 1e-3);
  });
});

test("they are named as Mien names them, in half precision too", async () => {
  const { side, labels, rules, classifier, half } = settings;
  const pixels = pixelsOf(drawn.picture);
  const data = new Float32Array(drawn.found.length * side * side);
  drawn.found.forEach(({ points, box }, n) => {
    const square = faceSquare(points, box, rules.crop);
    data.set(cut(pixels, { left: 0, top: 0 }, square, side, rules.crop).data, n * side * side);
  });
  for (const [{ file: name }, tolerance] of [
    [classifier, 0.01],
    [half, 0.02],
  ]) {
    const { probabilities } = await answers(name, "face", { data, dims: [drawn.found.length, 1, side, side] });
    assert.equal(probabilities.length, 2 * labels.length);
    drawn.probabilities.flat().forEach((value, n) => near(probabilities[n], value, tolerance));
  }
});
