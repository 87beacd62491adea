// The data set in figures, each a click from the gallery filtered to it.

import { get } from "../shared/ask.js";
import { card, make } from "../shared/elements.js";
import { keepFresh } from "../shared/freshness.js";
import { wear } from "../shared/label-look.js";
import { count } from "../shared/numbers.js";
import { attempt } from "../shared/toast.js";
import { track } from "../shared/track.js";
import { deletionCard } from "./deletion-card.js";
import {
  fillsOf,
  flagLines,
  heightsOf,
  labelBars,
  periodsOf,
  shortLines,
  subjectBars,
  totals,
} from "./overview-figures.js";

/** @import { OverviewFigures } from "../shared/api" */
/** @import { WantedImages } from "./gallery-filter.js" */
/** @import { Bar, Line } from "./overview-figures.js" */

/**
 * @param {HTMLElement} element
 * @param {(images: WantedImages) => void} show opens the gallery on these
 * @param {() => void} toTrash opens the trash
 */
export function overview(element, show, toTrash) {
  const refresh = () => attempt(async () => draw(await get("/data/overview")));
  keepFresh(element, refresh);

  const draw = (/** @type {OverviewFigures} */ seen) => {
    element.replaceChildren(
      figures(seen),
      card("By label", "", bars(labelBars(seen))),
      card("What is short", "", lines(shortLines(seen))),
      card("Over time", "", ...overTime(seen)),
      card("By person", "", seen.subjects.length ? bars(subjectBars(seen)) : make("p", "", "No one yet.")),
      card("Worth a look", "", lines(flagLines(seen))),
      deletionCard(seen, toTrash),
    );
  };

  const figures = (/** @type {OverviewFigures} */ seen) => {
    const made = make("div", "overview-figures");
    for (const { number, text, filter } of totals(seen)) {
      const figure = make("button", "mien-card mien-figure", "", { type: "button" });
      figure.append(make("b", "", number.toLocaleString("en")), make("span", "", text));
      figure.addEventListener("click", () => show(filter));
      made.append(figure);
    }
    return made;
  };

  const bars = (/** @type {Bar[]} */ shown) => {
    const list = make("div", "overview-bars");
    const fills = fillsOf(shown);
    for (const [index, { name, number, look, filter }] of shown.entries()) {
      const attributes = { type: "button", "aria-label": `${name}: ${count(number, "image")}` };
      const row = make("button", "bar", "", { ...attributes, title: name });
      wear(row, look);
      const figure = make("span", "number", number.toLocaleString("en"));
      row.append(make("span", "name", name), track({ percent: fills[index] }), figure);
      row.addEventListener("click", () => show(filter));
      list.append(row);
    }
    return list;
  };

  const lines = (/** @type {Line[]} */ said) => {
    const list = make("ul");
    for (const { text, why, filter } of said) {
      const line = make("li");
      line.append(filter ? link(text, filter) : make("span", "", text));
      if (why) line.append(make("span", "why", ` ${why}`));
      list.append(line);
    }
    return list;
  };
  const link = (/** @type {string} */ text, /** @type {WantedImages} */ filter) => {
    const made = make("button", "link", text, { type: "button" });
    made.addEventListener("click", () => show(filter));
    return made;
  };

  const overTime = (/** @type {OverviewFigures} */ { days }) => {
    const chart = make("div", "overview-days", "", { role: "group", "aria-label": "Images over time" });
    const shown = periodsOf(days);
    const heights = heightsOf(shown);
    for (const [index, { since, until, number }] of shown.entries()) {
      const when = since === until ? since : `${since} to ${until}`;
      const text = `${when}: ${count(number, "image")}`;
      const bar = make("button", "", "", { type: "button", title: text, "aria-label": text });
      const height = make("i");
      height.style.height = heights[index];
      bar.append(height);
      bar.disabled = !number;
      bar.addEventListener("click", () => show({ since, until }));
      chart.append(bar);
    }
    const ends = make("p", "overview-ends");
    const [first, last] = [shown.at(0)?.since, shown.at(-1)?.until];
    if (first) ends.append(make("span", "", first), make("span", "", last === first ? "" : last));
    return [chart, ends];
  };
}
