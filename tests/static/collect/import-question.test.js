import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { importQuestion } from "../../../webapp/static/collect/import-question.js";
import { BY_FOLDER } from "../../../webapp/static/collect/upload-run.js";
import { page, settled } from "../fakes.js";

const CHOSEN = { label: BY_FOLDER, subject: "" };
const PEOPLE = [
  { people_from: "inner-folder", people: 5, sample: ["<b>ada</b>", "ben", "cem"], sure: true },
  { people_from: "name-start", people: 2, sample: ["left", "right"], sure: false },
];
const happy = { folder: "happy", pictures: 3, meant: "happiness", new: false };
const wink = { folder: "wink", pictures: 1, meant: "", new: true };

/** @param {object} changes */
const planOf = (changes) => ({ pictures: 4, described: 0, people: [], people_from: "nowhere", labels: [], ...changes });
const dialog = () => document.querySelector("dialog");
const press = (text) => [...document.querySelectorAll("dialog button")].find((b) => b.textContent === text).click();

beforeEach(() => {
  page();
  HTMLDialogElement.prototype.showModal = vi.fn();
  HTMLDialogElement.prototype.close = function close() {
    this.dispatchEvent(new Event("close"));
  };
});
afterEach(() => vi.restoreAllMocks());

test("nobody is asked where paths leave no doubt", async () => {
  const start = await importQuestion(planOf({ labels: [wink] }), vi.fn(), CHOSEN);
  expect(dialog()).toBeNull();
  expect(start).toEqual({ label: "", subject: "", by_folder: true, people_from: "nowhere", kept: [] });
});

test("a synonym is offered and can be kept as a label of its own", async () => {
  const asking = importQuestion(planOf({ labels: [happy, wink] }), vi.fn(), CHOSEN);
  expect(dialog().textContent).toContain("“happy” means happiness");
  expect(dialog().textContent).toContain("1 picture · a new label");
  const box = dialog().querySelector("input[type=checkbox]");
  expect(box.checked).toBe(true);
  box.click();
  press("Import");
  expect((await asking).kept).toEqual(["happy"]);
});

test("with a label chosen for all, what folders are called asks no question", async () => {
  const start = await importQuestion(planOf({ labels: [happy] }), vi.fn(), { label: "fear", subject: "Ada" });
  expect(dialog()).toBeNull();
  expect(start).toMatchObject({ label: "fear", subject: "Ada", by_folder: false });
});

test("places for people are offered with a sample, as text; another one gives other labels", async () => {
  const planned = vi.fn().mockResolvedValue(planOf({ people_from: "name-start", labels: [wink] }));
  const plan = planOf({ people: PEOPLE, people_from: "inner-folder", labels: [happy] });
  const asking = importQuestion(plan, planned, CHOSEN);
  const [inner, start, nowhere] = dialog().querySelectorAll("input[type=radio]");
  expect([inner.checked, start.checked, nowhere.checked]).toEqual([true, false, false]);
  expect(dialog().textContent).toContain("5 people: <b>ada</b>, ben, cem, …");
  start.click();
  await settled();
  expect(planned).toHaveBeenCalledWith("name-start");
  expect(dialog().textContent).toContain("wink");
  expect(dialog().textContent).not.toContain("happy");
  press("Import");
  expect((await asking).people_from).toBe("name-start");
});

test("who cancels imports nothing", async () => {
  const asking = importQuestion(planOf({ people: PEOPLE }), vi.fn(), CHOSEN);
  press("Cancel");
  expect(await asking).toBeNull();
});
