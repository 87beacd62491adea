// Rules for the page's scripts; types are checked by tsc (tsconfig.json), layout is Prettier's.

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: [".venv/", "build/", "dist/", "node_modules/"] },
  js.configs.recommended,
  {
    files: ["webapp/static/**/*.js"],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ["training/kits/web/{core,page}/**/*.js", "training/kits/web/*.js"],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ["training/kits/web/{scripts,test}/**/*.js", "training/kits/onnx/*.mjs"],
    languageOptions: { globals: globals.node },
  },
  {
    files: ["tests/static/**/*.js"],
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
  },
  {
    rules: {
      eqeqeq: "error",
      "max-lines": ["error", 300],
      "no-implicit-globals": "error",
      "no-self-compare": "error",
      "no-sequences": ["error", { allowInParentheses: false }],
      "no-shadow": "error",
      "no-template-curly-in-string": "error",
      "no-throw-literal": "error",
      "no-unused-expressions": ["error", { allowShortCircuit: true }],
      "no-unused-vars": "error",
      "no-use-before-define": ["error", { functions: false, classes: false, variables: false }],
      "no-useless-concat": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
];
