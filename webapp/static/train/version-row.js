// One version in the list.

import { button, make } from "../shared/dataset.js";

const percent = (share) => (typeof share === "number" ? `${(100 * share).toFixed(1)} %` : "–");
const moment = (text) => new Date(text).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });

export function versionRow(version, active, shown, { open, use, describe, remove }) {
  const { number, name, damaged } = version;
  const row = make("tr", number === shown ? "shown" : "", "", { "data-version": String(number) });
  const head = make("th", "", "", { scope: "row" });
  const title = number ? `Version ${number}` : "Base model";
  if (damaged) {
    head.append(make("span", "", title), make("span", "note bad", damaged));
  } else {
    const link = make("button", "link", number && name ? `${title} · ${name}` : title, {
      type: "button",
      title: `Show ${title}`,
    });
    link.addEventListener("click", () => open(number));
    head.append(link);
    if (number === active) head.append(make("span", "train-active", "in use"));
    if (version.note) head.append(make("span", "note", version.note));
  }
  const figure = (heading, text) => make("td", "number", text, { "data-heading": heading });
  const images = typeof version.images === "number" ? version.images.toLocaleString("en") : "–";
  const made = damaged ? "–" : number && version.created ? moment(version.created) : "with Mien";
  row.append(
    head,
    figure("images", images),
    figure("held-out", percent(version.held_out)),
    figure("base check", percent(version.base)),
    make("td", "made", made),
  );
  const actions = make("td", "actions");
  if (!damaged && number !== active) actions.append(button("Use", "", () => use(number)));
  if (!damaged && number) actions.append(button("Name and note", "quiet", () => describe(version)));
  if (number && number !== active) actions.append(button("Delete", "quiet", () => remove(version)));
  row.append(actions);
  return row;
}
