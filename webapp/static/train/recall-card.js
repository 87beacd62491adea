// How often a version recognises each label, held against another version.

import { get } from "../shared/ask.js";
import { card, field, make } from "../shared/elements.js";
import { attempt } from "../shared/toast.js";
import { track } from "../shared/track.js";
import { comparable, comparedWith, recallRows } from "./version-figures.js";

/** @import { Metrics, VersionDetail, VersionSummary } from "../shared/api" */

/**
 * @param {VersionDetail} version
 * @param {Metrics} after
 * @param {VersionSummary[]} versions all that there are
 */
export function recallCard({ number, card: facts, colors }, after, versions) {
  const choose = make("select", "", "", { "aria-label": "Compare with" });
  choose.append(new Option(`${comparedWith(facts)}, in use before`, ""));
  for (const other of comparable(number, versions)) {
    choose.append(new Option(`version ${other.number}, on the faces held out then`, String(other.number)));
  }
  const rows = make("div", "train-recalls");
  const draw = (/** @type {Metrics | null | undefined} */ other) =>
    rows.replaceChildren(...recallRows(facts, after, other).map((row) => recallRow(row, colors)));
  choose.addEventListener("change", async () => {
    if (!choose.value) {
      draw(facts.before);
      return;
    }
    const other = await attempt(() => get("/data/train/versions/{number}", { path: { number: Number(choose.value) } }));
    if (other) draw(other.card.after);
  });
  draw(facts.before);
  const key = make("p", "why", "Thin bar: that one. Thick bar: this version.");
  return card("Recognised, label by label", "train-recall-card", field("Compare with", choose), rows, key);
}

/**
 * @param {ReturnType<typeof recallRows>[number]} row
 * @param {Record<string, string>} colors
 */
function recallRow({ label, was, is, figures }, colors) {
  const row = make("div", "bar train-recall");
  row.style.setProperty("--label", label === null ? "var(--mien-ink)" : colors[label]);
  const name = label ?? "all";
  row.append(
    make("span", "name", name, { title: name }),
    track({ percent: 100 * was, className: "was" }, { percent: 100 * is, className: "is" }),
    make("span", "number", figures),
  );
  return row;
}
