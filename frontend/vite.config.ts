import { readFileSync } from "node:fs";

import { defineConfig } from "vitest/config";

/** The words of Home Assistant's pickers, which it asks for before it has any of our translations. */
const PICKER = /^(card_|mode_|option_|strategy)/;

function words(language: string): Record<string, string> {
  const file = new URL(`../custom_components/niiza_cctv/translations/${language}.json`, import.meta.url);
  const { config_panel } = JSON.parse(readFileSync(file, "utf8")) as {
    config_panel: { board: Record<string, string> };
  };
  return Object.fromEntries(Object.entries(config_panel.board).filter(([key]) => PICKER.test(key)));
}

// Two bundles: the panel's page, and (`--mode dashboard`) what is loaded with every page of Home Assistant.
export default defineConfig(({ mode }) => ({
  define: { __NIIZA_WORDS__: JSON.stringify({ ja: words("ja"), en: words("en") }) },
  build: {
    target: "es2022",
    outDir: "../custom_components/niiza_cctv/frontend",
    emptyOutDir: mode !== "dashboard",
    // The same source gives the same bytes on every machine: scripts/frontend --check compares them.
    sourcemap: false,
    minify: true,
    lib:
      mode === "dashboard"
        ? { entry: "src/dashboard.ts", formats: ["es"], fileName: () => "dashboard.js" }
        : { entry: "src/entry.ts", formats: ["es"], fileName: () => "panel.js" },
    rolldownOptions: { output: { codeSplitting: false, minify: true } },
  },
  // The tests read the Python whose words the panel translates.
  server: { fs: { allow: [".."] } },
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"], restoreMocks: true },
}));
