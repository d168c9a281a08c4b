import { html, nothing } from "lit";

import { type Case, DOMAIN, type Found, type Gap, type Span } from "./api";
import type { Hass } from "./hass";
import { type Act, AT_RISK_HOURS, type Stage, hoursLeft } from "./rules";
import { type Texts, textOr } from "./texts";
import { type Clock, percentOf } from "./time";

export const STATE_ICONS: Record<Stage, string> = {
  received: "mdi:inbox-arrow-down",
  preserved: "mdi:lock-check",
  approved: "mdi:check-decagram",
  released: "mdi:package-variant-closed-check",
  handed_over: "mdi:handshake",
  concluded: "mdi:flag-checkered",
  rejected: "mdi:close-octagon",
  expired: "mdi:timer-off",
  purged: "mdi:delete-empty",
  proposed: "mdi:scale-balance",
  decided: "mdi:gavel",
  shown: "mdi:eye-check",
  carried_out: "mdi:handshake",
};

/** Where a case is, in words. */
export function stageText(t: Texts, stage: Stage): string {
  switch (stage) {
    case "proposed":
    case "decided":
    case "shown":
    case "carried_out":
      return t(`stages.${stage}`);
    default:
      return t(`states.${stage}`);
  }
}

export const ACT_ICONS: Record<Act, string> = {
  add_clip: "mdi:movie-plus",
  register_footage: "mdi:usb-flash-drive",
  propose: "mdi:scale-balance",
  approve: "mdi:check-decagram",
  reject: "mdi:close-octagon",
  release: "mdi:package-variant-closed-check",
  hand_over: "mdi:handshake",
  conclude: "mdi:flag-checkered",
  keep_open: "mdi:folder-clock",
  purge: "mdi:delete",
};

/** What the button of a step says: a decision's own steps have words of their own. */
export function doText(t: Texts, act: Act, shown: Pick<Case, "state" | "decision">, decided: boolean): string {
  if (act === "release" && shown.state === "released") return t("do.release_again");
  if (act === "propose" && shown.decision) return t("do.propose_again");
  return textOr(t, `do.${act}${decided ? "_decision" : ""}`, t(`do.${act}`));
}

/** What cannot be taken back, or turns somebody away. */
export const GRAVE: ReadonlySet<Act> = new Set<Act>(["purge", "reject"]);

/** "Overwritten in 36 hours", with an icon: never by its colour alone; nothing as long as there is time. */
export function riskChip(t: Texts, overwrittenAt: string | null) {
  const left = hoursLeft(overwrittenAt, new Date());
  if (left === null || left >= AT_RISK_HOURS) return nothing;
  return html`<span class="chip risk"
    ><ha-icon icon="mdi:timer-alert"></ha-icon>${left > 0
      ? t("cases.at_risk", { hours: Math.floor(left) })
      : t("cases.lost")}</span
  >`;
}

export function spanText(t: Texts, clock: Clock, { start, end }: Span): string {
  return t("clip.span", { start: clock.at(start), end: clock.at(end) });
}

/** What somebody marked, as far as they have. */
export interface Stretch {
  start: string | null;
  end: string | null;
}

/** A passage drawn to scale, its gaps as gaps. */
export function bar(t: Texts, span: Span, gaps: Span[], now?: string, marked?: Stretch) {
  const left = (moment: string) => percentOf(moment, span.start, span.end);
  return html`<div class="bar" role="img" aria-label=${t("find.bar", { gaps: gaps.length })}>
    ${gaps.map(
      (gap) =>
        html`<div
          class="gap"
          style="inset-inline-start:${left(gap.start)}%;inline-size:${left(gap.end) - left(gap.start)}%"
        ></div>`,
    )}
    ${marked ? markedPart(left(marked.start ?? span.start), left(marked.end ?? span.end)) : nothing}
    ${now === undefined
      ? nothing
      : html`<div class="now" style="inset-inline-start:calc(${left(now)}% - 1px)"></div>`}
  </div>`;
}

function markedPart(from: number, to: number) {
  return html`<div class="marked" style="inset-inline-start:${from}%;inline-size:${Math.max(0, to - from)}%"></div>`;
}

export function gapList(t: Texts, clock: Clock, gaps: (Span & Partial<Pick<Gap, "reason" | "decided_at">>)[]) {
  const text = ({ start, end, reason, decided_at }: (typeof gaps)[number]) => {
    const decided = decided_at ? clock.at(decided_at) : "";
    const values = { start: clock.at(start), end: clock.at(end), decided_at: decided };
    const plain = t("find.gap", values);
    return reason ? textOr(t, `find.gap_${reason}`, plain, values) : plain;
  };
  return gaps.length
    ? html`<ul class="small">
        ${gaps.map((gap) => html`<li class="with-icon"><ha-icon icon="mdi:filmstrip-off"></ha-icon>${text(gap)}</li>`)}
      </ul>`
    : nothing;
}

/** What kept a camera's footage from us, by its translated message. */
export function exceptionText(hass: Hass, key: string, camera: string, id = ""): string {
  return hass.localize(`component.${DOMAIN}.exceptions.${key}.message`, { camera, case: id }) || key;
}

/** Why a clip was given up, and what to do; undefined for a setback of its camera. */
export function failureText(t: Texts, key: string, camera: string): string | undefined {
  return textOr(t, `failures.${key}`, "", { camera }) || undefined;
}

/** What a camera has of a passage, in one sentence. */
export function verdict(hass: Hass, t: Texts, found: Found): string {
  if (found.error) return exceptionText(hass, found.error, found.camera_name);
  if (!found.stretches.length) return t("find.nothing");
  return found.gaps.length ? t("find.partly") : t("find.complete");
}
