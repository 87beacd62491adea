// Plain words for everything that keeps a camera from running.

/** @typedef {"insecure" | "denied" | "missing" | "busy" | "unplugged"} ProblemKind */
/** @typedef {{ kind: ProblemKind, title: string, text: string, retry?: string }} CameraProblem */

/** @type {Record<ProblemKind, Omit<CameraProblem, "kind">>} */
const WORDS = {
  insecure: {
    title: "This page cannot use the camera",
    text: "Browsers give the camera only to pages on https or on this computer. Open Mien as http://localhost, or put it behind https.",
  },
  denied: {
    title: "The camera is blocked",
    text: "Allow it for this page: click the camera or lock icon in the address bar, then try again.",
    retry: "Try again",
  },
  missing: {
    title: "No camera found",
    text: "Plug one in or switch it on, then try again. Pictures dropped below work without one.",
    retry: "Try again",
  },
  busy: {
    title: "The camera is in use",
    text: "Another program or page holds it. Close that one, then try again.",
    retry: "Try again",
  },
  unplugged: {
    title: "The camera went away",
    text: "It was unplugged or switched off. Connect it, then try again.",
    retry: "Try again",
  },
};

/** What `getUserMedia` rejects with. @type {Record<string, ProblemKind>} */
const ERRORS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/**
 * @param {ProblemKind} kind
 * @returns {CameraProblem}
 */
export const problem = (kind) => ({ kind, ...WORDS[kind] });

/**
 * The name of what `getUserMedia` rejects with; in some browsers that is no Error.
 * @param {unknown} error
 */
export const errorName = (error) => (error && typeof error === "object" && "name" in error ? String(error.name) : "");

/**
 * What stands behind an error of `getUserMedia`.
 * @param {unknown} error
 * @returns {CameraProblem}
 */
export const problemOf = (error) => problem(ERRORS[errorName(error)] ?? "busy");
