/** What the ledger keeps of a step, in words. */

import { DOMAIN, type Result, type SettingValues } from "./api";
import type { Context } from "./base";
import { resultWord } from "./check-shown";
import { offsetText, valuesText } from "./settings-shown";
import { exceptionText, failureText } from "./shown";
import { textOr } from "./texts";

/** A step as a case or the ledger shows it. */
interface Step {
  action: string;
  details: Record<string, unknown>;
}

/** What its details are about. */
interface About {
  case: string;
  /** The name of the camera of a clip, or of the camera that the step is about. */
  camera: (clip: string) => string | undefined;
}

/** Details that a person understands, in the order in which they are read; the rest is the ledger's. */
const SHOWN_DETAILS = [
  "what",
  "reason",
  "count",
  "kind",
  "setting",
  "result",
  "outcome",
  "before",
  "after",
  "until",
  "by",
  "note",
  "reasons",
  "recipient",
  "medium",
  "medium_serial",
  "serial",
  "sha256",
  "clock_offset",
  "witness",
  "clip",
  "error",
] as const;

/** The details of a step, one a line. */
export function describeStep(context: Context, step: Step, about: About): string[] {
  const { t } = context;
  const line = (name: string, text: string) =>
    t("history.told", { name: textOr(t, `fields.${name}`, name), text });
  const lines = SHOWN_DETAILS.flatMap((name) => {
    const text = describeDetail(context, step, about, name, step.details[name]);
    return text ? [line(name, text)] : [];
  });
  const { fields } = step.details;
  if (typeof fields === "object" && fields !== null)
    for (const [name, text] of Object.entries(fields)) if (typeof text === "string" && text) lines.push(line(name, text));
  return lines;
}

/** One detail in words; empty for what says nothing here. */
function describeDetail(
  context: Context,
  step: Step,
  about: About,
  name: (typeof SHOWN_DETAILS)[number],
  value: unknown,
): string {
  const { t, hass, clock } = context;
  if (typeof value === "number")
    return name === "clock_offset" ? offsetText(t, value) : name === "count" && value > 1 ? String(value) : "";
  if (typeof value === "object") return describeValue(context, name, value);
  if (typeof value !== "string" || !value) return "";
  const { clip, kind_name: own } = step.details;
  const camera = about.camera(typeof clip === "string" ? clip : "") ?? "";
  switch (name) {
    case "kind":
      // A kind of case stands in its heading; a check's says what was looked at.
      if (!("object_kind" in step.details)) return "";
      return typeof own === "string"
        ? own
        : hass.localize(`component.${DOMAIN}.selector.check_kind.options.${value}`) || value;
    case "result": {
      const kind = step.details.kind;
      return value === "passed" || value === "failed"
        ? resultWord(t, typeof kind === "string" ? kind : "", value satisfies Result)
        : value;
    }
    case "setting":
      return textOr(t, `setting.${value}`, value);
    case "outcome":
      return textOr(t, `outcomes.${value}`, value);
    case "by":
      return textOr(t, `by.${value}`, value);
    case "until":
      return clock.at(value);
    case "clip":
      return camera ? t("history.clip", { camera, clip: value }) : value;
    case "error":
      return failureText(t, value, camera) ?? exceptionText(hass, value, camera);
    case "what":
      // What a script tried is named by its action.
      return (
        textOr(t, `deeds.${value.replace(/_case$/, "")}`, "") ||
        hass.localize(`component.${DOMAIN}.services.${value}.name`) ||
        value
      );
    case "reason":
      // People give reasons of their own, which are nobody's keys.
      return step.action === "refused" ? exceptionText(hass, value, camera, about.case) : value;
    default:
      return value;
  }
}

function describeValue({ t }: Context, name: string, value: object | null): string {
  if (value === null) return "";
  if (name === "witness") return "name" in value ? String(value.name) : "";
  if ("audio" in value || "profiles" in value || "mode" in value)
    return valuesText(t, value as SettingValues, name === "before");
  return "";
}
