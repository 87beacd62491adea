// The label set: colour, name, key, order, on and off, merge, remove.

import { ask, askPerson, attempt, button, changed, count, keepFresh, make, say } from "../shared/dataset.js";

export function labels(element, show) {
  const rows = element.querySelector("[data-label-rows]");
  const form = element.querySelector("[data-label-add]");

  const change = (what, values, told) =>
    attempt(async () => {
      draw((await ask(`/labels/${what}`, values)).labels);
      changed(element);
      if (told) say(told);
      return true;
    });
  const refresh = () => attempt(async () => draw((await ask("/overview")).labels));
  keepFresh(element, refresh);

  const draw = (all) => rows.replaceChildren(...all.map((label, index) => row(label, index, all)));
  const row = (label, index, all) => {
    const line = make("tr", label.enabled ? "" : "off", "", { "data-label": label.name });
    const color = make("input", "", "", { type: "color", value: label.color, "aria-label": `Colour of ${label.name}` });
    color.addEventListener("change", () => change("set", { name: label.name, color: color.value }));

    const key = make("select", "", "", { "aria-label": `Key of ${label.name}` });
    key.append(new Option("–", ""), ...[..."123456789"].map((digit) => new Option(digit)));
    key.value = label.key;
    key.addEventListener("change", () => change("set", { name: label.name, key: key.value }));

    const use = make("input", "", "", { type: "checkbox", "aria-label": `Use ${label.name}` });
    use.checked = label.enabled;
    use.addEventListener("change", () => change("set", { name: label.name, enabled: use.checked }));

    const images = make("button", "link", label.images.toLocaleString("en"), {
      type: "button",
      title: "Show them in the gallery",
    });
    images.addEventListener("click", () => show({ label: label.name }));

    const actions = make("td", "actions");
    const move = (step) => {
      const order = all.map(({ name }) => name);
      order.splice(index + step, 0, ...order.splice(index, 1));
      change("order", { order });
    };
    const arrow = (text, title, step, able) => {
      const made = button(text, "quiet", () => move(step));
      made.title = made.ariaLabel = title;
      made.disabled = !able;
      return made;
    };
    actions.append(
      arrow("↑", `Move ${label.name} up`, -1, index > 0),
      arrow("↓", `Move ${label.name} down`, 1, index < all.length - 1),
    );
    actions.append(button("Merge", "quiet", () => merge(label, all)));
    if (!label.built_in) actions.append(button("Remove", "quiet", () => remove(label, all)));
    for (const [content, className] of [[color], [nameOf(label), "name"], [key], [images, "number"], [use]]) {
      const cell = make("td", className || "");
      cell.append(content);
      line.append(cell);
    }
    line.append(actions);
    return line;
  };
  const nameOf = (label) => {
    if (label.built_in) return make("span", "", label.name);
    const input = make("input", "", "", {
      type: "text",
      value: label.name,
      maxlength: 40,
      "aria-label": `Name of ${label.name}`,
    });
    input.addEventListener("change", async () => {
      if (!(await change("rename", { name: label.name, to: input.value }))) input.value = label.name;
    });
    return input;
  };

  const choice = (label, all) => {
    const select = make("select", "", "", { "aria-label": "Label that gets the images" });
    select.append(
      ...all.filter(({ name, enabled }) => enabled && name !== label.name).map(({ name }) => new Option(name)),
    );
    const field = make("label", "mien-field");
    field.append(make("span", "", "Label"), select);
    return [field, select];
  };
  const merge = async (label, all) => {
    const [field, select] = choice(label, all);
    const after = label.built_in ? "is switched off" : "is gone";
    if (
      await askPerson(
        `Merge “${label.name}” into another label?`,
        `Its ${count(label.images, "image")} get that label; “${label.name}” ${after}.`,
        [["yes", "Merge", "primary"]],
        field,
      )
    ) {
      change("merge", { name: label.name, to: select.value }, `${label.name} is now ${select.value}.`);
    }
  };
  const remove = async (label, all) => {
    if (!label.images) return change("remove", { name: label.name }, `${label.name} is removed.`);
    const [field, select] = choice(label, all);
    const images = await askPerson(
      `Remove “${label.name}”?`,
      `It has ${count(label.images, "image")}. What becomes of them?`,
      [
        ["unlabel", "Keep, unlabelled", ""],
        ["move", "Give them the label above", ""],
        ["delete", "Delete them", "danger"],
      ],
      field,
    );
    if (images) change("remove", { name: label.name, images, to: select.value }, `${label.name} is removed.`);
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const input = form.querySelector("input");
    if (await change("add", { name: input.value })) input.value = "";
  });
}
