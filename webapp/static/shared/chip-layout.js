// Where the faces' names go on a picture: none covers another or a neighbour's face, none leaves the picture, and none
// flickers between two places. Where there is no room a name gets shorter, and at last goes away.

/** @typedef {{ x: number, y: number, width: number, height: number }} Rectangle */
/** @typedef {{ width: number, height: number }} Size */
/** @typedef {"full" | "name" | "short" | "mark"} ChipForm how much is written, from "surprise 93 %" to "su" */
/** @typedef {"above" | "below" | "top" | "bottom"} Level outside the box, or inside at its top or bottom */
/** @typedef {Partial<Record<ChipForm, number>>} Widths in pixels */
/** @typedef {{ id: number, box: Rectangle, widths: Widths }} NamedBox */
/** @typedef {Rectangle & { form: ChipForm }} Chip */
/** @typedef {"middle" | "start" | "end"} Side over the middle of the box, or beginning or ending where it does */
/** @typedef {{ form: ChipForm, level: Level, side: Side }} Choice */

/** Height of a chip, for things drawn at their usual size. */
export const CHIP = 28;
const GAP = 4; // pixels between a box's edge and its chip
const APART = 2; // pixels between two chips
const CALM = 600; // ms for which a better place must be free before a chip moves there
const ROOM = 6; // pixels that must be free all around it then

/** @type {Choice[]} what is tried, the best first */
const CHOICES = [
  ...outside("full"),
  ...outside("name"),
  ...inside("full"),
  ...outside("short"),
  ...inside("name"),
  ...outside("mark"),
  ...inside("mark"),
];
const NONE = CHOICES.length;

/** @param {ChipForm} form @returns {Choice[]} */
function outside(form) {
  return [
    { form, level: "above", side: "middle" },
    { form, level: "above", side: "start" },
    { form, level: "above", side: "end" },
    { form, level: "below", side: "middle" },
    { form, level: "below", side: "start" },
    { form, level: "below", side: "end" },
  ];
}

/** @param {ChipForm} form @returns {Choice[]} */
function inside(form) {
  return [
    { form, level: "top", side: "start" },
    { form, level: "bottom", side: "start" },
  ];
}

/** @type {ChipForm[]} */
const FORMS = ["full", "name", "short", "mark"];

/** @typedef {(choice: number, room: number) => boolean} IsFree whether a chip has room there, and `room` around it */

export class ChipLayout {
  /** @type {Map<number, { choice: number, since: number }>} by face; since when `choice` is the best or newly taken */
  #last = new Map();
  /** The longest form that a chip may have: an index into FORMS. */
  #longest = 0;
  #judged = -Infinity;

  /**
   * A chip for each face that has room for one; those that come first have the first pick.
   * @param {NamedBox[]} faces
   * @param {Size} bounds of the picture
   * @param {number} size by which everything is drawn larger
   * @param {number} now milliseconds
   * @returns {Map<number, Chip>} by the face's id
   */
  place(faces, bounds, size, now) {
    const same = faces.length === this.#last.size && faces.every(({ id }) => this.#last.has(id));
    if (!same || now - this.#judged >= CALM) {
      this.#judged = now;
      this.#longest = fairest(faces, bounds, size, this.#longest);
    }
    const last = new Map();
    const chips = arrange(faces, bounds, size, ({ id }, isFree) => {
      const before = this.#last.get(id);
      const allowed = (/** @type {number} */ choice) => choice === NONE || formAt(choice) >= this.#longest;
      const stays = before && allowed(before.choice) && (before.choice === NONE || isFree(before.choice, 0));
      const stay = stays ? before.choice : -1;
      const best = bestOf((choice) => allowed(choice) && isFree(choice, choice < stay ? ROOM : 0));
      const waits = before && best < stay && now - before.since < CALM;
      const choice = waits ? stay : best;
      last.set(id, { choice, since: waits ? before.since : now });
      return choice;
    });
    this.#last = last;
    return chips;
  }
}

/**
 * The longest form with which the worst off is best off: one name in full must not leave others without any.
 * @param {NamedBox[]} faces
 * @param {Size} bounds
 * @param {number} size
 * @param {number} now what it is now; a longer one needs more room
 */
function fairest(faces, bounds, size, now) {
  let best = { form: 0, worst: Infinity };
  for (let form = 0; form < FORMS.length; form += 1) {
    let worst = 0;
    arrange(faces, bounds, size, (_, isFree) => {
      const choice = bestOf((at) => formAt(at) >= form && isFree(at, form < now ? ROOM : 0));
      worst = Math.max(worst, formAt(choice));
      return choice;
    });
    if (worst < best.worst) best = { form, worst };
  }
  return best.form;
}

/**
 * Each face's chip where `choose` says, one face after the other.
 * @param {NamedBox[]} faces
 * @param {Size} bounds
 * @param {number} size
 * @param {(face: NamedBox, isFree: IsFree) => number} choose
 */
function arrange(faces, bounds, size, choose) {
  /** @type {Map<number, Chip>} */
  const chips = new Map();
  for (const face of faces) {
    /** @type {IsFree} */
    const isFree = (choice, room) => {
      const chip = chipOf(face, CHOICES[choice], bounds, size);
      if (!chip || chip.y < room * size || chip.y + chip.height + room * size > bounds.height) return false;
      if (faces.some((other) => other !== face && overlap(chip, other.box, room * size))) return false;
      for (const other of chips.values()) if (overlap(chip, other, (room + APART) * size)) return false;
      return true;
    };
    const choice = choose(face, isFree);
    const chip = choice < NONE && chipOf(face, CHOICES[choice], bounds, size);
    if (chip) chips.set(face.id, chip);
  }
  return chips;
}

/** How short the form of a choice is; of none, shorter than any. @param {number} choice */
const formAt = (choice) => (choice === NONE ? FORMS.length : FORMS.indexOf(CHOICES[choice].form));

/** @param {(choice: number) => boolean} isGood */
function bestOf(isGood) {
  const found = CHOICES.findIndex((_, choice) => isGood(choice));
  return found < 0 ? NONE : found;
}

/**
 * The chip there, or null where it would not be whole in the picture, or inside its box wider than that.
 * @param {NamedBox} face
 * @param {Choice} choice
 * @param {Size} bounds
 * @param {number} size
 * @returns {Chip | null}
 */
function chipOf({ box, widths }, { form, level, side }, bounds, size) {
  const width = widths[form];
  const height = CHIP * size;
  const gap = GAP * size;
  if (!width || width > bounds.width) return null;
  const within = level === "top" || level === "bottom";
  if (within && width + 2 * gap > box.width) return null;
  const spare = box.width - width;
  const x = box.x + { start: within ? gap : 0, middle: Math.min(0, spare / 2), end: spare }[side];
  const y = {
    above: box.y - height - gap,
    below: box.y + box.height + gap,
    top: Math.max(0, box.y) + gap,
    bottom: Math.min(bounds.height, box.y + box.height) - height - gap,
  }[level];
  if (y < 0 || y + height > bounds.height) return null;
  return { form, x: Math.max(0, Math.min(x, bounds.width - width)), y, width, height };
}

/**
 * Whether two rectangles are nearer to one another than `room`.
 * @param {Rectangle} one
 * @param {Rectangle} other
 * @param {number} room
 */
const overlap = (one, other, room) =>
  one.x < other.x + other.width + room &&
  other.x < one.x + one.width + room &&
  one.y < other.y + other.height + room &&
  other.y < one.y + one.height + room;
