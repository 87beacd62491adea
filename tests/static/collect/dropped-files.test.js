// @vitest-environment node

import { expect, test } from "vitest";

import { droppedFiles, foundFile } from "../../../webapp/static/collect/dropped-files.js";

/** A dropped file, as browsers hand it out. */
function fileEntry(path) {
  const name = path.split("/").at(-1);
  return { isFile: true, name, fullPath: `/${path}`, file: (resolve) => resolve(new File(["x"], name)) };
}

/** A dropped folder, whose entries come two at a time, as Chromium's come by the hundred. */
function folderEntry(name, entries) {
  const createReader = () => {
    const left = [...entries];
    return { readEntries: (resolve) => resolve(left.splice(0, 2)) };
  };
  return { isFile: false, name, fullPath: `/${name}`, createReader };
}

const dropping = (...roots) => ({ items: roots.map((root) => ({ webkitGetAsEntry: () => root })) });
const namesOf = (files) => files.map(({ name, folder }) => [name, folder]);

test("a file by itself has no folder, one with a path has the last one of it", () => {
  const file = new File(["x"], "a.png");
  expect(foundFile(file, "")).toEqual({ file, name: "a.png", folder: "" });
  expect(foundFile(file, "faces/fear/a.png")).toEqual({ file, name: "faces/fear/a.png", folder: "fear" });
});

test("folders are read to their end, however deep", async () => {
  const fear = folderEntry(
    "faces/fear",
    ["1", "2", "3", "4", "5"].map((name) => fileEntry(`faces/fear/${name}.png`)),
  );
  const joy = folderEntry("faces/joy", [fileEntry("faces/joy/1.png")]);
  const found = await droppedFiles(
    dropping(folderEntry("faces", [fear, joy, fileEntry("faces/note.csv")]), fileEntry("b.zip")),
  );
  expect(namesOf(found)).toEqual([
    ...[1, 2, 3, 4, 5].map((number) => [`faces/fear/${number}.png`, "fear"]),
    ["faces/joy/1.png", "joy"],
    ["faces/note.csv", "faces"],
    ["b.zip", ""],
  ]);
  expect(found[0].file.name).toBe("1.png");
});

test("hidden files, and what is no file, are left out", async () => {
  const folder = folderEntry("faces", [fileEntry("faces/.DS_Store"), folderEntry(".git", [fileEntry("faces/.git/x")])]);
  expect(await droppedFiles(dropping(folder, null))).toEqual([]);
});

test("a folder that cannot be read is an error", async () => {
  const broken = {
    isFile: false,
    name: "x",
    createReader: () => ({ readEntries: (_, reject) => reject(new Error("gone")) }),
  };
  await expect(droppedFiles(dropping(broken))).rejects.toThrow("gone");
});
