// What the server would say of runs and versions, for tests.

/** @import { Card, LabelColor, Metrics, RunState, TrainableLabel, TrainingState, VersionDetail, VersionScore, VersionSummary } from "../../../webapp/static/shared/api" */

/**
 * @param {Partial<RunState>} fields
 * @returns {RunState}
 */
export const runOf = (fields = {}) => ({
  id: 1,
  state: "running",
  open: true,
  created: "2026-03-14T09:26:00+00:00",
  started: null,
  finished: null,
  pid: null,
  seed: 0,
  hold_out: [],
  loss: null,
  epoch: null,
  epochs: null,
  accuracy: null,
  seconds_left: null,
  stage: "",
  reason: "",
  version: null,
  curves: { loss: [], accuracy: [], base: [] },
  ...fields,
});

/**
 * @param {Partial<TrainingState>} fields
 * @returns {TrainingState}
 */
export const stateOf = (fields = {}) => ({
  data: { labels: [], people: [], unlabelled: 0, missing: "", needed: 5, fair: 20 },
  run: null,
  active: 0,
  versions: [versionOf(0)],
  ...fields,
});

/**
 * @param {string} name
 * @param {Partial<TrainableLabel>} fields
 * @returns {TrainableLabel}
 */
export const trainableLabel = (name, fields = {}) => ({
  name,
  color: "#cc79a7",
  pattern: "",
  images: 0,
  takes: 0,
  left_out: false,
  measured_by: "nothing",
  note: "",
  ...fields,
});

/**
 * @param {number} number
 * @param {Partial<VersionSummary>} fields
 * @returns {VersionSummary}
 */
export const versionOf = (number, fields = {}) => ({
  number,
  name: "",
  note: "",
  created: null,
  labels: 2,
  images: null,
  held_out: null,
  built_in: null,
  scoring: false,
  damaged: "",
  ...fields,
});

/**
 * @param {number} accuracy
 * @param {Partial<VersionScore>} fields
 * @returns {VersionScore}
 */
export const scoreOf = (accuracy, fields = {}) => ({
  accuracy,
  faces: 40,
  learned_from: 0,
  same_take: 0,
  unnamed: 0,
  ...fields,
});

/**
 * @param {...string} names
 * @returns {LabelColor[]}
 */
export const looksOf = (...names) =>
  names.map((name, at) => ({ name, color: `#${String(at + 1).repeat(6)}`, pattern: "", key: "" }));

/**
 * @param {number} number
 * @param {Partial<VersionDetail>} fields
 * @returns {VersionDetail}
 */
export const detailOf = (number, fields = {}) => ({
  number,
  card: cardOf(),
  score: null,
  held_out_now: true,
  labels: [],
  wrong: [],
  ...fields,
});

/**
 * @param {number} accuracy
 * @param {Partial<Metrics>} fields
 * @returns {Metrics}
 */
export const metricsOf = (accuracy, fields = {}) => ({
  accuracy,
  faces: 100,
  mean_recall: accuracy,
  recall: {},
  calibration_error: 0,
  confusion: [],
  ...fields,
});

/**
 * @param {Partial<Card>} fields
 * @returns {Card}
 */
export const cardOf = (fields = {}) => ({
  format: 1,
  network: { classes: 2, widths: [], depths: [], size: 48, first_stride: 2, adapted: false, signs: 0 },
  labels: ["fear", "wink"],
  temperature: 1,
  name: "",
  note: "",
  run: null,
  parent: null,
  compared_with: null,
  created: null,
  seed: null,
  device: null,
  libraries: {},
  data: null,
  new_share: null,
  before: null,
  after: null,
  base_before: null,
  base_after: null,
  wrong: [],
  held_out_ids: [],
  held_out_people: [],
  verdict: null,
  seconds: null,
  proof: null,
  onnx_proof: null,
  package_failed: "",
  sureness: null,
  metrics: {},
  evaluation: null,
  data_licence: null,
  recipe: null,
  parameters: null,
  weights_bytes: null,
  command: null,
  ...fields,
});
