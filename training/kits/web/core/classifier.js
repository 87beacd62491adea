// From a picture to expressions: find, crop, classify.

import { scaled, area } from "./face.js";
import { damaged, readNetwork, readSettings } from "./model.js";
import { stillPicture, VideoFrames } from "./picture.js";
import { qualityOf } from "./quality.js";
import { openRuntime, openSession } from "./session.js";
import { faceSquare } from "./square.js";
import { SteadyDoubts } from "./steady-doubts.js";
import { doubtOf } from "./sureness.js";
import { Tracker } from "./tracker.js";
import { yunetFaces, yunetInput } from "./yunet.js";

/** @import { Box, FoundFace, Point } from "./face.js" */
/** @import { Look, Settings } from "./model.js" */
/** @import { ImageSource, Picture } from "./picture.js" */
/** @import { Pixels } from "./pixels.js" */
/** @import { Quality } from "./quality.js" */
/** @import { Runtime, Session } from "./session.js" */
/** @typedef {{ id: number, box: Box, points: Point[], label: string, probabilities: Record<string, number>,
 *   quality: Quality, doubt: string }} FaceExpression */
/** @typedef {{ frames: VideoFrames, tracker: Tracker, doubts: SteadyDoubts }} Followed */

export class ExpressionClassifier {
  /** @type {WeakMap<HTMLVideoElement, Followed>} */
  #followed = new WeakMap();
  /** @type {Promise<unknown>} what the networks are busy with */
  #busy = Promise.resolve();
  #settings;
  #classifier;
  #finder;

  /**
   * The model in a folder, ready to name faces.
   * @param {string | URL} [folder] its address
   */
  static async load(folder = new URL("../models/", import.meta.url)) {
    const address = new URL(`${folder}`.replace(/\/?$/, "/"), globalThis.document?.baseURI ?? import.meta.url);
    const arriving = awaited(openRuntime());
    const settings = await readSettings(address);
    const [finderBytes, bytes] = [settings.finder, settings.classifier].map((file) =>
      awaited(readNetwork(address, file)),
    );
    const runtime = await arriving;
    const half = runtime.half && settings.half ? awaited(readNetwork(address, settings.half)) : undefined;
    const network = { ...settings.finder, whole: await finderBytes };
    const [finder] = await openSession(runtime, network, { input: sample([1, 3, 64, 64]) });
    try {
      const classifier = await openClassifier(runtime, settings, await bytes, await half);
      return new ExpressionClassifier(settings, classifier, finder);
    } catch (error) {
      await finder.release();
      throw error;
    }
  }

  /**
   * @param {Settings} settings
   * @param {Session} classifier
   * @param {Session} finder
   */
  constructor(settings, classifier, finder) {
    this.#settings = settings;
    this.#classifier = classifier;
    this.#finder = finder;
  }

