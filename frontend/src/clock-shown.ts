import { html, nothing } from "lit";

import type { ClockStretch } from "./api";
import { offsetText } from "./settings-shown";
import type { Texts } from "./texts";
import type { Clock } from "./time";

/** Seconds within which a clock counts as right. */
const RIGHT = 2;

/** By what clock footage was placed in time, stretch by stretch, and how that is known; nothing where all is well. */
export function clockList(t: Texts, clock: Clock, stretches: ClockStretch[]) {
  const told = stretches.filter(isRemarkable);
  return told.length
    ? html`<ul class="small">
        ${told.map(
          (one) =>
            html`<li class="with-icon">
              <ha-icon icon=${one.known === "measured" && !one.twice ? "mdi:clock-check" : "mdi:clock-alert"}></ha-icon>
              <span>${knownText(t, clock, one)} ${one.twice ? t("find.clock_twice") : nothing}</span>
            </li>`,
        )}
      </ul>`
    : nothing;
}

function isRemarkable({ known, ahead, ahead_until: until, twice }: ClockStretch): boolean {
  return known !== "measured" || twice || Math.max(Math.abs(ahead), Math.abs(until)) > RIGHT;
}

function knownText(t: Texts, clock: Clock, { start, end, ahead, known, measured, doubt }: ClockStretch): string {
  const [from = "", to = ""] = measured ?? [];
  return t(`find.clock_${known}`, {
    start: clock.at(start),
    end: clock.at(end),
    offset: offsetText(t, ahead),
    from: from && clock.at(from),
    to: to && clock.at(to),
    doubt: Math.ceil(doubt),
  });
}
