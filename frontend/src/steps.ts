/** What the ledger keeps of a step, in words. */

import { DOMAIN, type Result, type SettingValues, type Watched } from "./api";
import type { Context } from "./base";
import { resultWord } from "./check-shown";
import { describeChange } from "./section-shown";
import { offsetText, valuesText } from "./settings-shown";
import { exceptionText, failureText, spanText } from "./shown";
import { optionText } from "./decision";
import { textOr } from "./texts";
import { watchedText } from "./watched-shown";

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
  "way",
  "items",
  "grounds",
  "before",
  "after",
  "until",
  "by",
  "note",
  "reasons",
  "shown_to",
  "present",
  "recipient",
  "medium",
  "medium_serial",
  "serial",
  "sha256",
  "clock_offset",
  "witness",
  "clip",
  "item",
  "cut_id",
  "hidden_pictures",
  "error",
  "decision",
] as const;

type Detail = (typeof SHOWN_DETAILS)[number];

/** The details of a step, one a line. */
export function describeStep(context: Context, step: Step, about: About): string[] {
  const { t } = context;
  const line = (name: string, text: string) =>
    t("history.told", { name: textOr(t, `fields.${name}`, name), text });
  const lines = SHOWN_DETAILS.flatMap((name) => {
    const text = describeDetail(context, step, about, name, step.details[name]);
    return text ? [line(name, text)] : [];
  });
  lines.push(...describeChange(context, step.details));
  for (const { watched_as_told_by_browser: watched } of [step.details, ...lookedAt(step.details.items)])
    lines.push(...describeWatched(context, watched, about));
  lines.push(...describeServed(context, step.details.served));
  const { fields } = step.details;
  if (typeof fields === "object" && fields !== null)
    for (const [name, text] of Object.entries(fields)) if (typeof text === "string" && text) lines.push(line(name, text));
  return lines;
}

/** From when to when a showing at the counter was on the screen. */
function describeServed({ t, clock }: Context, served: unknown): string[] {
  if (!Array.isArray(served)) return [];
  return served.flatMap((one: unknown) =>
    typeof one === "object" && one !== null && "start" in one && "end" in one
      ? [t("counter.served", { span: spanText(t, clock, { start: String(one.start), end: String(one.end) }) })]
      : [],
  );
}

/** What was approved with a decision, one by one. */
function lookedAt(items: unknown): Record<string, unknown>[] {
  return Array.isArray(items) ? items.filter((one): one is Record<string, unknown> => typeof one === "object") : [];
}

/** What an approver watched of each clip, as their browser told it. */
function describeWatched({ t }: Context, told: unknown, about: About): string[] {
  if (typeof told !== "object" || told === null) return [];
  return Object.entries(told as Record<string, unknown>).flatMap(([clip, value]) => {
    const watched = watchedOf(value);
    const camera = about.camera(clip);
    const named = camera ? t("history.clip", { camera, clip }) : clip;
    return watched ? [t("approval.told", { clip: named, text: watchedText(t, watched) })] : [];
  });
}

function watchedOf(value: unknown): Watched | null {
  if (typeof value !== "object" || value === null) return null;
  const told = value as Record<string, unknown>;
  const number = (name: string) => (typeof told[name] === "number" ? told[name] : 0);
  return {
    seconds: number("seconds"),
    of: number("of_seconds"),
    every_picture: number("seconds_up_to_double_speed"),
    missing_from: null,
    fastest: number("fastest_percent"),
  };
}

/** One detail in words; empty for what says nothing here. */
function describeDetail(context: Context, step: Step, about: About, name: Detail, value: unknown): string {
  if (typeof value === "number") return describeNumber(context, name, value);
  if (typeof value === "object") return describeValue(context, name, value);
  if (typeof value !== "string" || !value) return "";
  const { clip } = step.details;
  const camera = about.camera(typeof clip === "string" ? clip : "") ?? "";
  return WORDS[name]?.({ context, step, camera, caseId: about.case }, value) ?? value;
}

interface Situation {
  context: Context;
  step: Step;
  camera: string;
  caseId: string;
}

/** What people read instead of the ledger's own word. */
const WORDS: Partial<Record<Detail, (situation: Situation, value: string) => string>> = {
  kind: checkKind,
  result: ({ context: { t }, step: { details } }, value) =>
    value === "passed" || value === "failed"
      ? resultWord(t, typeof details.kind === "string" ? details.kind : "", value satisfies Result)
      : value,
  setting: ({ context: { t } }, value) => textOr(t, `setting.${value}`, value),
  shown_to: ({ context: { t } }, value) => textOr(t, `counter.${value}`, value),
  outcome: ({ context, step }, value) =>
    step.action === "decision_proposed"
      ? optionText(context, "case_decision", value)
      : textOr(context.t, `outcomes.${value}`, value),
  way: ({ context }, value) => optionText(context, "case_way", value),
  by: ({ context: { t } }, value) => textOr(t, `by.${value}`, value),
  until: ({ context: { clock } }, value) => clock.at(value),
  clip: ({ context: { t }, camera }, value) => (camera ? t("history.clip", { camera, clip: value }) : value),
  error: ({ context: { t, hass }, camera }, value) =>
    failureText(t, value, camera) ?? exceptionText(hass, value, camera),
  // What a script tried is named by its action.
  what: ({ context: { t, hass } }, value) =>
    textOr(t, `deeds.${value.replace(/_case$/, "")}`, "") ||
    hass.localize(`component.${DOMAIN}.services.${value}.name`) ||
    value,
  // People give reasons of their own, which are nobody's keys.
  reason: ({ context, step, camera, caseId }, value) => {
    if (step.action === "refused") return exceptionText(context.hass, value, camera, caseId);
    return step.action === "alerts_muted" ? optionText(context, "mute_reason", value) : value;
  },
};

/** A kind of case stands in its heading; a check's says what was looked at. */
function checkKind({ context: { hass }, step: { details } }: Situation, value: string): string {
  if (!("object_kind" in details)) return "";
  const { kind_name: own } = details;
  if (typeof own === "string") return own;
  return hass.localize(`component.${DOMAIN}.selector.check_kind.options.${value}`) || value;
}

function describeNumber({ t }: Context, name: Detail, value: number): string {
  if (name === "clock_offset") return offsetText(t, value);
  if (name === "hidden_pictures") return String(value);
  return name === "count" && value > 1 ? String(value) : "";
}

function describeValue(context: Context, name: Detail, value: object | null): string {
  const { t } = context;
  if (value === null) return "";
  if (name === "grounds" && Array.isArray(value))
    return value.map((ground) => optionText(context, "case_ground", String(ground))).join("、");
  // Of a decision: masked clip → its hash.
  if (name === "items") return Array.isArray(value) ? "" : Object.keys(value).join("、");
  if (name === "witness") return "name" in value ? String(value.name) : "";
  if ("audio" in value || "profiles" in value || "mode" in value)
    return valuesText(t, value as SettingValues, name === "before");
  return "";
}
