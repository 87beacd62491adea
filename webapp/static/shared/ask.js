// The server's routes. Paths are written as the server declares them, and tsc knows what each takes and answers:
//
//   const { items } = await get("/data/gallery", { query: { page: 2 } });
//   const { faces } = await post("/data/upload", { query: { label: "wink" }, file });
//   image.src = address("/data/images/{image_id}", { path: { image_id: 7 } });

/** @import { Answer, Arguments, Path, Placed, Values } from "./routes" */

/** @typedef {Record<string, string | number | boolean | null | undefined>} Parts */

/** The server's answer that it did not do something; the message is a sentence to show. */
export class Refusal extends Error {
  /**
   * @param {string} message
   * @param {number} status HTTP's
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

const BASE = "/mien/api";

/**
 * @template {Path<"get">} P
 * @param {P} path
 * @param {Arguments<Values<"get", P>>} values
 * @returns {Promise<Answer<"get", P>>}
 * @throws {Error} with a sentence to show
 */
export const get = (path, ...[values]) => ask("GET", path, values);

/**
 * @template {Path<"post">} P
 * @param {P} path
 * @param {Arguments<Values<"post", P>>} values
 * @returns {Promise<Answer<"post", P>>}
 * @throws {Error} with a sentence to show
 */
export const post = (path, ...[values]) => ask("POST", path, values);

/**
 * Where a route is: placeholders filled in, and those of `query` that are not empty.
 * @template {Path<"get"> | Path<"post">} P
 * @param {P} path
 * @param {Arguments<Placed<P>>} values
 */
export const address = (path, ...[values]) => addressOf(path, values);

/**
 * @param {string} path
 * @param {{ path?: Parts, query?: Parts }} [values]
 */
function addressOf(path, { path: parts = {}, query = {} } = {}) {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(parts[name])));
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return BASE + filled + (search && `?${search}`);
}

/**
 * @param {"GET" | "POST"} method
 * @param {string} path
 * @param {{ path?: Parts, query?: Parts, body?: unknown, file?: Blob }} [values]
 */
async function ask(method, path, values = {}) {
  const json = values.body !== undefined;
  let response;
  try {
    response = await fetch(addressOf(path, values), {
      method,
      body: json ? JSON.stringify(values.body) : values.file,
      headers: json ? { "content-type": "application/json" } : {},
    });
  } catch (error) {
    throw new Error("Mien cannot be reached. Is it still running?", { cause: error });
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const { status } = response;
  throw new Refusal(typeof answer.error === "string" ? answer.error : `Mien could not do that (${status}).`, status);
}
