// What the server would say, for tests.

/** @import { LabelFigures, ListedImage, OverviewFigures, ReviewQueue } from "../../../webapp/static/shared/api" */

/**
 * @param {number} id
 * @param {Partial<ListedImage>} fields
 * @returns {ListedImage}
 */
export const image = (id, fields = {}) => ({
  id,
  answer: "",
  label: null,
  suggested: null,
  certainty: null,
  suggested_version: null,
  source: "file",
  subject: null,
  session: null,
  created: "2026-03-14T09:26:00+00:00",
  width: 64,
  height: 64,
  box: [12, 12, 40, 40],
  thumbnail: `data:image/png;base64,${id}`,
  flags: [],
  ...fields,
});

/**
 * @param {number[]} ids
 * @param {Partial<ReviewQueue>} fields
 * @returns {ReviewQueue}
 */
export const queueOf = (ids, fields = {}) => ({
  total: ids.length,
  items: ids.map((id) => image(id)),
  waiting: 0,
  ...fields,
});

/**
 * @param {string} name
 * @param {Partial<LabelFigures>} fields
 * @returns {LabelFigures}
 */
export const label = (name, fields = {}) => ({
  id: 0,
  name,
  color: "#0072b2",
  pattern: "",
  key: "",
  enabled: true,
  built_in: false,
  position: 0,
  images: 0,
  takes: 0,
  ...fields,
});

/**
 * @param {Partial<OverviewFigures>} fields
 * @returns {OverviewFigures}
 */
export const overviewOf = (fields = {}) => ({
  total: 0,
  labelled: 0,
  unlabelled: 0,
  skipped: 0,
  not_faces: 0,
  labels: [],
  subjects: [],
  sources: [],
  days: [],
  flags: {},
  short: [],
  fair_images: 20,
  fair_takes: 2,
  trained: false,
  trash: { images: 0, bytes: 0, people: [], newest: null },
  ...fields,
});
