// What is said of an error.

/** In words for a person. @param {unknown} error */
export const sentence = (error) => (error instanceof Error ? error.message : String(error));
