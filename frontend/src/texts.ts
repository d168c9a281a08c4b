/** Texts in the reader's language, from the integration's own translations. */

import type en from "../../custom_components/niiza_cctv/translations/en.json";
import { DOMAIN, ServerError } from "./api";
import type { Hass } from "./hass";

type Groups = (typeof en)["config_panel"];
/** Every text that exists: a misspelt one does not compile. */
export type Key = { [G in keyof Groups]: `${G}.${keyof Groups[G] & string}` }[keyof Groups];
type Values = Record<string, string | number>;
export type Texts = (key: Key, values?: Values) => string;

/** What went wrong on this side, in words that exist. */
export class UserError extends Error {
  constructor(
    readonly key: Key,
    readonly values?: Values,
  ) {
    super(key);
  }
}

/** Fetch what the panel says, and what the server may answer, in the reader's language. */
export async function load(hass: Hass): Promise<void> {
  await Promise.all(
    ["config_panel", "exceptions", "selector", "services"].map((category) => hass.loadBackendTranslation(category, DOMAIN)),
  );
}

export function textsOf(hass: Pick<Hass, "localize">): Texts {
  return (key, values) => hass.localize(`component.${DOMAIN}.config_panel.${key}`, values) || key;
}

/** A text whose key comes from the server; a word that is newer than this panel is shown as it came. */
export function textOr(texts: Texts, key: string, otherwise: string, values?: Values): string {
  const text = texts(key as Key, values);
  return text === key ? otherwise : text;
}

/** What went wrong, in the reader's language. */
export function errorText(hass: Hass, texts: Texts, error: unknown): string {
  if (error instanceof UserError) return texts(error.key, error.values);
  if (!(error instanceof ServerError)) return texts("common.failed");
  const { translation_domain, translation_key, translation_placeholders, message, code } = error.cause;
  const translated =
    translation_key &&
    hass.localize(
      `component.${translation_domain ?? DOMAIN}.exceptions.${translation_key}.message`,
      translation_placeholders,
    );
  if (translated) return translated;
  if (code === "unauthorized") return texts("common.unauthorized");
  // Home Assistant answers so until the section is set up.
  if (code === "unknown_command") return texts("board.starting");
  return message ?? texts("common.failed");
}
