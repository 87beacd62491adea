// The gallery: pages of thumbnails by filter; click, shift-click or the keyboard chooses, then relabel or delete at once.

import {
  ask,
  askPerson,
  attempt,
  changed,
  count,
  isMeantFor,
  keepFresh,
  make,
  remove,
  restore,
  say,
} from "../shared/dataset.js";

const SIZE = 60;
const ANSWERS = [
  ["answer:none", "unlabelled"],
  ["answer:skip", "skipped"],
  ["answer:not_a_face", "not a face"],
];

export function gallery(element) {
  const find = (selector) => element.querySelector(selector);
  const filters = find("[data-filters]");
  const grid = find("[data-grid]");
  let wanted = {};
  let page = 0;
  let total = 0;
  let items = [];
  let asked = 0;
  let anchor = 0;
  let cursor = 0;
  let chosen = new Set();
  let colors = new Map();

  const query = () => new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
  const load = async () => {
    const mine = ++asked;
    const [overview, found] = await Promise.all([
      ask("/overview"),
      ask(`/gallery?${query()}&page=${page}&size=${SIZE}`),
    ]);
    if (mine !== asked) return;
    total = found.total;
    items = found.items;
    if (page && page * SIZE >= total) {
      page = Math.max(0, Math.ceil(total / SIZE) - 1);
      return load();
    }
    colors = new Map(overview.labels.map(({ name, color }) => [name, color]));
    fill(overview);
    draw();
  };
  const refresh = () => attempt(load);
  keepFresh(element, refresh);

  const options = (select, pairs, value) => {
    select.replaceChildren(...pairs.map(([key, text]) => new Option(text, key)));
    select.value = value;
    if (select.selectedIndex < 0) select.selectedIndex = 0;
  };
  const fill = (overview) => {
    const named = overview.labels
      .filter(({ images, enabled }) => images || enabled)
      .map(({ name }) => [`label:${name}`, name]);
    const label = wanted.label ? `label:${wanted.label}` : wanted.answer ? `answer:${wanted.answer}` : "";
    options(filters.elements.label, [["", "all"], ...ANSWERS, ...named], label);
    const subjects = overview.subjects.map(([name, images]) =>
      name === null ? ["*none", `not named (${images})`] : [name, `${name} (${images})`],
    );
    options(filters.elements.subject, [["", "all"], ...subjects], wanted.no_subject ? "*none" : wanted.subject || "");
    options(
      filters.elements.source,
      [["", "all"], ...overview.sources.map(([name, images]) => [name, `${name} (${images})`])],
      wanted.source || "",
    );
    for (const name of ["flag", "since", "until"]) filters.elements[name].value = wanted[name] || "";
    options(
      find("[data-relabel]"),
      [
        ["", "as …"],
        ...overview.labels.filter(({ enabled }) => enabled).map(({ name }) => [`label:${name}`, name]),
        ["clear", "(no label)"],
        ["not_a_face", "(not a face)"],
      ],
      "",
    );
  };

  const draw = () => {
    grid.replaceChildren(...items.map(tile));
    find("[data-gallery-empty]").hidden = items.length > 0;
    const pages = Math.max(1, Math.ceil(total / SIZE));
    find("[data-page]").textContent = `${count(total, "image")} · page ${page + 1} of ${pages.toLocaleString("en")}`;
    find("[data-previous]").disabled = page === 0;
    find("[data-next]").disabled = page >= pages - 1;
    cursor = Math.min(cursor, Math.max(0, items.length - 1));
    mark();
  };
  const tile = (item, index) => {
    const name =
      item.label || { "": "unlabelled", skip: "skipped", not_a_face: "not a face" }[item.answer] || "unlabelled";
    const doubt = item.flags.includes("mislabelled") ? `, the model says ${item.suggested}` : "";
    const cell = make("div", "tile", "", {
      role: "option",
      id: `tile-${item.id}`,
      "data-id": item.id,
      title: `${name}${doubt}${item.subject ? ` · ${item.subject}` : ""}`,
      "aria-label": `${name}${doubt}`,
    });
    cell.style.setProperty("--label", colors.get(item.label) || "transparent");
    const caption = make("span", item.label ? "" : "none", name);
    cell.append(make("img", "", "", { src: item.thumbnail, alt: "", loading: "lazy", draggable: "false" }), caption);
    if (doubt) cell.append(make("em", "", "?", { title: `The model says ${item.suggested}` }));
    cell.addEventListener("click", (event) => choose(index, event.shiftKey));
    return cell;
  };
  const choose = (index, range) => {
    cursor = index;
    if (range) {
      const [from, to] = [Math.min(anchor, index), Math.max(anchor, index)];
      for (const { id } of items.slice(from, to + 1)) chosen.add(id);
    } else {
      const { id } = items[index];
      chosen.has(id) ? chosen.delete(id) : chosen.add(id);
      anchor = index;
    }
    mark();
  };
  const mark = () => {
    for (const [index, cell] of [...grid.children].entries()) {
      cell.setAttribute("aria-selected", String(chosen.has(Number(cell.dataset.id))));
      cell.classList.toggle("cursor", index === cursor);
    }
    if (items[cursor]) grid.setAttribute("aria-activedescendant", `tile-${items[cursor].id}`);
    find("[data-chosen]").textContent = chosen.size
      ? `${count(chosen.size, "image")} chosen`
      : "Click images to choose them; shift-click for a row.";
    const all = find("[data-choose-all]");
    all.textContent = chosen.size ? "Choose none" : `Choose all ${total.toLocaleString("en")}`;
    all.disabled = !total;
    find("[data-relabel]").disabled = find("[data-delete]").disabled = !chosen.size;
  };

  const filter = (values) => {
    wanted = values;
    page = cursor = anchor = 0;
    chosen = new Set();
    refresh();
  };
  filters.addEventListener("change", () => {
    const { label, subject, source, flag, since, until } = Object.fromEntries(new FormData(filters));
    const next = { source, flag, since, until };
    if (label.startsWith("label:")) next.label = label.slice(6);
    if (label.startsWith("answer:")) next.answer = label.slice(7);
    if (subject === "*none") next.no_subject = "1";
    else next.subject = subject;
    filter(next);
  });
  filters.addEventListener("submit", (event) => event.preventDefault());
  find("[data-clear-filters]").addEventListener("click", () => filter({}));
  const turn = (step) => {
    page += step;
    cursor = anchor = 0;
    refresh();
  };
  find("[data-previous]").addEventListener("click", () => turn(-1));
  find("[data-next]").addEventListener("click", () => turn(1));

  find("[data-choose-all]").addEventListener("click", () =>
    attempt(async () => {
      if (chosen.size) chosen = new Set();
      else chosen = new Set((await ask(`/gallery/ids?${query()}`)).ids);
      mark();
    }),
  );
  const relabel = find("[data-relabel]");
  relabel.addEventListener("change", () =>
    attempt(async () => {
      const ids = [...chosen];
      const value = relabel.value;
      relabel.value = "";
      if (!value || !ids.length) return;
      const answer = value.startsWith("label:") ? { label: value.slice(6), kind: "label" } : { kind: value };
      const { action } = await ask("/annotate", { ids, ...answer });
      chosen = new Set();
      await load();
      changed(element);
      const undo = () =>
        attempt(async () => (await ask("/undo", { action }), say("As it was before."), changed(element), load()));
      say(`${count(ids.length, "image")} relabelled${answer.label ? ` as ${answer.label}` : ""}.`, { undo });
    }),
  );
  const removal = () =>
    attempt(() =>
      removeAsked({ ids: [...chosen] }, count(chosen.size, "image"), async () => ((chosen = new Set()), load())),
    );
  find("[data-delete]").addEventListener("click", removal);

  grid.addEventListener("keydown", (event) => {
    const columns = Math.max(1, getComputedStyle(grid).gridTemplateColumns.split(" ").length);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (step) {
      cursor = Math.min(items.length - 1, Math.max(0, cursor + step));
      if (event.shiftKey) choose(cursor, true);
      mark();
      grid.children[cursor]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === " " && items.length) choose(cursor, event.shiftKey);
    else if (event.key === "Delete" && chosen.size) removal();
    else if (event.key === "Escape") ((chosen = new Set()), mark());
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!isMeantFor(element, event)) return;
    if (event.key === "PageDown" && !find("[data-next]").disabled) turn(1);
    else if (event.key === "PageUp" && page) turn(-1);
    else return;
    event.preventDefault();
  });

  return { filter };
}

/** Asks, deletes, and offers to undo; `what` is as in `remove`. */
export async function removeAsked(what, described, after) {
  const text =
    "What you delete is out of sight and out of training at once. You can undo this for eight seconds. When you leave the page, it is gone for good.";
  if (!(await askPerson(`Delete ${described}?`, text, [["yes", "Delete", "danger"]]))) return;
  const ids = await remove(what);
  await after();
  changed();
  say(`${count(ids.length, "image")} deleted.`, {
    undo: () =>
      attempt(
        async () => (await restore(ids), say(`${count(ids.length, "image")} brought back.`), await after(), changed()),
      ),
  });
}
