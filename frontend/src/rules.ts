/**
 * What a person is offered next: the server found it out by the rules that decide; here is only what comes first, and
 * in which words.
 */

import type { Case, CaseListed, Info, Permission } from "./api";
import type { Key } from "./texts";

export type Act =
  | "add_clip"
  | "register_footage"
  | "propose"
  | "approve"
  | "reject"
  | "release"
  | "hand_over"
  | "conclude"
  | "keep_open"
  | "purge";

export interface Offer {
  act: Act;
  /** Why this person cannot do it; null when they can. */
  why: Key | null;
}

export const OPEN: ReadonlySet<string> = new Set(["received", "preserved", "approved", "released"]);

/** What the server calls it. */
const STEPS: Record<Act, Permission> = {
  add_clip: "request_clips",
  register_footage: "register_footage",
  propose: "propose_decision",
  approve: "approve",
  reject: "reject",
  release: "release",
  hand_over: "hand_over",
  conclude: "conclude",
  keep_open: "keep_open",
  purge: "purge",
};

/** Whose step it is, in words. */
const FOR_OTHERS: Partial<Record<string, Key>> = {
  not_allowed_needs_exporter: "why.not_exporter",
  not_allowed_needs_approver: "why.not_approver",
};

/** What keeps somebody whose step it could be from taking it, in words. */
const KEPT_BY: Partial<Record<string, Key>> = {
  not_allowed_own_case: "why.own_request",
  not_allowed_own_approval: "why.own_approval",
  clips_not_sealed: "why.still_fetching",
  clips_failed: "why.still_fetching",
  case_not_downloaded: "why.not_downloaded",
};

/** Whether the case is answered by a decision that is proposed first, and nothing unmasked leaves. */
export function isDecided(shown: Pick<CaseListed, "kind">, info: Info): boolean {
  return info.kinds.find((rule) => rule.kind === shown.kind)?.decided_by_proposal ?? false;
}

/** What a case is there for, the main step first; whether it is still needed only once people were asked. */
function actsOf(shown: Case, info: Info): Act[] {
  return [...inState(shown, info), ...(shown.questions ? (["keep_open"] as const) : [])];
}

function inState(shown: Case, info: Info): Act[] {
  const more: Act[] = ["add_clip", "register_footage"];
  const files = shown.passages.some((clip) => clip.state === "sealed");
  if (isDecided(shown, info) && OPEN.has(shown.state)) return [...untilDecided(shown, more), "reject"];
  switch (shown.state) {
    case "received":
      return [...more, "conclude", "reject"];
    case "preserved":
      return ["approve", ...more, "conclude", "reject"];
    case "approved":
      return [shown.only_by_hand ? "hand_over" : "release", "conclude", ...more, "reject"];
    case "released":
      return ["hand_over", "release", "conclude", "reject"];
    case "handed_over":
      // Approved anew, a further copy can be made.
      return files ? ["purge", "approve"] : [];
    case "concluded":
    case "rejected":
    case "expired":
      return files ? ["purge"] : [];
    case "purged":
      return [];
  }
}

/** The same of a case that is decided: proposed, approved, and then only what was decided. */
function untilDecided(shown: Case, more: readonly Act[]): Act[] {
  if (shown.waits_for_approval) return ["approve", "propose", ...more];
  switch (shown.state) {
    case "released":
      return ["hand_over", "release", "propose"];
    case "approved":
      return isUndecided(shown)
        ? ["propose", ...more]
        : [shown.way === "copy" ? "release" : "conclude", "propose", ...more];
    case "preserved":
      return ["propose", ...more];
    default:
      return [...more, "propose"];
  }
}

/** Whether the law still waits for the decision; what an earlier version approved was none. */
function isUndecided({ decide_by: day }: CaseListed): boolean {
  return day !== null;
}

/** What this person can do, and, with the reason, the main step that somebody else must take. */
export function offers(shown: Case, info: Info): Offer[] {
  return actsOf(shown, info).flatMap((act, index): Offer[] => {
    const step = STEPS[act];
    const refusal = shown.refusals[step] ?? "";
    const others = FOR_OTHERS[refusal];
    if (others) return index === 0 ? [{ act, why: others }] : [];
    const offered = shown.offers.includes(step);
    if (!info.ledger.available && (offered || refusal in KEPT_BY)) return [{ act, why: "why.ledger_down" }];
    if (offered) return [{ act, why: null }];
    const why = KEPT_BY[refusal];
    return why ? [{ act, why }] : [];
  });
}

