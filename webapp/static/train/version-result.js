// What a version can do: before and after, label by label, what it takes for what, and the faces it got wrong.

import { ask, attempt, button, make, say } from "../shared/dataset.js";
import { coreMl } from "./bundle-card.js";

const percent = (share) => (typeof share === "number" ? `${Math.round(100 * share)}\u00a0%` : "–");
const points = (change) => `${change >= 0 ? "+" : "−"}${Math.abs(100 * change).toFixed(1)} points`;
const short = (label) => (label.length > 12 ? `${label.slice(0, 11)}…` : label);

const card = (title, className, ...content) => {
  const made = make("section", `mien-card ${className}`);
  made.append(make("h2", "", title), ...content);
  return made;
};

/** The cards about the version that `seen` describes. */
export function result(seen, state, actions) {
  const { number, card: facts, colors } = seen;
  const cards = [heading(number, facts, state, actions), coreMl(number, facts)];
  if (facts.after)
    cards.push(recalls(number, facts, colors, state), confusion(facts, colors), mistakes(seen, state, actions));
  return cards;
}

function heading(number, facts, state, { use }) {
  const title = number ? `Version ${number}${facts.name ? ` · ${facts.name}` : ""}` : "The base model";
  const figures = make("div", "train-figures");
  const figure = (text, before, after) => {
    if (!after) return;
    const box = make("div", "train-figure");
    box.append(make("span", "", text), make("b", "", percent(after.accuracy)));
    const change = before && after.accuracy - before.accuracy;
    if (before)
      box.append(
        make(
          "span",
          change > 0 ? "good" : change < 0 ? "bad" : "",
          `${points(change)}, from ${percent(before.accuracy)}`,
        ),
      );
    box.append(make("span", "", `${after.faces.toLocaleString("en")} faces`));
    figures.append(box);
  };
  figure("held-out faces right", facts.before, facts.after);
  figure("base check right", facts.base_before, facts.base_after);
  figure("FER+ test faces right", null, facts.metrics?.PrivateTest);
  const waits = facts.verdict && !facts.verdict.activate;
  const content = [figures];
  if (waits) content.push(make("p", "train-verdict", facts.verdict.reason));
  content.push(
    number === state.active
      ? make("span", "train-active", "in use")
      : button(waits ? "Use it anyway" : "Use it", "", () => use(number)),
  );
  const notes = [
    ...Object.values(facts.data?.left_out ?? {}),
    ...(Array.isArray(facts.data?.notes) ? facts.data.notes : []),
  ];
  if (facts.data?.by_subject) notes.push("Held out: whole people whom training did not see.");
  if (notes.length) {
    const list = make("ul", "why");
    list.append(...notes.map((note) => make("li", "", note)));
    content.push(list);
  }
  if (!number) content.push(make("p", "why", `It comes with Mien and names ${facts.labels.join(", ")}.`));
  const made = card(title, "train-heading", ...content);
  made.dataset.version = String(number);
  return made;
}

function recalls(number, facts, colors, state) {
  const rows = make("div", "train-recalls");
  const choose = make("select", "", "", { "aria-label": "Compare with" });
  const before = facts.compared_with ? `version ${facts.compared_with}` : "the base model";
  choose.append(make("option", "", `${before}, in use before`, { value: "" }));
  for (const other of state.versions) {
    const measured = !other.damaged && typeof other.held_out === "number" && other.number !== number;
    if (measured)
      choose.append(
        make("option", "", `version ${other.number}, on the faces held out then`, { value: String(other.number) }),
      );
  }
  const draw = (than) => {
    const line = (name, color, was, is) => {
      const row = make("div", "train-row train-recall");
      row.style.setProperty("--label", color);
      const track = make("span", "track");
      for (const [className, share] of [
        ["was", was],
        ["is", is],
      ]) {
        const bar = make("i", className);
        bar.style.width = `${100 * (share ?? 0)}%`;
        track.append(bar);
      }
      const figures = typeof is === "number" ? `${percent(was)} → ${percent(is)}` : "none held out";
      row.append(make("span", "name", name, { title: name }), track, make("span", "number", figures));
      return row;
    };
    rows.replaceChildren(
      line("all", "var(--mien-ink)", than?.accuracy, facts.after.accuracy),
      ...facts.labels.map((label) => line(label, colors[label], than?.recall[label], facts.after.recall[label])),
    );
  };
  choose.addEventListener("change", async () => {
    if (!choose.value) return draw(facts.before);
    const other = await attempt(() => ask(`/train/versions/${choose.value}`));
    if (other) draw(other.card.after);
  });
  draw(facts.before);
  const field = make("label", "mien-field");
  field.append(make("span", "", "Compare with"), choose);
  const key = make("p", "why", "Thin bar: that one. Thick bar: this version.");
  return card("Recognised, label by label", "train-recall-card", field, rows, key);
}

