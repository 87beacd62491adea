// `npm run build`: the folder `dist`, for any web host. Once a browser has opened it, it works without a network.

import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { HOME, siteFiles } from "./site.js";

const DIST = fileURLToPath(new URL("dist/", HOME));
const OFFLINE = '<script type="module" src="page/offline.js"></script>\n  </head>';

try {
  await build(await siteFiles());
} catch (error) {
  console.error(error.code === "ENOENT" ? `${error.path} is missing. Run \`npm ci\` first.` : error.message);
  process.exitCode = 1;
}

/** @param {Map<string, string>} files */
async function build(files) {
  const hash = createHash("sha256");
  for (const [path, file] of files) hash.update(path).update(await readFile(file));
  await rm(DIST, { recursive: true, force: true });
  for (const [path, file] of files) {
    await mkdir(dirname(DIST + path), { recursive: true });
    await cp(file, DIST + path);
  }
  const page = await readFile(files.get("index.html"), "utf8");
  await writeFile(`${DIST}index.html`, page.replace("</head>", OFFLINE));
  const worker = await readFile(new URL("scripts/offline-worker.js", HOME), "utf8");
  const facts = { name: `mien-${hash.digest("hex").slice(0, 16)}`, files: ["./", ...files.keys()] };
  await writeFile(`${DIST}offline-worker.js`, `const SITE = ${JSON.stringify(facts)};\n${worker}`);
  console.log(`${DIST} has ${files.size + 1} files. Put it on any web host with https.`);
}
