import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { labels } from "../../../webapp/static/review/labels.js";
import { fakeServer } from "../fakes.js";
import { comeIntoView, complaint, offer, reply, said, tidy, turn, withDialogs } from "../person.js";
import { label, overviewOf } from "./listings.js";
import { reviewPanel } from "./review-page.js";

/** @type {HTMLElement} */
let element;
/** @type {ReturnType<typeof fakeServer>} */
let asked;
const show = vi.fn();

const row = (/** @type {string} */ name) =>
  /** @type {HTMLElement} */ (element.querySelector(`[data-label="${name}"]`));
const pressIn = (/** @type {string} */ name, /** @type {string} */ text) =>
  [...row(name).querySelectorAll("button")].find(({ textContent }) => textContent === text)?.click();
const change = (/** @type {string} */ name, /** @type {string} */ field, /** @type {string} */ value) => {
  const input = /** @type {HTMLInputElement} */ (row(name).querySelector(`[aria-label="${field} ${name}"]`));
  input.value = value;
  input.dispatchEvent(new Event("change"));
  return input;
};
const posts = () => asked.filter(({ method }) => method === "POST").map(({ path, body }) => [path, body]);

beforeEach(async () => {
  vi.useFakeTimers();
  withDialogs();
  show.mockReset();
  element = reviewPanel("labels");
  const all = [
    label("fear", { built_in: true, images: 1200, key: "1" }),
    label("wink", { images: 3, key: "w" }),
    label("new"),
    label("off", { enabled: false }),
  ];
  const done = () => overviewOf({ labels: all });
  asked = fakeServer({
    "GET /data/overview": done,
    ...Object.fromEntries(["set", "order", "add"].map((what) => [`POST /data/labels/${what}`, done])),
    "POST /data/labels/merge": () => ({ action: "merged", overview: done() }),
    "POST /data/labels/remove": () => ({ action: "removed", overview: done() }),
    "POST /data/undo": { ids: [1, 2], later: 1, label: "wink" },
    "POST /data/labels/rename": Response.json({ error: "There is “fear” already." }, { status: 422 }),
  });
  labels(element, show);
  await comeIntoView(element);
});

afterEach(tidy);

test("colour and key are kept at once", async () => {
  change("wink", "Colour of", "#112233");
  change("wink", "Key of", "4");
  await turn();
  expect(posts()).toEqual([
    ["/data/labels/set", { name: "wink", color: "#112233" }],
    ["/data/labels/set", { name: "wink", key: "4" }],
  ]);
  expect(said()).toBeUndefined();
  change("wink", "Key of", "1"); // which fear has
  await turn();
  expect(said()).toBe("W is the key of fear now.");
});

test("a name that is refused is what it was", async () => {
  const input = change("wink", "Name of", "fear");
  await turn();
  expect(posts()).toEqual([["/data/labels/rename", { name: "wink", to: "fear" }]]);
  expect(complaint()).toBe("There is “fear” already.");
  expect(input.value).toBe("wink");
});

test("the order changes by a place", async () => {
  pressIn("wink", "↓");
  await turn();
  expect(posts()).toEqual([["/data/labels/order", { order: ["fear", "new", "wink", "off"] }]]);
  expect(row("fear").querySelector("[title='Move fear up']")).toHaveProperty("disabled", true);
  expect(row("off").querySelector("[title='Move off down']")).toHaveProperty("disabled", true);
});

test("a built-in label has a fixed name and stays", () => {
  expect(row("fear").querySelector("input[type=text]")).toBeNull();
  expect(row("fear").textContent).not.toContain("Remove");
  expect(row("wink").textContent).toContain("Remove");
});

test("merging asks into which label", async () => {
  pressIn("wink", "Merge");
  await turn();
  const choice = /** @type {HTMLSelectElement} */ (document.querySelector("dialog select"));
  expect([...choice.options].map(({ value }) => value)).toEqual(["fear", "new"]);
  choice.value = "new";
  await reply("Merge");
  expect(posts()).toEqual([["/data/labels/merge", { name: "wink", to: "new" }]]);
  expect(offer()?.textContent).toBe("“wink” is merged into “new”.Undo");
  offer()?.querySelector("button")?.click();
  await turn();
  expect(posts()[1]).toEqual(["/data/undo", { action: "merged" }]);
  expect(said()).toBe("“wink” is back, with 2 images. 1 image answered again since: left as it is.");
});

test("removing asks what becomes of the images, where there are any", async () => {
  pressIn("new", "Remove");
  await turn();
  expect(posts()).toEqual([["/data/labels/remove", { name: "new" }]]);
  pressIn("wink", "Remove");
  await turn();
  await reply("Give them the label above");
  expect(posts()[1]).toEqual(["/data/labels/remove", { name: "wink", images: "move", to: "fear" }]);
  pressIn("wink", "Remove");
  await turn();
  await reply("Cancel");
  expect(posts()).toHaveLength(2);
  expect(offer()?.textContent).toBe("“wink” is removed.Undo");
});

test("a label is added by its name", async () => {
  const form = /** @type {HTMLFormElement} */ (element.querySelector("form"));
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  input.value = "smirk";
  form.dispatchEvent(new Event("submit", { cancelable: true }));
  await turn();
  expect(posts()).toEqual([["/data/labels/add", { name: "smirk" }]]);
  expect(input.value).toBe("");
});

test("the number of images leads to them", () => {
  pressIn("fear", "1,200");
  expect(show).toHaveBeenCalledWith({ label: "fear" });
});
