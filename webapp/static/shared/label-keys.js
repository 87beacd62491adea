// Which label a key picks, and how a key is written.

/** @typedef {{ name: string, key: string }} Keyed */

/**
 * The label that `key` (as a KeyboardEvent has it) picks. Where Shift and caps lock make no difference they are left
 * aside: "W" picks the label of "w" while no other label has "W".
 * @template {Keyed} Label
 * @param {Label[]} labels
 * @param {string} key
 * @returns {Label | undefined}
 */
export function labelByKey(labels, key) {
  const having = (/** @type {string} */ wanted) => labels.find((label) => label.key && label.key === wanted);
  return having(key) ?? having(key.toLowerCase()) ?? having(key.length === 1 ? key.toUpperCase() : "");
}

/**
 * A key as it stands on a keyboard: "W" for "w", "⇧W" for "W".
 * @param {string} key
 */
export function keyName(key) {
  const upper = key.toUpperCase();
  return key === upper && key !== key.toLowerCase() ? `⇧${key}` : upper;
}

/**
 * The keys that can be given to a label: the first row of digits, letters, letters with Shift, the other characters. The
 * letters that are left out are commands of the page.
 */
export const KEYS = [
  ..."123456789",
  ..."abdefghijklopqrtvwxyz",
  ..."ABDEFGHIJKLOPQRTVWXYZ",
  ...'0,.-+;:=!*#%&()"<>@$_',
];
