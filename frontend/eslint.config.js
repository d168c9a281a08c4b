import js from "@eslint/js";
import lit from "eslint-plugin-lit";
import a11y from "eslint-plugin-lit-a11y";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["node_modules/", "*.config.js"] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...ts.configs.stylisticTypeChecked,
  lit.configs["flat/recommended"],
  a11y.configs.recommended,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Lit's listeners are asynchronous by habit; what they throw is caught where it is shown.
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
      // Lit calls a template's listeners with the element as `this`.
      "@typescript-eslint/unbound-method": "off",
      // A step without its form, or without its call, would do nothing, and say so to nobody.
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["test/**"],
    rules: {
      // Home Assistant's websocket rejects with plain objects, and so does its double.
      "@typescript-eslint/only-throw-error": "off",
      "@typescript-eslint/no-unnecessary-type-parameters": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
    },
  },
);
