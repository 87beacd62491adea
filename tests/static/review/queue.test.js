import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { queue } from "../../../webapp/static/review/queue.js";
import { image, label, overviewOf, queueOf } from "./listings.js";
import { fakeServer } from "../fakes.js";
import { comeIntoView, complaint, press, tidy, turn } from "../person.js";
import { reviewPanel } from "./review-page.js";

/** @import { ListedImage, ReviewQueue } from "../../../webapp/static/shared/api" */

const LABELS = [label("anger", { key: "1" }), label("fear", { key: "2" })];

/** @type {ReviewQueue} what the server has */
let found;
/** @type {HTMLElement} */
let element;

const face = () => element.querySelector("img")?.getAttribute("src");
const text = (/** @type {string} */ selector) => element.querySelector(selector)?.textContent;

/**
 * The queue, shown and loaded.
 * @param {Parameters<typeof fakeServer>[0]} answers
 */
async function open(answers = {}) {
  element = reviewPanel("queue");
  const asked = fakeServer({
    "GET /data/overview": () => overviewOf({ total: found.total, labels: LABELS }),
    "GET /data/queue": () => found,
    ...answers,
  });
  queue(element);
  await comeIntoView(element);
  return asked;
}

beforeEach(() => {
  vi.useFakeTimers();
  found = queueOf([1, 2, 3, 4, 5, 6, 7]);
});

afterEach(tidy);

describe("answers", () => {
  test("count at once, and are sent one after the other", async () => {
    /** @type {((answer: object) => void)[]} */
    const landing = [];
    const asked = await open({ "POST /data/annotate": () => new Promise((resolve) => landing.push(resolve)) });
    const sent = () => asked.filter(({ path }) => path === "/data/annotate").map(({ body }) => body);
    press("2");
    press("s");
    expect(face()).toMatch("/images/3");
    expect(text("[data-queue-left]")).toBe("5 faces to go");
    await turn();
    expect(sent()).toEqual([{ ids: [1], label: "fear", kind: "label" }]);
    landing[0]({ action: "a1" });
    await turn();
    expect(sent()[1]).toEqual({ ids: [2], kind: "skip" });
  });

  test("can be taken back before they have landed", async () => {
    const order = /** @type {string[]} */ ([]);
    await open({
      "POST /data/annotate": () => {
        order.push("annotate");
        return { action: "a1" };
      },
      "POST /data/undo": ({ body }) => {
        order.push(`undo ${body.action}`);
        return { ids: [1] };
      },
    });
    press("n");
    press("u");
    expect(face()).toMatch("/images/1");
    await turn();
    expect(order).toEqual(["annotate", "undo a1"]);
    expect(text("[data-queue-left]")).toBe("7 faces to go");
  });

  test("by Enter follow a Skip by mouse; after a Skip by keyboard, Enter is that button's", async () => {
    found = { ...found, items: [1, 2, 3].map((id) => image(id, { suggested: "fear", certainty: 0.9 })) };
    const asked = await open({ "POST /data/annotate": () => ({ action: "a" }) });
    const skip = /** @type {HTMLElement} */ (element.querySelector("[data-skip]"));
    const click = (/** @type {number} */ detail) =>
      skip.dispatchEvent(new MouseEvent("click", { bubbles: true, detail }));
    skip.focus();
    click(0);
    press("Enter", skip);
    skip.focus();
    click(1);
    press("Enter", document.activeElement ?? undefined);
    await turn();
    const answers = asked.filter(({ path }) => path === "/data/annotate").map(({ body }) => body.label ?? body.kind);
    expect(answers).toEqual(["skip", "skip", "fear"]);
  });

  test("that are refused are said, and nothing is left to take back", async () => {
    await open({ "POST /data/annotate": () => Response.json({ error: "There is no label “fear”." }, { status: 422 }) });
    press("2");
    await turn();
    expect(complaint()).toBe("There is no label “fear”.");
    expect(element.querySelector("[data-undo]")).toHaveProperty("disabled", true);
    expect(text("[data-queue-left]")).toBe("7 faces to go");
  });

  test("fetch more faces when few are left", async () => {
    const asked = await open({ "POST /data/annotate": () => ({ action: "a" }) });
    found = queueOf([5, 6, 7, 8, 9]);
    for (let step = 0; step < 4; step += 1) press("s");
    await turn();
    expect(asked.filter(({ path }) => path === "/data/queue").length).toBeGreaterThan(1);
    expect(face()).toMatch("/images/5");
    expect(element.querySelectorAll("[data-queue-strip] img")).toHaveLength(4);
  });

  test("are not given by a key that is held down, or typed elsewhere", async () => {
    const asked = await open({ "POST /data/annotate": () => ({ action: "a" }) });
    press("s", document.body, { repeat: true });
    press("s", document.body, { ctrlKey: true });
    press("s", /** @type {Element} */ (element.querySelector("select")));
    press("9");
    await turn();
    expect(asked.map(({ method }) => method)).not.toContain("POST");
  });
});

