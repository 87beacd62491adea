// What a face is called: its label, or that Mien is not sure of it.

/** @typedef {{ label: string, doubt?: string, taught?: string }} Called `taught`: the label that a person has given it */

const NOT_SURE = "not sure";

/** @param {Called} face */
export const isUnsure = ({ doubt, taught }) => Boolean(doubt) && taught === undefined;

/** @param {Called} face */
export const nameOf = (face) => (isUnsure(face) ? NOT_SURE : (face.taught ?? face.label));

/**
 * In words, with the reason: "not sure, too dark".
 * @param {Called} face
 */
export const spokenName = (face) => (isUnsure(face) ? `${NOT_SURE}, ${face.doubt}` : nameOf(face));
