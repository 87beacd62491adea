// `npm start [PORT]`: the page on this computer.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";
import process from "node:process";

import { siteFiles } from "./site.js";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

const port = Number(process.argv[2] ?? 8080);
const files = await siteFiles();

const server = createServer(async ({ method, url, headers }, response) => {
  const path = new URL(url, "http://localhost").pathname.slice(1) || "index.html";
  const file = method === "GET" || method === "HEAD" ? files.get(path) : undefined;
  try {
    const { size, ctimeMs } = await stat(file ?? "");
    const etag = `"${size}-${ctimeMs}"`; // when it was put here: files of a zip may all have one date
    if (headers["if-none-match"] === etag) {
      response.writeHead(304, { etag, "cache-control": "no-cache" }).end();
      return;
    }
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-length": size, "cache-control": "no-cache", etag });
    if (method === "HEAD") response.end();
    else createReadStream(file, { highWaterMark: 2 ** 20 }).pipe(response);
  } catch {
    response.writeHead(404, { "content-type": "text/plain" }).end("Not found");
  }
});

server.on("error", ({ code, message }) => {
  const taken = `Port ${port} is in use. Choose another one: npm start 8081`;
  console.error(code === "EADDRINUSE" ? taken : message);
  process.exitCode = 1;
});
server.listen(port, "127.0.0.1", () => console.log(`Mien is at http://127.0.0.1:${port}`));
