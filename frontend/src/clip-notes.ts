import { html, nothing } from "lit";

import type { Clip } from "./api";
import type { Context } from "./base";
import { duration } from "./time";

/** That somebody waited no longer for what the camera did not give: whoever approves reads it first. */
export function sealedEarly({ t, clock }: Context, { sealed_early: early }: Clip) {
  return early
    ? html`<ha-alert alert-type="warning"
        >${t("clip.sealed_early", { person: early.by.name, at: clock.at(early.at) })}</ha-alert
      >`
    : nothing;
}

/** What is unusual about how a clip comes: in real time, not any more, or as the rest of another. */
export function comingNotes({ t }: Context, clip: Clip) {
  const { progress, rest_of: of, start, end } = clip;
  const seconds = Math.round((Date.parse(end) - Date.parse(start)) / 1000);
  const coming = clip.state === "requested" ? progress : null;
  return html`${of ? html`<p class="small soft">${t("clip.rest_of", { clip: of })}</p>` : nothing}
  ${coming?.real_time ? html`<p class="small">${t("progress.real_time", { time: duration(seconds) })}</p>` : nothing}
  ${coming?.stalled ? html`<ha-alert alert-type="info">${t("clip.stalled")}</ha-alert>` : nothing}`;
}
