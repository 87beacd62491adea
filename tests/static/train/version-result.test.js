import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { versionResult } from "../../../webapp/static/train/version-result.js";
import { fakeServer, page } from "../fakes.js";
import { complaint, offer, tidy, turn } from "../person.js";
import { cardOf, detailOf, looksOf, metricsOf, scoreOf, stateOf, trainableLabel, versionOf } from "./runs.js";

/** @import { Card, MistakenFace } from "../../../webapp/static/shared/api" */

const actions = { changed: vi.fn() };
const AFTER = metricsOf(0.5, {
  recall: { fear: 0.5, wink: null },
  confusion: [
    [1, 1],
    [0, 0],
  ],
});

/** @type {HTMLElement} */
let shown;

/**
 * @param {number} number
 * @param {Partial<Card>} fields
 * @param {MistakenFace[]} wrong
 * @param {boolean} heldOutNow
 */
function show(number, fields, wrong = [], heldOutNow = true) {
  const data = {
    ...stateOf().data,
    labels: ["fear", "wink"].map((name) => trainableLabel(name, { images: 9 })),
  };
  const state = stateOf({
    data,
    active: 1,
    versions: [versionOf(3, { held_out: scoreOf(0.5) }), versionOf(2, { held_out: scoreOf(0.4) })],
  });
  const labels = looksOf("fear", "wink");
  const version = detailOf(number, { card: cardOf(fields), labels, wrong, held_out_now: heldOutNow });
  shown.replaceChildren(...versionResult(version, state, [], actions));
}

beforeEach(() => {
  vi.useFakeTimers();
  actions.changed.mockReset();
  shown = /** @type {HTMLElement} */ (page());
});

afterEach(tidy);

test("why a version waits is said", () => {
  show(3, { after: AFTER, verdict: { activate: false, reason: "It is no better." } });
  expect(shown.querySelector(".train-verdict")?.textContent).toBe("It is no better.");
  expect(shown.querySelector(".mien-badge")).toBeNull();
});

test("the version in use is marked", () => {
  show(1, { after: AFTER, verdict: { activate: true, reason: "" } });
  expect(shown.querySelector("h2 .mien-badge")?.textContent).toBe("in use");
  expect(shown.querySelector(".train-verdict")).toBeNull();
});

test("a version that was not measured has no figures of labels", () => {
  show(0, {});
  expect(shown.querySelector(".train-recalls")).toBeNull();
  expect(shown.textContent).toContain("It comes with Mien and names fear, wink.");
});

test("names are text, whatever they are made of", () => {
  show(3, { name: "<img src=x>", labels: ["<b>fear</b>", "wink"], after: AFTER });
  expect(shown.querySelector(".train-heading img, .train-confusion b")).toBeNull();
  expect(shown.querySelector(".train-heading h2")?.textContent).toBe("Version 3 · <img src=x>");
});

describe("label by label", () => {
  const all = () => shown.querySelector(".train-recall .number")?.textContent;
  const choice = () => /** @type {HTMLSelectElement} */ (shown.querySelector("[aria-label='Compare with']"));
  const choose = async (/** @type {string} */ value) => {
    choice().value = value;
    choice().dispatchEvent(new Event("change"));
    await turn();
  };
  const scored = (/** @type {number} */ number, /** @type {number} */ accuracy) =>
    detailOf(number, { score: { ...scoreOf(accuracy), recall: {} } });

  test("a version is held against the one before as measured then, against another as both are scored now", async () => {
    show(3, { before: metricsOf(0.25), after: AFTER }, [], false);
    expect(all()).toBe("25\u00a0% → 50\u00a0%");
    expect([...choice().options].map(({ textContent }) => textContent)).toEqual([
      "the base model, in use before, on the faces held out then",
      "version 2, on the faces held out now",
    ]);
    fakeServer({ "GET /data/train/versions/2": scored(2, 0.4), "GET /data/train/versions/3": scored(3, 0.6) });
    await choose("2");
    expect(all()).toBe("40\u00a0% → 60\u00a0%");
    await choose("");
    expect(all()).toBe("25\u00a0% → 50\u00a0%");
  });

  test("what has no score yet is not held against anything", async () => {
    show(3, { before: metricsOf(0.25), after: AFTER });
    expect(choice().options[1].textContent).toBe("version 2");
    fakeServer({ "GET /data/train/versions/2": scored(2, 0.4), "GET /data/train/versions/3": detailOf(3) });
    await choose("2");
    expect([choice().value, all()]).toEqual(["", "25\u00a0% → 50\u00a0%"]);
  });
});

describe("a face that it got wrong", () => {
  const wrong = [{ image: 7, label: "fear", now: "fear", predicted: "wink", certainty: 0.7 }];
  const figure = () => /** @type {HTMLElement} */ (shown.querySelector("[data-image='7']"));
  const choice = () => /** @type {HTMLSelectElement} */ (figure().querySelector("select"));
  const relabel = async () => {
    choice().value = "wink";
    choice().dispatchEvent(new Event("change"));
    await turn();
  };

  test("can get another label, and its own back", async () => {
    const asked = fakeServer({ "POST /data/annotate": { action: "a1" }, "POST /data/undo": { ids: [7] } });
    show(3, { after: AFTER }, wrong);
    expect(figure().textContent).toContain("says wink, 70\u00a0%");
    await relabel();
    expect(asked[0].body).toEqual({ ids: [7], label: "wink", kind: "label" });
    expect(figure().className).toBe("relabelled");
    expect(actions.changed).toHaveBeenCalledOnce();
    offer()?.querySelector("button")?.click();
    await turn();
    expect(asked[1].body).toEqual({ action: "a1" });
    expect(choice().value).toBe("fear");
    expect(figure().className).toBe("");
    expect(actions.changed).toHaveBeenCalledTimes(2);
  });

  test("keeps its label where it cannot get another", async () => {
    fakeServer({ "POST /data/annotate": Response.json({ error: "That image is gone." }, { status: 404 }) });
    show(3, { after: AFTER }, wrong);
    await relabel();
    expect(complaint()).toBe("That image is gone.");
    expect(choice().value).toBe("fear");
    expect(actions.changed).not.toHaveBeenCalled();
  });

  test("may have lost its label meanwhile", () => {
    show(3, { after: AFTER }, [{ ...wrong[0], now: null }]);
    expect(choice().selectedOptions[0].textContent).toBe("no label");
    expect(figure().className).toBe("relabelled");
  });
});
