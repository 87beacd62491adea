// @vitest-environment node

import { beforeEach, expect, test } from "vitest";

import { CHIP, ChipLayout } from "../../../webapp/static/shared/chip-layout.js";

const BOUNDS = { width: 960, height: 540 };
const WIDTHS = { full: 160, name: 100, short: 70, mark: 32 };

let layout;

beforeEach(() => {
  layout = new ChipLayout();
});

const face = (id, x, y, width, height = width, widths = WIDTHS) => ({ id, box: { x, y, width, height }, widths });
const place = (faces, now = 0, bounds = BOUNDS, size = 1) => layout.place(faces, bounds, size, now);
const apart = (one, other) =>
  one.x + one.width <= other.x ||
  other.x + other.width <= one.x ||
  one.y + one.height <= other.y ||
  other.y + other.height <= one.y;

/** No chip covers another or a neighbour's face, and none leaves the picture. */
function expectTidy(faces, chips, bounds = BOUNDS) {
  for (const [id, chip] of chips) {
    const { x, y, width, height } = chip;
    expect(x >= 0 && y >= 0 && x + width <= bounds.width && y + height <= bounds.height).toBe(true);
    for (const [other, second] of chips) if (other !== id) expect(apart(chip, second), `${id} ${other}`).toBe(true);
    for (const { id: other, box } of faces) if (other !== id) expect(apart(chip, box), `${id} on ${other}`).toBe(true);
  }
}

test("a chip is above its box, below it where there is no room, inside where there is none there either", () => {
  expect(place([face(1, 100, 100, 80)]).get(1)).toEqual({ form: "full", x: 60, y: 68, width: 160, height: CHIP });
  expect(place([face(2, 100, 20, 80)]).get(2)).toMatchObject({ form: "full", y: 104 });
  expect(place([face(3, 100, 0, 540)]).get(3)).toMatchObject({ form: "full", x: 104, y: 4 });
});

test("it is never outside the picture, and ends with its box where it cannot begin with it", () => {
  expect(place([face(1, -20, 100, 80)]).get(1).x).toBe(0);
  expect(place([face(2, 900, 100, 80)]).get(2).x).toBe(800);
  const [left, right] = [face(3, 500, 300, 80), face(4, 600, 200, 90)]; // the full name would reach into the right one
  expect(place([left, right]).get(3)).toMatchObject({ form: "full", x: 420, y: 268 });
});

test("twelve faces side by side all have a name that can be read, none over another", () => {
  const faces = Array.from({ length: 12 }, (_, index) => face(index + 1, 10 + index * 79, 220, 64, 84));
  const chips = place(faces);
  expect(chips.size).toBe(12);
  expectTidy(faces, chips);
  expect([...chips.values()].every(({ form }) => form !== "mark")).toBe(true);
});

test("twelve faces on a phone have their marks", () => {
  const bounds = { width: 368, height: 207 };
  const widths = { full: 128, name: 80, short: 56, mark: 24 };
  const faces = Array.from({ length: 12 }, (_, index) => face(index + 1, 2 + index * 30.5, 90, 26, 34, widths));
  const chips = place(faces, 0, bounds, 0.8);
  expect(chips.size).toBe(12);
  expectTidy(faces, chips, bounds);
});

test("a crowd of any kind stays tidy from frame to frame", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  let crowd = Array.from({ length: 14 }, (_, index) => {
    const side = 30 + 120 * random();
    return face(index + 1, 960 * random() - 20, 540 * random() - 20, side, side * 1.3);
  });
  for (let frame = 0; frame < 200; frame += 1) {
    crowd = crowd.map(({ box, ...rest }) => ({
      ...rest,
      box: { ...box, x: box.x + 8 * random() - 4, y: box.y + 8 * random() - 4 },
    }));
    expectTidy(crowd, place(crowd, frame * 16));
  }
});

test("who comes first has the first pick", () => {
  const [one, two] = [face(1, 300, 200, 60), face(2, 370, 200, 60)];
  expect(place([one, two]).get(1).form).toBe("full");
  layout = new ChipLayout();
  const chips = place([two, one]);
  expect(chips.get(2)).toMatchObject({ form: "full", y: 168 });
  expect(chips.get(1)).not.toMatchObject({ form: "full", y: 168 });
});

test("a chip does not flicker between two places when its box trembles where one has just room", () => {
  const places = [];
  for (let frame = 0; frame < 300; frame += 1) {
    const tremble = frame % 100 < 50 ? 31 : 33; // above there is room from 32 on
    places.push(place([face(1, 100, tremble, 80)], frame * 16).get(1).y > 100);
  }
  expect(new Set(places).size).toBe(1);
});

test("a better place is taken once it has been free for a while", () => {
  const below = ({ y }) => y > 90;
  expect(below(place([face(1, 100, 10, 80)], 0).get(1))).toBe(true);
  expect(below(place([face(1, 100, 60, 80)], 100).get(1))).toBe(true);
  expect(below(place([face(1, 100, 60, 80)], 800).get(1))).toBe(false);
  expect(below(place([face(1, 100, 10, 80)], 816).get(1))).toBe(true); // no room any more: at once
});
