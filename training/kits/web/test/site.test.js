// The page is served here and nowhere else, and `npm run build` makes all that it needs.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { HOME, siteFiles } from "../scripts/site.js";

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.once("listening", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

test("the server gives the site's files and nothing else", async () => {
  const port = await freePort();
  const server = spawn(process.execPath, [fileURLToPath(new URL("scripts/serve.js", HOME)), port]);
  try {
    await new Promise((done) => server.stdout.once("data", done));
    const get = (path) => fetch(`http://127.0.0.1:${port}/${path}`);
    const page = await get("");
    assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
    assert.match(await page.text(), /connect-src 'self'/);
    const wasm = await get("runtime/ort-wasm-simd-threaded.wasm");
    assert.equal(wasm.headers.get("content-type"), "application/wasm");
    await wasm.body.cancel();
    const known = { headers: { "if-none-match": wasm.headers.get("etag") } };
    assert.equal((await fetch(wasm.url, known)).status, 304, "a browser that has it does not get it again");
    for (const path of ["package.json", "..%2fpackage.json", "scripts/serve.js", "models", "%00"]) {
      assert.equal((await get(path)).status, 404, path);
    }
  } finally {
    server.kill();
  }
});

test("the built folder has every file, and its worker knows them", async () => {
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL("scripts/build.js", HOME))]);
  const worker = await readFile(new URL("dist/offline-worker.js", HOME), "utf8");
  for (const [path, file] of await siteFiles()) {
    assert.ok(worker.includes(JSON.stringify(path)), path);
    if (path !== "index.html") assert.ok((await readFile(file)).equals(await readFile(new URL(`dist/${path}`, HOME))));
  }
  assert.match(await readFile(new URL("dist/index.html", HOME), "utf8"), /page\/offline\.js/);
});