function confusion(facts, colors) {
  const table = make("table", "train-confusion");
  const head = make("tr");
  head.append(make("td"), ...facts.labels.map((label) => make("th", "", short(label), { scope: "col", title: label })));
  const body = make("tbody");
  facts.after.confusion.forEach((row, at) => {
    const total = row.reduce((sum, value) => sum + value, 0);
    const line = make("tr");
    const name = make("th", "", short(facts.labels[at]), { scope: "row", title: facts.labels[at] });
    name.style.setProperty("--label", colors[facts.labels[at]]);
    line.append(name);
    row.forEach((value, column) => {
      const cell = make("td", column === at ? "right" : value ? "wrong" : "", value ? String(value) : "", {
        title: `${facts.labels[at]} taken for ${facts.labels[column]}: ${value}`,
      });
      cell.style.setProperty("--share", total ? String(value / total) : "0");
      line.append(cell);
    });
    body.append(line);
  });
  const top = make("thead");
  top.append(head);
  table.append(top, body);
  const scroll = make("div", "train-scroll", "", { tabindex: "0", role: "region", "aria-label": "Confusion matrix" });
  scroll.append(table);
  return card(
    "What it takes for what",
    "train-confusion-card",
    make("p", "why", "Rows: what a face is labelled. Columns: what the version says."),
    scroll,
  );
}

function mistakes({ wrong }, state, { changed }) {
  const title = "Held-out faces it got wrong";
  if (!wrong.length) return card(title, "train-mistakes", make("p", "why", "None."));
  const grid = make("div", "train-wrong");
  grid.append(...wrong.map((entry) => mistake(entry, state.data.labels, changed)));
  return card(
    title,
    "train-mistakes",
    make("p", "why", "Is the label wrong? Choose the right one below the face, then retrain."),
    grid,
  );
}

function mistake({ image, label, now, predicted, certainty }, labels, changed) {
  const figure = make("figure", "", "", { "data-image": String(image) });
  const picture = make("img", "", "", {
    src: `/mien/api/data/images/${image}`,
    alt: `labelled ${label}`,
    loading: "lazy",
  });
  const choose = make("select", "", "", { "aria-label": `Label of image ${image}` });
  const names = labels.map(({ name }) => name);
  if (!names.includes(now)) choose.append(make("option", "", now ?? "no label", { value: now ?? "" }));
  choose.append(...names.map((name) => make("option", "", name, { value: name })));
  let current = now ?? "";
  const show = (value) => {
    current = choose.value = value;
    figure.classList.toggle("relabelled", value !== label);
  };
  choose.addEventListener("change", async () => {
    const before = current;
    const done = await attempt(() => ask("/annotate", { ids: [image], label: choose.value, kind: "label" }));
    show(done ? choose.value : before);
    if (!done) return;
    const undo = async () => {
      if (!(await attempt(() => ask("/undo", { action: done.action })))) return;
      show(before);
      changed();
    };
    say(`Labelled ${current}. Retrain to learn from it.`, { undo });
    changed();
  });
  show(current);
  figure.append(picture, choose, make("figcaption", "", `says ${predicted}, ${percent(certainty)}`));
  return figure;
}
