// The review queue: one face large, one key an answer, any number of steps back.

import { inkOn } from "../shared/colors.js";
import { percent } from "../shared/numbers.js";
import { ask, attempt, changed, count, isMeantFor, keepFresh, make } from "../shared/dataset.js";
import { openTab } from "../shared/tabs.js";

const AHEAD = 12;

export function queue(element) {
  const find = (selector) => element.querySelector(selector);
  const order = find("[data-order]");
  const image = find("[data-queue-image]");
  const ahead = new Image(); // holds the next face, which no cache keeps
  let items = [];
  let total = 0;
  let labels = [];
  let restored = []; // undone and not answered again: these come first
  const done = []; // {item, action}, the newest last; the action is known once the server has it
  const answered = new Set(); // an answer on its way is not asked for again
  let busy = Promise.resolve();

  const load = async () => {
    const [overview, found] = await Promise.all([ask("/overview"), ask(`/queue?order=${order.value}&limit=${AHEAD}`)]);
    labels = overview.labels.filter((label) => label.enabled);
    items = [
      ...restored,
      ...found.items.filter(({ id }) => !answered.has(id) && !restored.some((item) => item.id === id)),
    ];
    total = found.total;
    show(overview);
  };
  const refresh = () => attempt(load);
  const suggest = async () => {
    const { left } = await ask("/suggest", {});
    if (left && element.offsetParent !== null) return suggest();
    await load();
  };
  keepFresh(element, async () => {
    await refresh();
    attempt(suggest);
  });
  order.addEventListener("change", () =>
    inOrder(() => {
      answered.clear();
      restored = [];
      return load();
    }),
  );

  const show = (overview) => {
    const item = items[0];
    find("[data-queue-work]").hidden = !item;
    find("[data-queue-empty]").hidden = Boolean(item);
    find("[data-queue-left]").textContent = item ? `${count(total, "face")} to go` : "";
    for (const name of ["[data-undo]", "[data-empty-undo]"]) find(name).disabled = !done.length;
    find("[data-empty-undo]").hidden = !done.length;
    if (!item) {
      const nothing = overview && !overview.total;
      find("[data-queue-empty-text]").textContent = nothing
        ? "No images yet. Collect some with the camera or from files, and they can be reviewed here."
        : order.value === "disagreement"
          ? "The model agrees with every label."
          : "Everything has an answer.";
      return;
    }
    image.src = `/mien/api/data/images/${item.id}`;
    image.alt = `Face ${item.id}`;
    about(item);
    const sure = item.suggested && labels.some(({ name }) => name === item.suggested);
    const take = find("[data-take]");
    const color = labels.find(({ name }) => name === item.suggested)?.color;
    take.disabled = !sure;
    take.style.setProperty("--label", sure ? color : "transparent");
    find("[data-suggestion]").textContent = sure
      ? `${item.suggested} · ${percent(item.certainty)}`
      : item.suggested
        ? `The model says ${item.suggested}, which is no label here`
        : "The model has no suggestion yet";
    const row = find("[data-queue-labels]");
    row.replaceChildren(
      ...labels.map((label) => {
        const choice = make("button", "label-choice", "", { type: "button" });
        choice.style.setProperty("--label", label.color);
        choice.style.setProperty("--ink", inkOn(label.color));
        choice.append(make("kbd", "", label.key), make("span", "", label.name));
        choice.classList.toggle("now", item.label === label.name);
        choice.addEventListener("click", () => answer({ label: label.name }));
        return choice;
      }),
    );
    find("[data-queue-strip]").replaceChildren(
      ...items.slice(1, 9).map(({ thumbnail }) => make("img", "", "", { src: thumbnail, alt: "" })),
    );
    find(".queue-next").hidden = items.length < 2;
    ahead.src = items[1] ? `/mien/api/data/images/${items[1].id}` : "";
  };
  const about = (item) => {
    const facts = [item.label ? `labelled ${item.label}` : "no label yet", item.source];
    if (item.subject) facts.push(item.subject);
    facts.push(new Date(item.created).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }));
    facts.push(...item.flags.filter((flag) => flag !== "mislabelled"));
    find("[data-queue-about]").textContent = facts.join(" · ");
  };

  // The page is ahead of the server: a key counts at once, for the face that is shown, and is sent in its turn.
  const inOrder = (step) => (busy = busy.then(() => attempt(step)));
  const answer = (what) => {
    const item = items.shift();
    if (!item) return;
    const step = { item };
    total -= 1;
    done.push(step);
    answered.add(item.id);
    restored = restored.filter(({ id }) => id !== item.id);
    show();
    inOrder(async () => {
      try {
        step.action = (await ask("/annotate", { ids: [item.id], kind: "label", ...what })).action;
        changed(element);
      } catch (error) {
        if (done.includes(step)) done.splice(done.indexOf(step), 1);
        answered.delete(item.id);
        throw error;
      } finally {
        if (items.length < 4) await load();
        else show();
      }
    });
  };
  const undo = () => {
    const step = done.pop();
    if (!step) return;
    const { item } = step;
    answered.delete(item.id);
    restored = [item, ...restored];
    items = [item, ...items.filter(({ id }) => id !== item.id)];
    total += 1;
    show();
    inOrder(async () => {
      if (step.action) await ask("/undo", { action: step.action }); // without one the answer never arrived
      changed(element);
    });
  };
  const take = () => {
    const [item] = items;
    if (item && labels.some(({ name }) => name === item.suggested)) answer({ label: item.suggested });
  };

  find("[data-take]").addEventListener("click", take);
  find("[data-skip]").addEventListener("click", () => answer({ kind: "skip" }));
  find("[data-no-face]").addEventListener("click", () => answer({ kind: "not_a_face" }));
  for (const name of ["[data-undo]", "[data-empty-undo]"]) find(name).addEventListener("click", undo);
  find("[data-to-collect]").addEventListener("click", () => openTab("Collect"));

  document.addEventListener("keydown", (event) => {
    if (!isMeantFor(element, event) || event.repeat) return;
    const key = event.key.toLowerCase();
    if (key === "enter" && event.target.closest?.("button:not([role=tab][aria-selected=true]), a, summary")) return; // the button's own
    const label = labels.find((known) => known.key && known.key === key);
    if (label) answer({ label: label.name });
    else if (key === "enter") take();
    else if (key === "s") answer({ kind: "skip" });
    else if (key === "n") answer({ kind: "not_a_face" });
    else if (key === "u") undo();
    else return;
    event.preventDefault();
  });
}
