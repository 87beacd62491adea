// The files that were dropped or chosen, each with the folder it came from.

/** @typedef {{ file: File, name: string, folder: string }} FoundFile `folder` is "" for a file by itself */

/**
 * @param {File} file
 * @param {string} [path] as far as it is known
 * @returns {FoundFile}
 */
export function foundFile(file, path) {
  const name = path || file.name;
  return { file, name, folder: name.split("/").at(-2) ?? "" };
}

/**
 * Every file in what was dropped, however deep; hidden ones are left out.
 * @param {DataTransfer} dropped
 * @returns {Promise<FoundFile[]>}
 */
export async function droppedFiles({ items }) {
  const roots = [...items].map((item) => item.webkitGetAsEntry?.()).filter((root) => root !== null);
  return (await Promise.all(roots.map(filesBelow))).flat();
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<FoundFile[]>}
 */
async function filesBelow(entry) {
  if (isFile(entry)) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [foundFile(file, entry.fullPath.replace(/^\//, ""))];
  }
  const entries = await allEntries(/** @type {FileSystemDirectoryEntry} */ (entry));
  const shown = entries.filter(({ name }) => !name.startsWith("."));
  return (await Promise.all(shown.map(filesBelow))).flat();
}

/**
 * Browsers hand out a folder in pieces, and say by an empty one that it is at its end.
 * @param {FileSystemDirectoryEntry} folder
 */
async function allEntries(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const found = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return found;
    found.push(...some);
  }
}

/**
 * @param {FileSystemEntry} entry
 * @returns {entry is FileSystemFileEntry}
 */
const isFile = (entry) => entry.isFile;
