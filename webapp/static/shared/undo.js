// Taking back what was done to many images at once: a line with "Undo" at the foot of the page, and U in Review. What the
// server can take back is remembered for as long as this browser tab is open, over a reload too.

import { Refusal, post } from "./ask.js";
import { Emitter } from "./emitter.js";
import { changed } from "./freshness.js";
import { count } from "./numbers.js";
import { attempt, say, withdrawOffer } from "./toast.js";

/** @import { UndoDone } from "./api" */

/**
 * What was done. `back`: the server's name for it, or what takes it back and returns what is said then.
 * @typedef {{ text: string, back: string | (() => Promise<string>) }} Done
 */

const KEY = "mien-undo";
const MOST = 20;

/** Says what would be taken back next, or null. @type {Emitter<{ next: Done | null }>} */
export const undoing = new Emitter();

let list = remembered();

/** What would be taken back next. */
export const nextUndo = () => list.at(-1) ?? null;

/**
 * Says what was done, and offers to take it back.
 * @param {string} text
 * @param {Done["back"]} back
 */
export function offerUndo(text, back) {
  const done = { text, back };
  keep([...list, done].slice(-MOST));
  say(text, { undo: () => takeBack(done) });
}

/** Takes the last thing back that was done and not taken back yet. */
export async function undoLast() {
  const last = nextUndo();
  if (last) await takeBack(last);
}

/** @param {Done} done */
async function takeBack(done) {
  withdrawOffer();
  keep(list.filter((other) => other !== done)); // at once, so that the next U takes the next thing back
  await attempt(async () => {
    try {
      say(await undo(done.back));
    } catch (error) {
      const gone = error instanceof Refusal && error.status === 404;
      if (!gone) keep([...list, done]);
      throw error;
    } finally {
      changed();
    }
  });
}

/** @param {Done["back"]} back */
const undo = async (back) =>
  typeof back === "function" ? back() : undoneText(await post("/data/undo", { body: { action: back } }));

/**
 * @param {UndoDone} done
 * @returns {string}
 */
export function undoneText({ ids, later, label }) {
  const images = count(ids.length, "image");
  const said = [];
  if (label) said.push(`“${label}” is back${ids.length ? `, with ${images}` : ""}.`);
  else if (ids.length) said.push(`Undone: ${images} as before.`);
  else said.push("Nothing left to undo.");
  if (later) said.push(`${count(later, "image")} answered again since: left as ${later === 1 ? "it is" : "they are"}.`);
  return said.join(" ");
}

/** @param {Done[]} done */
function keep(done) {
  list = done;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(list.filter(({ back }) => typeof back === "string")));
  } catch {
    /* it can be taken back until the page is left */
  }
  undoing.emit("next", nextUndo());
}

/** @returns {Done[]} */
function remembered() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return found.filter((/** @type {Partial<Done>} */ { back, text }) => typeof back === "string" && text);
  } catch {
    return [];
  }
}
