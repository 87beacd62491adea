// How often a version recognises each label, held against another version.

import { get } from "../shared/ask.js";
import { card, field, make } from "../shared/elements.js";
import { wear } from "../shared/label-look.js";
import { attempt } from "../shared/toast.js";
import { track } from "../shared/track.js";
import { comparable, comparedWith, recallRows } from "./version-figures.js";

/** @import { LabelColor, VersionDetail, VersionSummary } from "../shared/api" */
/** @import { Recognised } from "./version-figures.js" */

/**
 * @param {VersionDetail} version
 * @param {Recognised} after what the version's own card says
 * @param {VersionSummary[]} versions all that there are
 */
export function recallCard({ number, card: facts, labels, held_out_now: now }, after, versions) {
  const choose = make("select", "", "", { "aria-label": "Compare with" });
  choose.append(new Option(`${comparedWith(facts)}, in use before${now ? "" : ", on the faces held out then"}`, ""));
  for (const other of comparable(number, versions)) {
    const name = other.number ? `version ${other.number}` : "the base model";
    choose.append(new Option(`${name}${now ? "" : ", on the faces held out now"}`, String(other.number)));
  }
  const rows = make("div", "train-recalls");
  const draw = (/** @type {Recognised} */ is, /** @type {Recognised | null | undefined} */ was) =>
    rows.replaceChildren(...recallRows(facts, is, was).map((row) => recallRow(row, labels)));
  const compare = async () => {
    if (!choose.value) return draw(after, facts.before);
    const both = await attempt(() => Promise.all([number, Number(choose.value)].map(scoreOf)));
    if (both?.[0] && both[1]) return draw(both[0], both[1]);
    choose.value = "";
    draw(after, facts.before);
  };
  choose.addEventListener("change", compare);
  draw(after, facts.before);
  const key = make("p", "why", "Thin bar: that one. Thick bar: this version.");
  return card("Recognised, label by label", "train-recall-card", field("Compare with", choose), rows, key);
}

/** @param {number} number */
const scoreOf = async (number) => (await get("/data/train/versions/{number}", { path: { number } })).score;

/**
 * @param {ReturnType<typeof recallRows>[number]} row
 * @param {LabelColor[]} labels
 */
function recallRow({ label, was, is, figures }, labels) {
  const row = make("div", "bar train-recall");
  const look = labels.find(({ name }) => name === label);
  if (look) wear(row, look);
  else row.style.setProperty("--label", "var(--mien-ink)");
  const name = label ?? "all";
  row.append(
    make("span", "name", name, { title: name }),
    track({ percent: 100 * was, className: "was" }, { percent: 100 * is, className: "is" }),
    make("span", "number", figures),
  );
  return row;
}
