import { expect, test, vi } from "vitest";

import { captionOf, tile } from "../../../webapp/static/review/gallery-tile.js";
import { image } from "./listings.js";

test.each([
  [{ label: "fear", answer: "label" }, "fear"],
  [{ answer: "skip" }, "skipped"],
  [{ answer: "not_a_face" }, "not a face"],
  [{ answer: "" }, "unlabelled"],
])("an image with %j is called “%s”", (fields, name) => {
  expect(captionOf(image(1, fields)).name).toBe(name);
});

test("what the model says is said only where it disagrees", () => {
  const answered = { label: "fear", answer: "label", suggested: "anger", subject: "Ada" };
  expect(captionOf(image(1, answered)).title).toBe("fear · Ada");
  const doubted = captionOf(image(1, { ...answered, flags: ["mislabelled"] }));
  expect(doubted).toMatchObject({ doubt: "anger", spoken: "fear, the model says anger" });
  expect(doubted.title).toBe("fear, the model says anger · Ada");
});

test("a tile shows what is in it as text, never as markup, and can be clicked", () => {
  const onClick = vi.fn();
  const made = tile(image(7, { label: "<b>wink</b>", answer: "label" }), "#0072b2", onClick);
  expect(made.querySelector("b")).toBeNull();
  expect(made.textContent).toBe("<b>wink</b>");
  expect(made.id).toBe("tile-7");
  made.click();
  expect(onClick).toHaveBeenCalledOnce();
});