describe("while the model is still looking", () => {
  /** @param {Partial<ListedImage>} fields */
  const open312 = async (fields = {}) => {
    found = { ...queueOf([1, 2, 3, 4, 5]), waiting: 312 };
    return open({ "GET /data/images/1/listed": () => image(1, fields) });
  };
  const asks = (/** @type {{ path: string }[]} */ asked) => asked.filter(({ path }) => path === "/data/queue").length;

  test("it says at how many faces, and no longer once it is done", async () => {
    await open312();
    expect(text("[data-queue-looking]")).toBe("The model is still looking at 312 faces.");
    found = { ...found, waiting: 0 };
    await vi.advanceTimersByTimeAsync(1000);
    expect(text("[data-queue-looking]")).toBe("");
  });

  test("the suggestion of the shown face appears, and nothing else of it changes", async () => {
    await open312({ suggested: "fear", certainty: 0.9 });
    const button = element.querySelector("[data-queue-labels] button");
    found = { ...queueOf([7, 8, 9]), waiting: 3 };
    await vi.advanceTimersByTimeAsync(1000);
    expect(text("[data-suggestion]")).toBe("fear · 90\u00a0%");
    expect(element.querySelector("[data-take]")).toHaveProperty("disabled", false);
    expect(face()).toMatch("/images/1");
    expect(element.querySelector("[data-queue-labels] button")).toBe(button); // a click on it is not lost
  });

  test("a face that was answered elsewhere gives way to the next", async () => {
    await open312({ answer: "skip" });
    found = { ...queueOf([2, 3]), waiting: 3 };
    await vi.advanceTimersByTimeAsync(1000);
    expect(face()).toMatch("/images/2");
  });

  test("it looks every second, until nothing waits", async () => {
    const asked = await open312();
    await vi.advanceTimersByTimeAsync(3000);
    expect(asks(asked)).toBe(4);
    found = { ...found, waiting: 0 };
    await vi.advanceTimersByTimeAsync(5000);
    expect(asks(asked)).toBe(5);
  });

  test("it does not look while another view is shown, or once the tab is gone", async () => {
    const asked = await open312();
    element.hidden = true;
    await vi.advanceTimersByTimeAsync(3000);
    expect(asks(asked)).toBe(1);
    element.hidden = false;
    const tab = /** @type {Element} */ (element.closest(".gradio-container"));
    tab.remove();
    await vi.advanceTimersByTimeAsync(3000);
    expect(asks(asked)).toBe(1);
    document.body.append(tab); // what has ended hears nothing, though its markup is there again
    press("s");
    await turn();
    expect(asked.map(({ method }) => method)).not.toContain("POST");
  });

  test("a server that cannot be reached is asked again, without a word each second", async () => {
    await open312();
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });
    await vi.advanceTimersByTimeAsync(2000);
    expect(complaint()).toBeUndefined();
    expect(face()).toMatch("/images/1");
  });
});

test("without images the queue says so, and offers nothing to answer", async () => {
  found = queueOf([]);
  await open();
  expect(text("[data-queue-empty-text]")).toMatch(/^No images yet/);
  expect(element.querySelector("[data-queue-work]")).toHaveProperty("hidden", true);
});
