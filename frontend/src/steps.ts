/** What the ledger keeps of a step, in words. */

import type { Context } from "./base";
import { failure, setback } from "./shown";
import { textOr } from "./texts";

/** A step as a case or the ledger shows it. */
interface Told {
  action: string;
  details: Record<string, unknown>;
}

/** What its details are about. */
interface About {
  case: string;
  /** The name of the camera of a clip, where it is known. */
  camera: (clip: string) => string | undefined;
}

/** Details that a person understands; the rest is the ledger's. */
const TOLD = [
  "what",
  "reason",
  "note",
  "reasons",
  "outcome",
  "recipient",
  "medium",
  "medium_serial",
  "clip",
  "error",
] as const;

/** The details of a step, one a line. */
export function told(context: Context, step: Told, about: About): string[] {
  const { t } = context;
  return TOLD.flatMap((name) => {
    const value = step.details[name];
    if (typeof value !== "string" || !value) return [];
    const text = worded(context, step, about, name, value);
    return [t("history.told", { name: textOr(t, `fields.${name}`, name), text })];
  });
}

function worded(
  { t, hass }: Context,
  step: Told,
  about: About,
  name: (typeof TOLD)[number],
  value: string,
): string {
  const { clip } = step.details;
  const camera = typeof clip === "string" ? (about.camera(clip) ?? "") : "";
  switch (name) {
    case "outcome":
      return textOr(t, `outcomes.${value}`, value);
    case "clip":
      return camera ? t("history.clip", { camera, clip: value }) : value;
    case "error":
      return failure(t, value, camera) ?? setback(hass, value, camera);
    case "what":
      // What a script tried is named by its action.
      return textOr(t, `deeds.${value.replace(/_case$/, "")}`, value);
    case "reason":
      // People give reasons of their own, which are nobody's keys.
      return step.action === "refused" ? setback(hass, value, camera, about.case) : value;
    default:
      return value;
  }
}
