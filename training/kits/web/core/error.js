// What a person caused or can mend.

/**
 * @typedef {"camera-denied" | "camera-missing" | "camera-taken" | "camera-insecure" | "no-wasm-simd" | "runtime-missing"
 *   | "model-missing" | "model-damaged" | "picture-unreadable" | "picture-too-large"} MienErrorCode
 */

/** An error with a sentence for the person in `message`, and a `code` for programs. */
export class MienError extends Error {
  /**
   * @param {MienErrorCode} code
   * @param {string} message
   * @param {unknown} [cause]
   */
  constructor(code, message, cause) {
    super(message, { cause });
    this.name = "MienError";
    this.code = code;
  }
}
