// @vitest-environment node

import { beforeEach, describe, expect, test } from "vitest";

import { QueueState } from "../../../webapp/static/review/queue-state.js";
import { image, queueOf } from "./listings.js";

/** @type {QueueState} */
let state;

const ids = () => state.items.map(({ id }) => id);

/** @param {string} action */
const answerAndKeep = (action) => {
  const step = /** @type {import("../../../webapp/static/review/queue-state.js").Step} */ (state.answer());
  state.kept(step, action);
  return step;
};

beforeEach(() => {
  state = new QueueState();
  state.arrived(queueOf([1, 2, 3, 4, 5], { total: 9 }));
});

test("a queue without faces has nothing to answer or to take back", () => {
  state = new QueueState();
  expect(state.current).toBeUndefined();
  expect(state.answer()).toBeUndefined();
  expect(state.undo()).toBeUndefined();
  expect(state.canUndo).toBe(false);
  expect(state.total).toBe(0);
});

describe("an answer", () => {
  test("counts at once and shows the next face", () => {
    expect(state.answer()).toMatchObject({ item: { id: 1 } });
    expect(state.current?.id).toBe(2);
    expect(state.total).toBe(8);
    expect(state.canUndo).toBe(true);
  });

  test("is counted once, before and after the server has it", () => {
    const step = answerAndKeep("a1");
    expect(step.action).toBe("a1");
    expect(state.total).toBe(8);
    state.arrived(queueOf([2, 3, 4], { total: 8 }));
    expect(state.total).toBe(8);
  });

  test("that is on its way keeps its face from coming back", () => {
    state.answer();
    state.arrived(queueOf([1, 2, 3, 4, 5], { total: 9 }));
    expect(ids()).toEqual([2, 3, 4, 5]);
    expect(state.total).toBe(8);
  });

  test("that did not arrive lets its face come back, and is nothing to take back", () => {
    const step = state.answer();
    state.refused(/** @type {any} */ (step));
    expect(state.canUndo).toBe(false);
    expect(state.total).toBe(9);
    state.arrived(queueOf([1, 2, 3], { total: 9 }));
    expect(state.current?.id).toBe(1);
  });

  test("makes the queue run low when three faces are left", () => {
    state.answer();
    expect(state.runsLow).toBe(false);
    state.answer();
    expect(state.runsLow).toBe(true);
  });
});

describe("undo", () => {
  test("goes back any number of steps, the newest first", () => {
    for (const action of ["a1", "a2", "a3"]) answerAndKeep(action);
    expect(state.undo()).toMatchObject({ action: "a3" });
    expect(state.undo()).toMatchObject({ action: "a2" });
    expect(ids()).toEqual([2, 3, 4, 5]);
    expect(state.total).toBe(8);
    expect(state.undo()).toMatchObject({ action: "a1" });
    expect(state.canUndo).toBe(false);
    expect(state.total).toBe(9);
  });

  test("stays counted once the server knows of it", () => {
    const step = answerAndKeep("a1");
    state.undo();
    state.undone(step);
    expect(state.total).toBe(9);
  });

  test("keeps its face in front of what arrives, whether the server lists it or not", () => {
    answerAndKeep("a1");
    state.undo();
    state.arrived(queueOf([3, 4, 5], { total: 9 }));
    expect(ids()).toEqual([1, 3, 4, 5]);
    state.arrived(queueOf([3, 1, 5], { total: 9 }));
    expect(ids()).toEqual([1, 3, 5]);
  });

  test("of an answer that then turns out never to have arrived changes no figure", () => {
    const step = /** @type {any} */ (state.answer());
    state.undo();
    state.refused(step);
    state.undone(step);
    expect(state.total).toBe(9);
    expect(state.current?.id).toBe(1);
  });

  test("gives way once its face is answered again", () => {
    answerAndKeep("a1");
    state.undo();
    state.answer();
    state.arrived(queueOf([1, 2, 3], { total: 9 }));
    expect(ids()).toEqual([2, 3]);
  });
});

describe("a look while the model is still busy", () => {
  test("keeps the shown face in front, with its new suggestion", () => {
    const suggested = image(1, { suggested: "fear", certainty: 0.4 });
    state.arrived(queueOf([7, 8, 1], { total: 9, waiting: 40 }), suggested);
    expect(ids()).toEqual([1, 7, 8]);
    expect(state.current).toBe(suggested);
    expect(state.waiting).toBe(40);
  });

  test("keeps it though it is no longer among the first", () => {
    state.arrived(queueOf([7, 8, 9]), image(1));
    expect(ids()).toEqual([1, 7, 8, 9]);
  });

  test("brings no face back that was answered while the server was asked", () => {
    state.answer();
    state.arrived(queueOf([1, 2, 3]), image(1));
    expect(ids()).toEqual([2, 3]);
  });

  test("gives a face that was taken back its suggestion too", () => {
    answerAndKeep("a1");
    state.undo();
    state.arrived(queueOf([2, 3]), image(1, { suggested: "fear" }));
    expect(state.current?.suggested).toBe("fear");
    state.arrived(queueOf([2, 3]));
    expect(state.current?.suggested).toBe("fear");
  });
});

test("another order lets go of what was answered and taken back", () => {
  answerAndKeep("a1");
  answerAndKeep("a2");
  state.undo();
  state.reorder();
  state.arrived(queueOf([5, 2, 1]));
  expect(ids()).toEqual([5, 2, 1]);
});
