/**
 * What a person is offered next: the server found it out by the rules that decide; here is only what comes first, and
 * in which words.
 */

import type { Case, CaseListed, Info, Permission } from "./api";
import type { Key } from "./texts";

export type Act =
  | "add_clip"
  | "register_footage"
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

function releases(shown: CaseListed, info: Info): boolean {
  return info.kinds.find((rule) => rule.kind === shown.kind)?.may_release_master ?? false;
}

/** What a case is there for, the main step first; whether it is still needed only once people were asked. */
function actsOf(shown: Case, info: Info): Act[] {
  return [...inState(shown, info), ...(shown.questions ? (["keep_open"] as const) : [])];
}

function inState(shown: Case, info: Info): Act[] {
  const release = releases(shown, info);
  const more: Act[] = ["add_clip", "register_footage"];
  const files = shown.passages.some((clip) => clip.state === "sealed");
  switch (shown.state) {
    case "received":
      // What never leaves may be refused without having been fetched, and that takes two people as well.
      return [...more, "conclude", ...(release ? [] : (["approve"] as const)), "reject"];
    case "preserved":
      return ["approve", ...more, "conclude", "reject"];
    case "approved": {
      const leave: Act = shown.only_by_hand ? "hand_over" : "release";
      return [...(release ? [leave] : []), "conclude", ...more, "reject"];
    }
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
  switch (shown.state) {
    case "received":
      if (gaveUp(shown)) return "next.failed";
      return shown.fetching ? "next.fetching" : "next.find";
    case "preserved":
      return "next.approve";
    case "approved":
      if (!releases(shown, info)) return "next.conclude";
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

/** What a case in this state waits for; a case that came to nothing, for somebody who asks anew. */
const AWAITED: Partial<Record<CaseListed["state"], readonly Permission[]>> = {
  preserved: ["approve"],
  approved: ["release", "hand_over", "conclude"],
  released: ["hand_over"],
};

/** Whether the case waits for the person who looks at it. */
export function waitsFor(shown: CaseListed): boolean {
  if (shown.questions && shown.offers.includes("keep_open")) return true;
  const awaited = gaveUp(shown) ? (["request_clips"] as const) : (AWAITED[shown.state] ?? []);
  return awaited.some((step) => shown.offers.includes(step));
}

/** How long before its overwriting footage counts as at risk. */
export const AT_RISK_HOURS = 48;

export function hoursLeft(overwrittenAt: string | null, now: Date): number | null {
  return overwrittenAt === null ? null : (new Date(overwrittenAt).getTime() - now.getTime()) / 3_600_000;
}
