// Numbers as people read them.

/**
 * @param {number} number
 * @param {string} one
 * @param {string} [many]
 */
export const count = (number, one, many = `${one}s`) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

/** @param {number | null | undefined} share of one; null: not measured */
export const percent = (share) => (typeof share === "number" ? `${Math.round(share * 100)}\u00a0%` : "–");
