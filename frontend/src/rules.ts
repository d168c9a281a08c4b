/**
 * Who may do what next, so that the panel can say it before anybody presses a button.
 *
 * The server checks everything again and records what it refuses; this only explains.
 */

import type { Case, CaseListed, Info, KindRule, Outcome, RoleName } from "./api";
import type { Key } from "./texts";

export type Act =
  | "add_clip"
  | "register_footage"
  | "approve"
  | "reject"
  | "release"
  | "hand_over"
  | "conclude"
  | "purge";

export interface Offer {
  act: Act;
  /** Why this person cannot do it; null when they can. */
  why: Key | null;
}

export const OPEN: ReadonlySet<string> = new Set(["received", "preserved", "approved", "released"]);

const BY: Record<Act, RoleName> = {
  add_clip: "exporter",
  register_footage: "exporter",
  approve: "approver",
  reject: "approver",
  release: "exporter",
  hand_over: "exporter",
  conclude: "exporter",
  purge: "exporter",
};

function ruleOf(shown: CaseListed, info: Info): KindRule | undefined {
  return info.kinds.find((rule) => rule.kind === shown.kind);
}

function releases(shown: CaseListed, info: Info): boolean {
  return ruleOf(shown, info)?.may_release_master ?? false;
}

function pending(shown: Case): boolean {
  return shown.passages.some((clip) => clip.state === "requested" || clip.state === "failed");
}

/** How the case may end now without a hand-over. */
export function outcomes(shown: Case, info: Info): Outcome[] {
  const sealed = shown.passages.some((clip) => clip.state === "sealed");
  const approved = shown.state === "approved" || shown.state === "released";
  // Asking a card for what it does not have was a search too.
  const searched =
    shown.searches > 0 || shown.passages.some((clip) => clip.error === "nothing_found");
  return (ruleOf(shown, info)?.outcomes ?? []).filter((outcome) => {
    if (outcome === "nothing_found") return OPEN.has(shown.state) && !sealed && searched;
    return approved && (outcome === "refused" || sealed);
  });
}

/** What a case in this state can be asked for, the main step first. */
function actsOf(shown: Case, info: Info): Act[] {
  const release = releases(shown, info);
  const more: Act[] = ["add_clip", "register_footage"];
  const end: Act[] = outcomes(shown, info).length ? ["conclude"] : [];
  const files = shown.passages.some((clip) => clip.state === "sealed");
  switch (shown.state) {
    case "received":
      // What never leaves may be refused without having been fetched, and that takes two people as well.
      return [...more, ...end, ...(release ? [] : (["approve"] as const)), "reject"];
    case "preserved":
      return ["approve", ...more, ...end, "reject"];
    case "approved": {
      const leave: Act = shown.only_by_hand ? "hand_over" : "release";
      return [...(release ? [leave] : []), ...end, ...more, "reject"];
    }
    case "released":
      return ["hand_over", "release", ...end, "reject"];
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

function why(act: Act, shown: Case, info: Info): Key | null {
  const role = BY[act];
  if (!info.roles.includes(role)) return role === "approver" ? "why.not_approver" : "why.not_exporter";
  if (!info.ledger.available) return "why.ledger_down";
  const asked = [
    shown.created_by.id,
    ...shown.passages.flatMap((clip) => [clip.asked_by.id, clip.by_hand?.second_person.id]),
  ];
  if ((act === "approve" || act === "reject") && asked.includes(info.user.id)) return "why.own_request";
  if (act === "approve" && pending(shown)) return "why.still_fetching";
  const last = act === "release" || act === "conclude" || (act === "hand_over" && shown.only_by_hand);
  if (last && shown.approved_by?.id === info.user.id) return "why.own_approval";
  return null;
}

/** What this person can do, and, with the reason, the main step that somebody else must take. */
export function offers(shown: Case, info: Info): Offer[] {
  return actsOf(shown, info)
    .map((act) => ({ act, why: why(act, shown, info) }))
    .filter(({ act, why }, index) => index === 0 || why === null || info.roles.includes(BY[act]));
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

/** Whether the case waits for the person who looks at it, as far as the list can tell. */
export function waitsFor(shown: CaseListed, info: Info): boolean {
  const approver = info.roles.includes("approver") && shown.created_by.id !== info.user.id;
  if (shown.state === "preserved") return approver;
  return (
    info.roles.includes("exporter") &&
    (gaveUp(shown) || ["approved", "released"].includes(shown.state))
  );
}

/** How long before its overwriting footage counts as at risk. */
export const AT_RISK_HOURS = 48;

export function hoursLeft(overwrittenAt: string | null, now: Date): number | null {
  return overwrittenAt === null ? null : (new Date(overwrittenAt).getTime() - now.getTime()) / 3_600_000;
}
