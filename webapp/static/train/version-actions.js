// What can be done with a version: use it, describe it, delete it.

import { post } from "../shared/ask.js";
import { askPerson } from "../shared/dialog.js";
import { make } from "../shared/elements.js";
import { attempt, say } from "../shared/toast.js";

/** @import { VersionSummary } from "../shared/api" */

const SLOW = 1000; // ms after which a person wonders what goes on; it is said anew as often, so that it stays

/**
 * Each resolves to whether it was done.
 * @param {number} number
 */
export async function useVersion(number) {
  // A version that an earlier Mien made gets its ONNX model first.
  const patience = setInterval(() => say(`Getting version ${number} ready: some seconds, once.`), SLOW);
  const used = await attempt(() => post("/data/train/versions/{number}/use", { path: { number } }));
  clearInterval(patience);
  if (!used) return false;
  say(number ? `Version ${number} is in use.` : "The base model is in use.");
  return true;
}

/** @param {VersionSummary} version */
export async function describeVersion({ number, name: oldName, note: oldNote }) {
  const name = make("input", "", "", { maxlength: 60, "aria-label": "Name", placeholder: "Name" });
  const note = make("textarea", "", "", { maxlength: 1000, rows: 4, "aria-label": "Note", placeholder: "Note" });
  name.value = oldName;
  note.value = oldNote;
  const form = make("div", "train-describe");
  form.append(name, note);
  const text = "A name and a note, for yourself.";
  if (!(await askPerson(`Version ${number}`, text, [["save", "Save", "primary"]], form))) return false;
  const body = { name: name.value, note: note.value };
  return Boolean(await attempt(() => post("/data/train/versions/{number}/describe", { path: { number }, body })));
}

/** @param {number} number */
export async function deleteVersion(number) {
  const text = "Its weights and its Core ML model are removed for good. Your images stay.";
  if (!(await askPerson(`Delete version ${number}?`, text, [["delete", "Delete", "danger"]]))) return false;
  if (!(await attempt(() => post("/data/train/versions/{number}/delete", { path: { number } })))) return false;
  say(`Version ${number} is deleted.`);
  return true;
}
