import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    target: "es2022",
    outDir: "../custom_components/niiza_cctv/frontend",
    emptyOutDir: true,
    // The same source gives the same bytes on every machine: scripts/frontend --check compares them.
    sourcemap: false,
    minify: true,
    lib: { entry: "src/entry.ts", formats: ["es"], fileName: () => "panel.js" },
    rolldownOptions: { output: { codeSplitting: false, minify: true } },
  },
  // The tests read the Python whose words the panel translates.
  server: { fs: { allow: [".."] } },
  test: { environment: "happy-dom", include: ["test/**/*.test.ts"], restoreMocks: true },
});