  /** What the model names, in its order. */
  get labels() {
    return [...this.#settings.labels];
  }

  /** How Mien shows each label. @returns {Record<string, Look>} */
  get looks() {
    return structuredClone(this.#settings.looks);
  }

  /** Where the model runs. */
  get backend() {
    return this.#classifier.backend;
  }

  /** In which the classifier computes. */
  get precision() {
    return this.#classifier.precision;
  }

  /**
   * The faces of a picture, the largest first; of a video, those of its frame now, followed from frame to frame.
   * @param {HTMLVideoElement | ImageSource} source
   * @returns {Promise<FaceExpression[]>}
   */
  faces(source) {
    const answer = this.#busy.then(() =>
      source instanceof HTMLVideoElement ? this.#live(source) : this.#still(source),
    );
    this.#busy = answer.catch(() => {});
    return answer;
  }

  /** Gives the networks' memory back, after the pictures that were given before; those given later fail. */
  release() {
    const released = this.#busy.then(async () => {
      await this.#finder.release();
      await this.#classifier.release();
    });
    this.#busy = released.catch(() => {});
    return released;
  }

  /** @param {ImageSource} source */
  async #still(source) {
    const { rules, sureness, labels } = this.#settings;
    const picture = await stillPicture(source);
    const places = await this.#find(picture, rules.finder.still);
    const { rows, qualities } = await this.#read(picture, places);
    const words = { labels, reasons: rules.reasons };
    return places.map((face, n) =>
      this.#named(n + 1, face, rows[n], qualities[n], doubtOf(rows[n], qualities[n], sureness, words)),
    );
  }

  /** @param {HTMLVideoElement} video */
  async #live(video) {
    const { frames, tracker, doubts } = this.#followedIn(video);
    const time = performance.now() / 1000;
    const picture = frames.next();
    if (!picture) return [];
    const places = tracker.steadied(await this.#find(picture, this.#settings.rules.finder.live), time);
    const { rows, qualities } = await this.#read(picture, places);
    const tracks = tracker.update(places, rows, time);
    doubts.forgetOthers(tracks.map(({ id }) => id));
    return tracks.map(({ id, face, probabilities }, n) =>
      this.#named(id, face, probabilities, qualities[n], doubts.update(id, probabilities, qualities[n], time)),
    );
  }

  /** @param {HTMLVideoElement} video @returns {Followed} */
  #followedIn(video) {
    const { rules, sureness, labels } = this.#settings;
    const words = { labels, reasons: rules.reasons };
    const followed = this.#followed.get(video) ?? {
      frames: new VideoFrames(video),
      tracker: new Tracker(rules.tracker),
      doubts: new SteadyDoubts(sureness, words, rules.doubts),
    };
    this.#followed.set(video, followed);
    return followed;
  }

  /**
   * Every face, the largest first.
   * @param {Picture} picture
   * @param {number} longest
   * @returns {Promise<FoundFace[]>}
   */
  async #find(picture, longest) {
    const small = picture.reduced(longest);
    const { finder } = this.#settings.rules;
    if (Math.min(small.width, small.height) < finder.thinnest) return [];
    const outputs = Object.entries(await this.#finder.run({ input: yunetInput(small) }));
    const found = yunetFaces(Object.fromEntries(outputs.map(([name, { data }]) => [name, data])), small, finder);
    return found
      .map((face) => scaled(face, picture.width / small.width, picture.height / small.height))
      .filter(({ box }) => box.width >= 1 && box.height >= 1)
      .sort((one, other) => area(other.box) - area(one.box));
  }

  /**
   * What the pixels of each face say: a row of probabilities, and how fit they are.
   * @param {Picture} picture
   * @param {FoundFace[]} places
   */
  async #read(picture, places) {
    const { rules, side } = this.#settings;
    const squares = places.map(({ points, box }) => faceSquare(points, box, rules.crop));
    const crops = squares.map((square) => picture.crop(square, side, rules.crop));
    const qualities = squares.map((square, n) => {
      const judged = side === rules.quality.side ? crops[n] : picture.crop(square, rules.quality.side, rules.crop);
      return qualityOf(judged, square, places[n], picture, rules.quality);
    });
    return { rows: await this.#classify(crops), qualities };
  }

  /** @param {Pixels[]} crops @returns {Promise<Float32Array[]>} */
  async #classify(crops) {
    if (!crops.length) return [];
    const { side, labels } = this.#settings;
    const data = new Float32Array(crops.length * side * side);
    crops.forEach((crop, n) => data.set(crop.data, n * side * side));
    const { probabilities } = await this.#classifier.run({ face: { data, dims: [crops.length, 1, side, side] } });
    return crops.map((_, n) => probabilities.data.slice(n * labels.length, (n + 1) * labels.length));
  }

  /**
   * @param {number} id
   * @param {FoundFace} face
   * @param {ArrayLike<number>} row
   * @param {Quality} quality
   * @param {string} doubt
   * @returns {FaceExpression}
   */
  #named(id, { box, points }, row, quality, doubt) {
    const { labels } = this.#settings;
    const best = labels.reduce((first, _, n) => (row[n] > row[first] ? n : first), 0);
    const probabilities = Object.fromEntries(labels.map((label, n) => [label, row[n]]));
    return { id, box, points, label: labels[best], probabilities, quality, doubt };
  }
}

/**
 * @param {Runtime} runtime
 * @param {Settings} settings
 * @param {Uint8Array} whole
 * @param {Uint8Array} [half]
 */
async function openClassifier(runtime, { classifier: { file }, side, labels }, whole, half) {
  const count = runtime.backend === "webgpu" ? 2 : 1; // until WebAssembly is warm, each face takes long
  const network = { file, whole, half, outputs: ["probabilities"] };
  const [session, { probabilities }] = await openSession(runtime, network, { face: sample([count, 1, side, side]) });
  if (probabilities.data.length === count * labels.length) return session;
  await session.release();
  throw damaged(file);
}

/**
 * A promise that is awaited later: until then, that it fails is no news.
 * @template T
 * @param {Promise<T>} promise
 */
function awaited(promise) {
  promise.catch(() => {});
  return promise;
}

/** Grey values that go up and down. @param {number[]} dims */
function sample(dims) {
  const count = dims.reduce((product, length) => product * length);
  return { data: Float32Array.from({ length: count }, (_, n) => 127.5 + 127.5 * Math.sin(n / 5)), dims };
}
