import { Jimp } from "jimp";
import * as ort from "onnxruntime-web";
import card from "./card.json" with { type: "json" };

const side = card.network.size;
const { data } = (await Jimp.read(process.argv[2])).resize({ w: side, h: side }).bitmap; // red, green, blue, alpha
const grey = (_, i) => 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
const face = new ort.Tensor("float32", Float32Array.from({ length: side ** 2 }, grey), [1, 1, side, side]);
const { probabilities } = await (await ort.InferenceSession.create("mien.onnx")).run({ face }, ["probabilities"]);
const best = probabilities.data.indexOf(Math.max(...probabilities.data));
console.log(card.labels[best], probabilities.data[best]);
