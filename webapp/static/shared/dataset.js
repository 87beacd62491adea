// @ts-nocheck
// What review/ and train/ still ask for by its old name; each of these lives in the module that is named here.

import { address } from "./ask.js";

export { remove, restore } from "./deletion.js";
export { askPerson } from "./dialog.js";
export { button, make } from "./elements.js";
export { changed, keepFresh } from "./freshness.js";
export { isMeantFor } from "./keyboard.js";
export { count } from "./numbers.js";
export { attempt, say } from "./toast.js";

/** Asks the server; throws an Error with a sentence to show. `get` and `post` of ask.js do it with types. */
export async function ask(path, body, options = {}) {
  let response;
  try {
    const json = body !== undefined && {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    };
    response = await fetch(address(`/data${path}`), { ...json, ...options });
  } catch (error) {
    throw new Error("Mien cannot be reached. Is it still running?", { cause: error });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok)
    throw new Error(typeof answer.error === "string" ? answer.error : `Mien could not do that (${response.status}).`);
  return answer;
}
