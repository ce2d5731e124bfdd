import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["page/bundle/"] },
  js.configs.recommended,
  { files: ["page/*.js"], languageOptions: { globals: globals.node } },
  { files: ["page/scripts/*.js"], languageOptions: { globals: { ...globals.browser, ...globals.worker } } },
  { files: ["report/**/*.js"], languageOptions: { sourceType: "script", globals: globals.browser } },
];
