// The files in a zip as a tree.

import { make } from "../shared/elements.js";

/** @typedef {Map<string, Branch>} Branch by name; empty for a file */

const MODEL = ".mlpackage"; // a folder that people see as one file

/**
 * @param {string[]} paths
 * @returns {Branch}
 */
export function branches(paths) {
  /** @type {Branch} */
  const root = new Map();
  for (const path of paths) {
    let at = root;
    for (const part of path.split("/").filter(Boolean)) {
      const next = at.get(part) ?? new Map();
      at.set(part, next);
      at = next;
      if (part.endsWith(MODEL)) break;
    }
  }
  return root;
}

/** @param {string[]} paths */
export function contentTree(paths) {
  const tree = make("div", "train-tree", "", { tabindex: "0", role: "region", "aria-label": "Files in the zip" });
  tree.append(listOf(branches(paths)));
  return tree;
}

/** @param {Branch} branch */
function listOf(branch) {
  const list = make("ul");
  for (const [name, inside] of branch) {
    const line = make("li", "", inside.size ? `${name}/` : name);
    if (inside.size) line.append(listOf(inside));
    list.append(line);
  }
  return list;
}
