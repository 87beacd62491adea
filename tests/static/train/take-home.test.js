import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { branches, contentTree } from "../../../webapp/static/train/content-tree.js";
import { proofWords } from "../../../webapp/static/train/kit-proofs.js";
import { TakeHome } from "../../../webapp/static/train/take-home.js";
import { fakeServer, page } from "../fakes.js";
import { complaint, said, tidy, turn } from "../person.js";

/** @import { Comparison, Door, Proof } from "../../../webapp/static/shared/api" */

/** @type {Proof} */
const PROOF = { format: "Core ML", runner: "Mien", faces: 208, max_difference: 0.00123, equal_labels: 1, bytes: 2.1e6 };

/**
 * @param {Comparison["what"]} what
 * @param {Comparison["state"]} state
 * @param {string} words
 * @returns {Comparison}
 */
const comparison = (what, state, words = "") => ({ what, state, said: words, proof: null });

/**
 * @param {Door["name"]} name
 * @param {Partial<Door>} fields
 * @returns {Door}
 */
const doorOf = (name, fields = {}) => ({
  name,
  bytes: 4_423_106,
  exact: false,
  ready: false,
  note: "",
  proofs: [comparison("network", "to come")],
  contents: ["README.md"],
  lines: [`unzip ${name}.zip`, "cd mien", "start"],
  ...fields,
});

const PATH = "/data/train/versions/3";
const DOORS = [
  doorOf("iphone", {
    note: "It is made when you download it.",
    proofs: [
      comparison("crop", "inside", "<b>24</b> pictures: `swift test`"),
      comparison("network", "to come"),
      comparison("labels", "to come"),
    ],
    contents: ["README.md", "Mien/Package.swift", "Mien/M.mlpackage/Data/w", "Mien.swiftpm/M.mlpackage/"],
  }),
  doorOf("web"),
  doorOf("onnx", { proofs: [comparison("network", "checked"), comparison("network", "to come")] }),
];

/** @type {TakeHome} */
let home;

/**
 * Shows the card; answers of the server by method and path.
 * @param {Parameters<typeof fakeServer>[0]} answers
 */
async function show(answers = {}) {
  const asked = fakeServer({ [`GET ${PATH}/take-home`]: DOORS, ...answers });
  home = new TakeHome(3);
  page()?.append(home.element);
  await home.refresh();
  return asked;
}

/** @param {string} name */
const door = (name) => /** @type {HTMLElement} */ (home.element.querySelector(`[data-door="${name}"]`));

/** @param {string} name */
const get = (name) => /** @type {HTMLButtonElement} */ (door(name).querySelector("[data-download]"));

/** @param {string} name */
const proofs = (name) =>
  [...door(name).querySelectorAll("dd")].map(({ dataset }) => `${dataset.proof} ${dataset.state}`);

/** @param {Proof[]} made */
const zip = (made) =>
  new Response("zip", {
    headers: {
      "content-disposition": 'attachment; filename="mien.zip"',
      "x-mien-proof": JSON.stringify(made),
    },
  });

beforeEach(() => {
  vi.useFakeTimers();
  URL.createObjectURL = vi.fn(() => "blob:zip");
  URL.revokeObjectURL = vi.fn();
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
});

afterEach(tidy);

test("each door says its size, proofs, lines and what is inside", async () => {
  await show();
  expect([...home.element.querySelectorAll("h3")].map((each) => each.textContent)).toEqual(["iPhone", "Web", "ONNX"]);
  expect(door("iphone").querySelector("[data-size]")?.textContent).toBe("about 4.4 MB");
  expect(door("iphone").querySelector("[data-note]")?.textContent).toBe("It is made when you download it.");
  expect(proofs("iphone")).toEqual(["crop inside", "network to come", "labels to come"]);
  expect(door("iphone").querySelector("dd > span")?.textContent).toBe("<b>24</b> pictures: swift test");
  expect(door("iphone").querySelector("dd code")?.textContent).toBe("swift test");
  expect(door("web").querySelector("pre")?.textContent).toBe("unzip web.zip\ncd mien\nstart");
  expect(door("iphone").querySelector("summary")?.textContent).toBe("What is inside: 4 files");
  expect(door("iphone").textContent).toContain("mien coreml OUT.zip --version 3 --coreai");
  expect(door("web").querySelector("input")).toBeNull();
});

test("a tree has folders and files, a package as one", () => {
  const tree = branches(["b/c", "a", "b/P.mlpackage/Data/w", "b/P.mlpackage/Manifest.json", "Q.mlpackage/"]);
  expect([...tree.keys()]).toEqual(["b", "a", "Q.mlpackage"]);
  expect([...(tree.get("b")?.keys() ?? [])]).toEqual(["c", "P.mlpackage"]);
  const lines = [...contentTree(["b/c", "<i>"]).querySelectorAll("li")].map((line) => line.firstChild?.textContent);
  expect(lines).toEqual(["b/", "c", "<i>"]);
});

