import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["page/bundle/"] },
  js.configs.recommended,
  { rules: { "max-len": ["warn", 120], "max-lines-per-function": ["warn", 80] } },
  { files: ["page/scripts/*.js"], languageOptions: { globals: { ...globals.browser, ...globals.worker } } },
  { files: ["report/**/*.js"], languageOptions: { sourceType: "script", globals: globals.browser } },
];
