import { html, nothing } from "lit";

import type { Signing } from "./api";
import type { Texts } from "./texts";
import type { Clock } from "./time";

const ICONS: Record<Signing["state"], string> = {
  authentic: "mdi:shield-check",
  pictures_missing: "mdi:shield-alert",
  not_authentic: "mdi:shield-remove",
  not_signed: "mdi:shield-off",
  not_checked: "mdi:shield-off",
};

/** What the camera's own signatures prove of a clip, until when, and whose they are. */
export function signingList(t: Texts, clock: Clock, signing: Signing | null) {
  if (!signing) return nothing;
  const { state, until, spans, more_spans: more, trust, signer, fingerprint } = signing;
  return html`<p class="small with-icon">
      <ha-icon icon=${ICONS[state]}></ha-icon>
      <span
        >${t(`clip.signed_${state}`, { until: until ? clock.at(until) : t("clip.signed_nothing") })}
        ${trust ? t(`clip.key_${trust}`, { signer, fingerprint }) : nothing}</span
      >
    </p>
    ${spans.length
      ? html`<ul class="small">
          ${spans.map(
            ({ start, end, verdict }) =>
              html`<li>${clock.at(start)}–${clock.at(end)}: ${t(`clip.verdict_${verdict}`)}</li>`,
          )}
          ${more ? html`<li>${t("clip.signed_more", { count: more })}</li>` : nothing}
        </ul>`
      : nothing}`;
}
