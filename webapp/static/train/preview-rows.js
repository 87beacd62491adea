// What two versions say of one face: their answers, and under them a row a label with a bar each.

import { make } from "../shared/elements.js";
import { wear } from "../shared/label-look.js";
import { percent } from "../shared/numbers.js";
import { track } from "../shared/track.js";

/** @import { ComparedFace, LabelColor, VersionDetail } from "../shared/api" */

export class PreviewRows {
  element = make("div", "preview-rows");
  /** @type {{ swatch: HTMLElement, label: HTMLElement, share: HTMLElement }[]} */
  #answers = [];
  /** @type {{ name: string, bars: (HTMLElement | null)[] }[]} */
  #rows = [];
  /** @type {Map<string, LabelColor>} */
  #looks;

  /**
   * @param {VersionDetail[]} versions the old one, the new one
   * @param {(number: number) => string} nameOf what stands above a version's answers
   */
  constructor(versions, nameOf) {
    this.#looks = new Map(versions.flatMap(({ labels }) => labels.map((label) => [label.name, label])));
    const head = make("div", "preview-row preview-head");
    head.append(make("span"), ...versions.map((version) => this.#head(nameOf(version.number))));
    const scroll = make("div", "preview-labels", "", { tabindex: "0", role: "region", "aria-label": "Certainties" });
    scroll.append(...labelsOf(versions).map((name) => this.#row(name, versions)));
    this.element.append(head, scroll);
  }

  /** @param {string} title */
  #head(title) {
    const cell = make("div", "preview-answer");
    const [swatch, label, share] = [make("span", "swatch"), make("b", "", "–"), make("span", "number")];
    swatch.hidden = true;
    const answer = make("p");
    answer.append(swatch, label, share);
    cell.append(make("span", "why", title), answer);
    this.#answers.push({ swatch, label, share });
    return cell;
  }

  /**
   * @param {string} name
   * @param {VersionDetail[]} versions
   */
  #row(name, versions) {
    const row = make("div", "preview-row");
    wear(row, /** @type {LabelColor} */ (this.#looks.get(name)));
    const bars = versions.map(({ labels }) =>
      labels.some((label) => label.name === name) ? track({ percent: 0 }) : null,
    );
    const unknown = () => make("span", "why preview-unknown", "unknown");
    row.append(make("span", "name", name, { title: name }), ...bars.map((bar) => bar ?? unknown()));
    this.#rows.push({ name, bars: bars.map((bar) => bar && bar.querySelector("i")) });
    return row;
  }

  /** @param {ComparedFace["answers"]} answers of the versions, none where there is no face */
  show(answers) {
    this.#answers.forEach(({ swatch, label, share }, at) => {
      const answer = answers[at];
      const look = answer && this.#looks.get(answer.label);
      if (look) wear(swatch, look);
      swatch.hidden = !look;
      label.textContent = label.title = answer?.label ?? "–";
      share.textContent = answer ? percent(answer.probabilities[answer.label]) : "";
    });
    for (const { name, bars } of this.#rows) {
      bars.forEach((bar, at) => {
        if (bar) bar.style.width = `${100 * (answers[at]?.probabilities[name] ?? 0)}%`;
      });
    }
  }
}

/**
 * The labels that either version knows: the new one's own first, which are what it is about.
 * @param {VersionDetail[]} versions the old one, the new one
 */
export function labelsOf([old, fresh]) {
  const [known, now] = [old, fresh].map(({ labels }) => labels.map(({ name }) => name));
  const learned = now.filter((name) => !known.includes(name));
  return [...learned, ...now.filter((name) => known.includes(name)), ...known.filter((name) => !now.includes(name))];
}