/** Whether nothing more comes of what was asked for: somebody must look why. */
export function gaveUp(shown: CaseListed): boolean {
  return shown.state === "received" && shown.failed > 0 && !shown.fetching;
}

/** Whose turn it is, and for what. */
export function nextStep(shown: CaseListed, info: Info): Key {
  if (isDecided(shown, info) && OPEN.has(shown.state)) return nextUntilDecided(shown);
  switch (shown.state) {
    case "received":
      if (gaveUp(shown)) return "next.failed";
      return shown.fetching ? "next.fetching" : "next.find";
    case "preserved":
      return "next.approve";
    case "approved":
      return shown.only_by_hand ? "next.hand_over_by_hand" : "next.release";
    case "released":
      return "next.hand_over";
    case "handed_over":
    case "concluded":
    case "rejected":
    case "expired":
      return "next.purge";
    case "purged":
      return "next.nothing";
  }
}

function nextUntilDecided(shown: CaseListed): Key {
  if (shown.waits_for_approval) return "next.decision_approve";
  switch (shown.state) {
    case "released":
      return "next.decision_hand_over";
    case "approved":
      if (isUndecided(shown)) return "next.decision_propose";
      if (shown.way === "copy") return "next.decision_release";
      return shown.way === "view" ? "next.decision_view" : "next.decision_conclude";
    case "preserved":
      return "next.decision_propose";
    default:
      if (gaveUp(shown)) return "next.decision_failed";
      return shown.fetching ? "next.fetching" : "next.decision_find";
  }
}

/** Where a case is, in more steps than its state has: of one that is decided, the proposal and what was done by it. */
export type Stage = CaseListed["state"] | "proposed" | "decided" | "shown" | "carried_out";

export function stageOf(shown: CaseListed, info: Info): Stage {
  if (!isDecided(shown, info)) return shown.state;
  if (shown.waits_for_approval) return "proposed";
  if (shown.state === "approved" && !isUndecided(shown)) return "decided";
  return shown.state === "concluded" && shown.way === "view" ? "shown" : shown.state;
}

/** The usual way of a case; what ends otherwise leaves it. */
export function wayOf(shown: CaseListed, info: Info): readonly Stage[] {
  if (!isDecided(shown, info)) return ["received", "preserved", "approved", "released", "handed_over", "purged"];
  const stage = stageOf(shown, info);
  if (stage === "received" || stage === "preserved")
    return ["received", "preserved", "proposed", "decided", "carried_out", "purged"];
  const decided = ["proposed", "decided"] as const;
  if (shown.way === "copy") return ["received", "preserved", ...decided, "released", "handed_over", "purged"];
  // What is refused need not have been fetched.
  return shown.way === "view"
    ? ["received", "preserved", ...decided, "shown", "purged"]
    : ["received", ...decided, "concluded", "purged"];
}

/** What a case in this state waits for; a case that came to nothing, for somebody who asks anew. */
const AWAITED: Partial<Record<CaseListed["state"], readonly Permission[]>> = {
  preserved: ["propose_decision"],
  approved: ["release", "hand_over", "conclude"],
  released: ["hand_over"],
};

/** Whether the case waits for the person who looks at it. */
export function waitsFor(shown: CaseListed): boolean {
  if (shown.questions && shown.offers.includes("keep_open")) return true;
  if (shown.waits_for_approval) return shown.offers.includes("approve");
  const awaited = gaveUp(shown) ? (["request_clips"] as const) : (AWAITED[shown.state] ?? []);
  return awaited.some((step) => shown.offers.includes(step));
}

/** How long before its overwriting footage counts as at risk. */
export const AT_RISK_HOURS = 48;

export function hoursLeft(overwrittenAt: string | null, now: Date): number | null {
  return overwrittenAt === null ? null : (new Date(overwrittenAt).getTime() - now.getTime()) / 3_600_000;
}
