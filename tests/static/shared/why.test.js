import { afterEach, expect, test } from "vitest";

import { heatLegend, heatWords, Why, why, whyButton } from "../../../webapp/static/shared/why.js";

const life = new AbortController();
afterEach(() => localStorage.clear());

test("the switch is one wherever it stands, and remembered", () => {
  const [one, other] = [whyButton(life.signal), whyButton(life.signal)];
  one.click();
  expect([one, other].map((button) => button.getAttribute("aria-pressed"))).toEqual(["true", "true"]);
  expect(new Why().shown).toBe(true);
  why.toggle();
  expect(other.getAttribute("aria-pressed")).toBe("false");
  expect(new Why().shown).toBe(false);
});

test("a line says what a map shows, or why there is none", () => {
  expect(heatWords([{ label: "fear", doubt: "too dark" }])).toBe("What spoke for fear (not sure: too dark)");
  expect(heatWords([{ label: "fear" }, { label: "fear" }])).toBe("What spoke for fear");
  expect(heatWords([{ label: "fear" }, { label: "anger" }])).toBe("What spoke for each name");
  expect(heatWords([])).toBe("");
  expect(heatWords([], "It cannot.")).toBe("It cannot.");
  const legend = heatLegend();
  legend.show("What spoke for <b>");
  expect([legend.element.hidden, legend.element.textContent]).toEqual([false, "What spoke for <b>"]);
  legend.show("");
  expect(legend.element.hidden).toBe(true);
});