test("a proof in figures", () => {
  expect(proofWords(PROOF)).toBe(
    "Greatest difference 0.0012 in probability, equal labels 100.0 % of 208 pictures. Run by Mien, 2.1 MB.",
  );
  expect(proofWords({ ...PROOF, max_difference: 3e-7 })).toContain("under 0.0001");
});

describe("a download", () => {
  test("is one click; the button says what goes on, the other doors stay usable, a second click does nothing", async () => {
    /** @type {(answer: Response) => void} */
    let answer = () => {};
    const asked = await show({
      [`POST ${PATH}/bundle`]: () => new Promise((resolve) => (answer = resolve)),
      [`POST ${PATH}/web-kit`]: () => zip([]),
    });
    get("iphone").click();
    get("iphone").click();
    expect(get("iphone").textContent).toBe("Making and proving …");
    expect(get("iphone").getAttribute("aria-disabled")).toBe("true");
    get("web").click();
    await turn();
    expect(get("web").textContent).toBe("Download for the web");
    expect(door("web").querySelector("[data-size]")?.textContent).toBe("0.0 MB");
    answer(zip([PROOF]));
    await turn();
    expect(get("iphone").textContent).toBe("Download for iPhone");
    expect(get("iphone").getAttribute("aria-disabled")).toBeNull();
    expect(said()).toBe("The download has started.");
    expect(proofs("iphone")).toEqual(["crop inside", "network checked", "labels checked"]);
    expect(door("iphone").querySelector(".figures")?.textContent).toBe(proofWords(PROOF));
    expect(door("iphone").querySelector("[data-note]")?.textContent).toBe("");
    expect(asked.map(({ method, path }) => `${method} ${path.replace(PATH, "")}`)).toEqual([
      "GET /take-home",
      "POST /bundle",
      "POST /web-kit",
    ]);
  });

  test("has 8-bit weights where they are asked for", async () => {
    const asked = await show({ [`POST ${PATH}/bundle`]: () => zip([PROOF]) });
    get("iphone").click();
    await turn();
    /** @type {HTMLInputElement} */ (door("iphone").querySelector("[data-option]")).click();
    get("iphone").click();
    await turn();
    expect(asked.slice(1).map(({ query }) => query.toString())).toEqual(["", "palettize=true"]);
  });

  test("gives each network its own proof", async () => {
    const half = { ...PROOF, format: "ONNX in half precision", max_difference: 0.0005 };
    await show({ [`POST ${PATH}/onnx-kit`]: () => zip([{ ...PROOF, max_difference: 0 }, half]) });
    get("onnx").click();
    await turn();
    expect([...door("onnx").querySelectorAll(".figures")].map((each) => each.textContent?.slice(0, 33))).toEqual([
      "Greatest difference under 0.0001 ",
      "Greatest difference 0.0005 in pro",
    ]);
  });

  test("that is refused is a sentence, and can be tried again", async () => {
    await show({ [`POST ${PATH}/web-kit`]: Response.json({ error: "Version 3 is damaged." }, { status: 422 }) });
    get("web").click();
    await turn();
    expect(complaint()).toBe("Version 3 is damaged.");
    expect(get("web").textContent).toBe("Download for the web");
    expect(proofs("web")).toEqual(["network to come"]);
  });
});

test("what is asked anew leaves a download that is under way alone", async () => {
  await show({ [`POST ${PATH}/web-kit`]: () => new Promise(() => {}) });
  get("web").click();
  await home.refresh();
  expect(get("web").textContent).toBe("Making and proving …");
});

test("the lines are copied, or selected where the page may not", async () => {
  await show();
  const copy = /** @type {HTMLButtonElement} */ (door("onnx").querySelector(".train-lines-head button"));
  const writeText = vi.fn(async () => {});
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  copy.click();
  await turn();
  expect(writeText).toHaveBeenCalledWith("unzip onnx.zip\ncd mien\nstart");
  expect(said()).toBe("Copied.");
  vi.stubGlobal("navigator", {});
  copy.click();
  await turn();
  expect(said()).toContain("are selected");
  expect(getSelection()?.toString()).toBe("unzip onnx.zip\ncd mien\nstart");
});

test("a version that cannot be read is a sentence", async () => {
  await show({ [`GET ${PATH}/take-home`]: Response.json({ error: "model.onnx is damaged." }, { status: 422 }) });
  expect(complaint()).toBe("model.onnx is damaged.");
});
