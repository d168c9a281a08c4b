/** Texts of both languages that the build takes from the translations (vite.config.ts). */
declare const __NIIZA_WORDS__: Record<"ja" | "en", Record<string, string>>;
