// The data set in figures, each a click from the gallery filtered to it.

import { ask, attempt, count, keepFresh, make } from "../shared/dataset.js";
import { removeAsked } from "./gallery.js";

const FLAGS = [
  ["mislabelled", "likely mislabelled", "the model says another label"],
  ["duplicate", "near copies", "almost the same as another image"],
  ["blurry", "blurry", "little detail in the face"],
  ["dark", "dark", "hardly any light on the face"],
  ["several", "from group pictures", "several faces, say which is which"],
];

export function overview(element, show, toQueue) {
  const refresh = () => attempt(async () => draw(await ask("/overview")));
  keepFresh(element, refresh);

  const draw = (seen) => {
    element.replaceChildren(
      figures(seen),
      byLabel(seen),
      lacking(seen),
      overTime(seen),
      bySubject(seen),
      doubtful(seen),
      removal(seen),
    );
  };
  const card = (title, className, ...content) => {
    const made = make("section", `mien-card ${className}`);
    made.append(make("h2", "", title), ...content);
    return made;
  };
  const link = (text, filter) => {
    const made = make("button", "link", text, { type: "button" });
    made.addEventListener("click", () => show(filter));
    return made;
  };

  const figures = (seen) => {
    const made = make("div", "overview-figures");
    const figure = (number, text, action) => {
      const box = make("button", "figure", "", { type: "button" });
      box.append(make("b", "", number.toLocaleString("en")), make("span", "", text));
      box.addEventListener("click", action);
      return box;
    };
    made.append(
      figure(seen.total, seen.total === 1 ? "image" : "images", () => show({})),
      figure(seen.labelled, "labelled", () => show({ answer: "label" })),
      figure(seen.unlabelled, "to label", toQueue),
      figure(seen.skipped, "skipped", () => show({ answer: "skip" })),
      figure(seen.not_faces, "not a face", () => show({ answer: "not_a_face" })),
    );
    return made;
  };
  const lacking = ({ short, total, labels }) => {
    const list = make("ul");
    for (const line of short) {
      const item = make("li");
      const label = labels.find(({ name }) => line.startsWith(`“${name}”`));
      item.append(label?.images ? link(line, { label: label.name }) : line);
      list.append(item);
    }
    if (!short.length)
      list.append(
        make(
          "li",
          "",
          total
            ? "Nothing is short: every label in use has 20 images or more."
            : "No images yet. Collect some with the camera or from files.",
        ),
      );
    return card("What is short", "", list);
  };
  const bars = (rows, most) => {
    const list = make("div", "overview-bars");
    for (const { name, number, color, filter } of rows) {
      const row = make("button", "overview-bar", "", {
        type: "button",
        "aria-label": `${name}: ${count(number, "image")}`,
      });
      row.style.setProperty("--label", color);
      const track = make("span", "track");
      const fill = make("i");
      fill.style.width = `${most ? (100 * number) / most : 0}%`;
      track.append(fill);
      row.append(make("span", "name", name), track, make("span", "number", number.toLocaleString("en")));
      row.addEventListener("click", () => show(filter));
      list.append(row);
    }
    return list;
  };
  const byLabel = ({ labels }) => {
    const used = labels.filter(({ images, enabled }) => images || enabled);
    const rows = used.map(({ name, images, color }) => ({ name, number: images, color, filter: { label: name } }));
    return card("By label", "", bars(rows, Math.max(...rows.map(({ number }) => number), 0)));
  };
  const bySubject = ({ subjects }) => {
    const rows = subjects.slice(0, 12).map(([name, number]) => ({
      name: name ?? "not named",
      number,
      color: "var(--mien-edge)",
      filter: name === null ? { no_subject: "1" } : { subject: name },
    }));
    const content = rows.length ? bars(rows, rows[0].number) : make("p", "", "No one yet.");
    return card("By subject", "", content);
  };
  const overTime = ({ days }) => {
    const chart = make("div", "overview-days", "", {
      role: "img",
      "aria-label": `Images a day: ${days.map(([day, number]) => `${day} ${number}`).join(", ") || "none"}`,
    });
    const shown = everyDay(days);
    const most = Math.max(...shown.map(([, number]) => number), 1);
    for (const [day, number] of shown) {
      const bar = make("button", "", "", { type: "button", title: `${day}: ${count(number, "image")}` });
      bar.style.height = number ? `${Math.max(4, (100 * number) / most)}%` : "2px";
      bar.disabled = !number;
      bar.addEventListener("click", () => show({ since: day, until: day }));
      chart.append(bar);
    }
    const ends = make("p", "overview-ends");
    if (shown.length)
      ends.append(make("span", "", shown[0][0]), make("span", "", shown.length > 1 ? shown.at(-1)[0] : ""));
    return card("Over time", "", chart, ends);
  };
  const doubtful = ({ flags }) => {
    const list = make("ul");
    for (const [flag, name, why] of FLAGS) {
      const line = make("li");
      const number = flags[flag] || 0;
      line.append(
        number ? link(`${number.toLocaleString("en")} ${name}`, { flag }) : make("span", "", `0 ${name}`),
        make("span", "why", ` ${why}`),
      );
      list.append(line);
    }
    return card("Worth a look", "", list);
  };
  const removal = ({ subjects, total }) => {
    const people = subjects.filter(([name]) => name !== null);
    const row = make("div", "row");
    if (people.length) {
      const select = make("select", "", "", { "aria-label": "Subject to delete" });
      select.append(...people.map(([name, number]) => new Option(`${name} (${number})`, name)));
      const field = make("label", "mien-field");
      field.append(make("span", "", "Subject"), select);
      const act = make("button", "mien-button danger", "Delete all of this subject", { type: "button" });
      act.addEventListener("click", () =>
        attempt(() => removeAsked({ subject: select.value }, `everything of ${select.value}`, refresh)),
      );
      row.append(field, act);
    }
    const all = make("button", "mien-button danger", "Delete everything", { type: "button" });
    all.disabled = !total;
    all.addEventListener("click", () =>
      attempt(() => removeAsked({ everything: true }, `all ${count(total, "image")}`, refresh)),
    );
    row.append(all);
    return card("Delete", "removal", row);
  };
}

/** The days from the first to the last, empty ones too, at most the last 60. */
function everyDay(days) {
  if (!days.length) return [];
  const known = new Map(days);
  const last = new Date(`${days.at(-1)[0]}T00:00Z`);
  const first = new Date(Math.max(new Date(`${days[0][0]}T00:00Z`), last - 59 * 86_400_000));
  const all = [];
  for (let day = first; day <= last; day = new Date(day.getTime() + 86_400_000)) {
    const name = day.toISOString().slice(0, 10);
    all.push([name, known.get(name) || 0]);
  }
  return all;
}
