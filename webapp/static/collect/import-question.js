// The question before an import: where the paths name people, and what folders called by a synonym mean.

import { askPerson } from "../shared/dialog.js";
import { make } from "../shared/elements.js";
import { count } from "../shared/numbers.js";
import { attempt } from "../shared/toast.js";
import { BY_FOLDER, startOf } from "./upload-run.js";

/** @import { ImportPlan, ImportStart, PlannedLabel } from "../shared/api" */
/** @import { Chosen } from "./upload-run.js" */

const LISTED = 200;

/** @type {Record<ImportPlan["people_from"], string>} */
const PLACES = {
  nowhere: "Nobody is named",
  "inner-folder": "The folder that a picture is in",
  "outer-folder": "The folder around that",
  "name-start": "The start of the file's name",
  "name-middle": "The second part of the file's name",
};

/**
 * Asks only where there is something to ask.
 * @param {ImportPlan} plan
 * @param {(from: ImportPlan["people_from"]) => Promise<ImportPlan>} planned the plan with another place for people
 * @param {Chosen} chosen
 * @returns {Promise<ImportStart | null>} null where they would rather not
 */
export async function importQuestion(plan, planned, chosen) {
  const byFolder = chosen.label === BY_FOLDER;
  let taken = plan.people_from;
  const start = () => ({ ...startOf(chosen), people_from: taken });
  if (!plan.people.length && !(byFolder && plan.labels.some(({ meant }) => meant))) return start();
  const labels = new LabelList(byFolder);
  labels.show(plan);
  const form = make("div", "import-question");
  if (plan.people.length) {
    form.append(
      peopleChoice(plan, async (from) => {
        taken = from;
        const other = await attempt(() => planned(from));
        if (other && taken === from) labels.show(other);
      }),
    );
  }
  form.append(labels.element);
  const answer = await askPerson(
    `Import ${count(plan.pictures, "picture")}`,
    "This is what their folders and names seem to say. Change what is wrong.",
    [["yes", "Import", "primary"]],
    form,
  );
  return answer && { ...start(), kept: labels.kept };
}

/**
 * @param {ImportPlan} plan
 * @param {(from: ImportPlan["people_from"]) => unknown} choose
 */
function peopleChoice({ people, people_from: taken }, choose) {
  const group = make("fieldset");
  group.append(make("legend", "", "Whose faces"));
  const rules = [...people, { people_from: /** @type {const} */ ("nowhere"), people: 0, sample: [] }];
  for (const { people_from: from, people: many, sample } of rules) {
    const line = make("label", "import-choice");
    const radio = make("input", "", "", { type: "radio", name: "people-from", value: from });
    radio.checked = from === taken;
    radio.addEventListener("change", () => choose(from));
    const names = `${count(many, "person", "people")}: ${sample.join(", ")}${many > sample.length ? ", …" : ""}`;
    const words = make("span", "", PLACES[from]);
    if (many) words.append(make("small", "", names));
    line.append(radio, words);
    group.append(line);
  }
  return group;
}

/** The labels that the folders name; one called by a synonym can be kept as it is. */
class LabelList {
  element = make("fieldset");
  /** @type {Set<string>} */
  #kept = new Set();

  /** @param {boolean} byFolder whether folders name labels at all */
  constructor(byFolder) {
    this.element.hidden = !byFolder;
  }

  get kept() {
    return [...this.#kept];
  }

  /** @param {ImportPlan} plan */
  show({ labels }) {
    this.element.replaceChildren(make("legend", "", "Labels"));
    for (const label of labels.slice(0, LISTED)) this.element.append(this.#line(label));
    if (labels.length > LISTED) this.element.append(make("p", "", `… and ${labels.length - LISTED} more`));
    if (!labels.length) this.element.append(make("p", "", "No folder names one: they come in without a label."));
  }

  /** @param {PlannedLabel} label */
  #line({ folder, pictures, meant, new: isNew }) {
    const line = make(meant ? "label" : "p", "import-choice");
    const words = make("span", "", folder);
    words.append(make("small", "", count(pictures, "picture") + (isNew ? " · a new label" : "")));
    if (!meant) {
      line.append(words);
      return line;
    }
    const box = make("input", "", "", { type: "checkbox" });
    box.checked = !this.#kept.has(folder);
    words.firstChild?.replaceWith(`“${folder}” means ${meant}`);
    box.addEventListener("change", () => {
      if (box.checked) this.#kept.delete(folder);
      else this.#kept.add(folder);
    });
    line.append(box, words);
    return line;
  }
}
