import { beforeEach, expect, test, vi } from "vitest";

import { askPerson } from "../../../webapp/static/shared/dialog.js";
import { make } from "../../../webapp/static/shared/elements.js";
import { page } from "../fakes.js";

const press = (name) =>
  [...document.querySelectorAll("dialog button")].find(({ textContent }) => textContent === name).click();

beforeEach(() => {
  page();
  HTMLDialogElement.prototype.showModal = vi.fn();
  HTMLDialogElement.prototype.close = function close() {
    this.dispatchEvent(new Event("close"));
  };
});

test("the pressed button's value is the answer, and the question goes away", async () => {
  const answers = [
    ["keep", "Keep", ""],
    ["delete", "Delete", "danger"],
  ];
  const asked = askPerson("Remove?", "What becomes of them?", answers, make("input"));
  expect(document.querySelector("dialog input")).not.toBeNull();
  press("Delete");
  expect(await asked).toBe("delete");
  expect(document.querySelector("dialog")).toBeNull();
});

test("Cancel and the Escape key answer nothing", async () => {
  const asked = askPerson("Delete?", "For good.", [["yes", "Delete", "danger"]]);
  press("Cancel");
  expect(await asked).toBeNull();
  const again = askPerson("Delete?", "For good.", [["yes", "Delete", "danger"]]);
  document.querySelector("dialog").dispatchEvent(new Event("close")); // what browsers do on Escape
  expect(await again).toBeNull();
});
