// One of the doors through which a version is taken home: what it is, its download, proofs, contents, first lines.

import { address } from "../shared/ask.js";
import { button, make } from "../shared/elements.js";
import { attempt, say } from "../shared/toast.js";
import { contentTree } from "./content-tree.js";
import { downloadKit } from "./kit-download.js";
import { proofList } from "./kit-proofs.js";

/** @import { Door } from "../shared/api" */
/** @typedef {Door["name"]} DoorName */

const MAKING = "Making and proving …";

/** @type {Record<DoorName, { title: string, about: string, download: string }>} */
const WORDS = {
  iphone: {
    title: "iPhone",
    about: "An app that opens in Xcode and Swift Playgrounds, and a Swift package for one of your own.",
    download: "Download for iPhone",
  },
  web: {
    title: "Web",
    about: "A page that names faces in the browser, and the JavaScript module behind it for one of your own.",
    download: "Download for the web",
  },
  onnx: {
    title: "ONNX",
    about: "The model by itself, for whatever runs ONNX, in single and half precision, with examples.",
    download: "Download ONNX",
  },
};

/** @param {number} bytes */
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

export class TakeHomeDoor {
  /** @type {Door | null} what is known of it */
  #door = null;

  /**
   * @param {number} number the version's
   * @param {DoorName} name
   */
  constructor(number, name) {
    this.number = number;
    this.name = name;
    const { title, about, download } = WORDS[name];
    this.element = make("section", "train-door", "", { "data-door": name, "aria-label": title });
    this.get = button(download, "primary", () => this.#download());
    this.get.dataset.download = name;
    this.size = make("span", "why", "", { "data-size": "" });
    const row = make("div", "train-download");
    row.append(this.get, this.size);
    this.note = make("p", "why train-note", "", { "data-note": "" });
    this.proofs = make("dl", "train-proofs");
    this.lines = make("pre", "train-lines");
    this.contents = make("details", "train-contents");
    this.contents.append(make("summary", "", "What is inside"));
    this.element.append(make("h3", "", title), make("p", "", about), row, this.note);
    if (name === "iphone") this.element.append(this.#options());
    this.element.append(make("h4", "", "Proof"), this.proofs, this.#firstLines(), this.contents);
  }

  /** @param {Door} door */
  show(door) {
    this.#door = door;
    this.size.textContent = `${door.exact ? "" : "about "}${megabytes(door.bytes)}`;
    this.note.textContent = door.note;
    this.proofs.replaceChildren(...proofList(door.proofs));
    this.lines.textContent = door.lines.join("\n");
    const summary = make("summary", "", `What is inside: ${door.contents.length} files`);
    this.contents.replaceChildren(summary, contentTree(door.contents));
  }

  #options() {
    const options = make("div", "train-options");
    this.palettize = make("input", "", "", { type: "checkbox", "data-option": "palettize" });
    const field = make("label", "mien-check");
    field.append(this.palettize, " 8-bit weights, half the size");
    const beta = make("p", "why", "For Core AI (iOS 27), a beta: ");
    beta.append(make("code", "", `mien coreml OUT.zip --version ${this.number} --coreai`));
    options.append(field, beta);
    return options;
  }

  #firstLines() {
    const head = make("div", "train-lines-head");
    const copy = button("Copy", "quiet", () => this.#copy());
    copy.setAttribute("aria-label", `Copy the first lines to type: ${WORDS[this.name].title}`);
    head.append(make("h4", "", "Then type"), copy);
    const part = make("div", "train-first-lines");
    part.append(head, this.lines);
    return part;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.lines.textContent ?? "");
      say("Copied.");
    } catch {
      // Over plain http a page may not write to the clipboard.
      getSelection()?.selectAllChildren(this.lines);
      say("The lines are selected: copy them with the keyboard.");
    }
  }

  async #download() {
    this.get.setAttribute("aria-disabled", "true");
    if (this.get.textContent === MAKING) return;
    this.get.textContent = MAKING;
    const made = await attempt(() => downloadKit(this.#address()));
    this.get.removeAttribute("aria-disabled");
    this.get.textContent = WORDS[this.name].download;
    if (!made) return;
    say("The download has started.");
    if (this.#door) this.show(withMade(this.#door, made));
  }

  #address() {
    const path = { number: this.number };
    if (this.name === "web") return address("/data/train/versions/{number}/web-kit", { path });
    if (this.name === "onnx") return address("/data/train/versions/{number}/onnx-kit", { path });
    const query = { palettize: this.palettize?.checked || undefined };
    return address("/data/train/versions/{number}/bundle", { path, query });
  }
}

/**
 * A door as it is once its zip was made: all that was to be checked with that is, and each network has its proof.
 * @param {Door} door
 * @param {import("./kit-download.js").MadeKit} made
 * @returns {Door}
 */
export function withMade(door, { bytes, proofs }) {
  const networks = door.proofs.filter(({ what }) => what === "network");
  return {
    ...door,
    bytes,
    exact: true,
    note: "",
    proofs: door.proofs.map((comparison) => {
      const proof = proofs[networks.indexOf(comparison)] ?? comparison.proof;
      const state = comparison.state === "to come" ? "checked" : comparison.state;
      return { ...comparison, state, proof };
    }),
  };
}
