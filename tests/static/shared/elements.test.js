import { expect, test, vi } from "vitest";

import { button, card, field, find, make } from "../../../webapp/static/shared/elements.js";

test("text is never read as markup", () => {
  const made = make("p", "why", "<img src=x onerror=alert(1)>", { title: "<b>", "data-id": 7 });
  expect(made.children).toHaveLength(0);
  expect(made.textContent).toBe("<img src=x onerror=alert(1)>");
  expect([made.className, made.title, made.dataset.id]).toEqual(["why", "<b>", "7"]);
  expect(make("b", "", 0).textContent).toBe("0");
});

test("buttons do no more than their action", () => {
  const action = vi.fn();
  const made = button("Delete", "danger", action);
  expect(made.type).toBe("button"); // in a form it does not submit
  made.click();
  expect(action).toHaveBeenCalledTimes(1);
});

test("cards and fields have their heading", () => {
  expect(card("Versions", "wide", make("p"), "text").outerHTML).toBe(
    '<section class="mien-card wide"><h2>Versions</h2><p></p>text</section>',
  );
  const control = make("select");
  expect(field("Label", control).control).toBe(control);
});

test("what is not there is missed at once, by its name", () => {
  const root = make("div");
  root.append(make("p", "", "here", { "data-here": "" }));
  expect(find(root, "p", "[data-here]").textContent).toBe("here");
  expect(() => find(root, "button", "[data-here]")).toThrow("There is no button[data-here] here.");
});
