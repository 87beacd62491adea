// @vitest-environment node

import { expect, test } from "vitest";

import { FaceOrder } from "../../../webapp/static/shared/face-order.js";

const face = (id, x, width = 0.1) => ({ id, box: [x, 0, width, width], label: "fear", probabilities: {} });
const ids = (row) => row.map(({ id }) => id);

test("faces stand in the order in which they are seen, the other way round in a mirror", () => {
  const faces = [face(1, 0.5), face(2, 0.1), face(3, 0.8)];
  expect(ids(new FaceOrder().row(faces, false))).toEqual([2, 1, 3]);
  expect(ids(new FaceOrder().row(faces, true))).toEqual([3, 1, 2]);
});

test("two above one another change places only when one has clearly passed the other", () => {
  const order = new FaceOrder();
  expect(ids(order.row([face(1, 0.5), face(2, 0.51)], false))).toEqual([1, 2]);
  expect(ids(order.row([face(1, 0.5), face(2, 0.48)], false))).toEqual([1, 2]);
  expect(ids(order.row([face(1, 0.5), face(2, 0.47)], false))).toEqual([2, 1]);
  expect(ids(order.row([face(1, 0.49), face(2, 0.5)], false))).toEqual([2, 1]);
});

test("who comes is put where they are, who leaves is gone", () => {
  const order = new FaceOrder();
  order.row([face(1, 0.2), face(2, 0.6)], false);
  expect(ids(order.row([face(1, 0.2), face(2, 0.6), face(3, 0.4), face(4, 0.9)], false))).toEqual([1, 3, 2, 4]);
  expect(ids(order.row([face(4, 0.9), face(2, 0.6)], false))).toEqual([2, 4]);
});
