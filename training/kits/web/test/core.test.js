// What Mien says of pictures that it made, and what this kit says: `npm test`.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

import { cut } from "../core/crop.js";
import { greyOf } from "../core/pixels.js";
import { qualityOf } from "../core/quality.js";
import { resized } from "../core/resize.js";
import { faceSquare, partAround } from "../core/square.js";
import { SteadyDoubts } from "../core/steady-doubts.js";
import { doubtOf } from "../core/sureness.js";
import { Tracker } from "../core/tracker.js";
import { cutOut } from "../core/pixels.js";
import { near, nearFace, pixelsOf } from "./comparing.js";

const read = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), "utf8"));
const { rules } = await read("../models/mien.json");
const { labels, faces, sizes, film } = await read("vectors.json");
const words = { labels, reasons: rules.reasons };

test("a face is cut out as Mien does, within one grey level, and judged alike", () => {
  const said = new Set();
  for (const { picture, face, crop, score, faults, probabilities, sureness, doubt } of faces) {
    const pixels = pixelsOf(picture);
    face.points = face.points.map(({ x, y }) => ({ x: x ?? NaN, y: y ?? NaN }));
    const square = faceSquare(face.points, face.box, rules.crop);
    const part = partAround(square, pixels.width, pixels.height);
    const own = cut(cutOut(pixels, part), part, square, 48, rules.crop);
    Buffer.from(crop, "base64").forEach((grey, n) => near(own.data[n], grey, 1));
    const quality = qualityOf(own, square, face, pixels, rules.quality);
    near(quality.score, score, 0.01);
    assert.deepEqual(quality.faults, faults);
    assert.equal(doubtOf(probabilities, quality, sureness, words), doubt);
    said.add(doubt);
  }
  assert.ok(said.has("") && said.size > 5, "cases of every kind");
});

test("a picture is made smaller as Mien does", () => {
  for (const { picture, resized: expected } of sizes) {
    const small = resized(pixelsOf(picture), expected.width, expected.height);
    pixelsOf(expected).data.forEach((value, n) => assert.equal(small.data[n], value));
  }
});

test("grey is that of ITU-R BT.601", () => {
  const pixels = { width: 2, height: 1, channels: 4, data: Uint8Array.of(255, 0, 0, 255, 10, 200, 30, 255) };
  assert.deepEqual([...greyOf(pixels).data], [76, 124]);
});

test("faces are followed, smoothed and doubted as Mien does", () => {
  const tracker = new Tracker(rules.tracker);
  const doubts = new SteadyDoubts({ margin: 0.3, quality: 0.5 }, words, rules.doubts);
  for (const { time, found, probabilities, scores, told } of film) {
    const tracks = tracker.update(tracker.steadied(found, time), probabilities, time);
    doubts.forgetOthers(tracks.map(({ id }) => id));
    assert.equal(tracks.length, told.length);
    tracks.forEach(({ id, face, probabilities: row }, n) => {
      const quality = { score: scores[n], faults: scores[n] < 1 ? ["dark"] : [] };
      assert.equal(id, told[n].id);
      nearFace(face, told[n].face, 1e-3);
      row.forEach((value, at) => near(value, told[n].probabilities[at], 1e-5));
      assert.equal(doubts.update(id, row, quality, time), told[n].doubt);
    });
  }
  assert.ok(Math.max(...film.flatMap(({ told }) => told.map(({ id }) => id))) > 2, "one came back as another");
});
