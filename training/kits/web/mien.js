// Mien's expressions in a web page: `import { ExpressionClassifier } from "./mien.js"`. Types are in mien.d.ts.

export { openCamera } from "./core/camera.js";
export { ExpressionClassifier } from "./core/classifier.js";
export { MienError } from "./core/error.js";
