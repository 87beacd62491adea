// What is done to images of the gallery: an answer, a person, both with a way back.

import { post } from "../shared/ask.js";
import { changed } from "../shared/freshness.js";
import { attempt } from "../shared/toast.js";
import { offerUndo } from "../shared/undo.js";
import { answeredText, namedText } from "./gallery-words.js";

/** @import { GivenAnswer } from "./queue-words.js" */

/**
 * Gives images one answer. Resolves to whether they have it.
 * @param {number[]} ids
 * @param {GivenAnswer} answer
 */
export const answerImages = (ids, answer) =>
  attempt(async () => {
    const { action } = await post("/data/annotate", { body: { ids, ...answer } });
    offerUndo(answeredText(ids.length, answer), action);
    changed();
    return true;
  });

/**
 * Says whose face images show. Resolves to whether it is so.
 * @param {number[]} ids
 * @param {string} subject "" for nobody
 */
export const namePerson = (ids, subject) =>
  attempt(async () => {
    const before = await post("/data/people", { body: { people: [{ ids, subject: subject || null }] } });
    offerUndo(namedText(ids.length, subject), async () => {
      await post("/data/people", { body: before });
      return "As it was before.";
    });
    changed();
    return true;
  });
