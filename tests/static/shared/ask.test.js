import { afterEach, expect, test, vi } from "vitest";

import { address, get, post } from "../../../webapp/static/shared/ask.js";
import { fakeServer } from "../fakes.js";

afterEach(() => vi.unstubAllGlobals());

test("placeholders of an address are filled in and escaped, and an empty part of the query is left out", () => {
  expect(address("/data/jobs/{number}", { path: { number: "a/b c" } })).toBe("/mien/api/data/jobs/a%2Fb%20c");
  const query = { label: "", subject: "Ann & Bo", page: 0, no_subject: undefined, flag: null };
  expect(address("/data/gallery", { query })).toBe("/mien/api/data/gallery?subject=Ann+%26+Bo&page=0");
  expect(address("/status")).toBe("/mien/api/status");
});

test("a question is a GET without a body", async () => {
  const requests = fakeServer({ "GET /data/gallery": { total: 0, items: [] } });
  expect(await get("/data/gallery", { query: { page: 3 } })).toEqual({ total: 0, items: [] });
  expect(requests[0].body).toBeUndefined();
  expect(requests[0].query.get("page")).toBe("3");
});

test("a body goes as JSON and a file as it is", async () => {
  const requests = fakeServer({ "POST /data/undo": { ids: [] }, "POST /predict": { faces: [] } });
  await post("/data/undo", { body: { action: "x" } });
  expect(requests[0]).toMatchObject({ body: { action: "x" }, headers: { "content-type": "application/json" } });
  const file = new Blob(["picture"]);
  await post("/predict", { file });
  expect(requests[1].body).toBe(file);
  expect(requests[1].headers).toEqual({});
});

test("the server's sentence is what is thrown", async () => {
  fakeServer({ "POST /predict": Response.json({ error: "This is no picture." }, { status: 422 }) });
  await expect(post("/predict", { file: new Blob() })).rejects.toThrow("This is no picture.");
});

test("an answer that is no sentence is said to have failed", async () => {
  fakeServer({
    "GET /status": new Response("<html>Bad gateway</html>", { status: 502 }),
    "GET /data/train": Response.json({ error: ["field"] }, { status: 422 }),
  });
  await expect(get("/status")).rejects.toThrow("Mien could not do that (502).");
  await expect(get("/data/train")).rejects.toThrow("Mien could not do that (422).");
});

test("a server that is gone is said to be", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(get("/status")).rejects.toThrow("Mien cannot be reached. Is it still running?");
});
