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

/**
 * What the camera's own signatures prove of a clip, until when, and whose they are; where the certificate came from, and how
 * many pictures were read on for them.
 */
export function signingList(t: Texts, clock: Clock, signing: Signing | null, readOn = 0) {
  if (!signing) return nothing;
  const { state, until, spans, more_spans: more, trust, signer, fingerprint, certificate_from: from } = signing;
  return html`<p class="small with-icon">
      <ha-icon icon=${ICONS[state]}></ha-icon>
      <span
        >${t(`clip.signed_${state}`, { until: until ? clock.at(until) : t("clip.signed_nothing") })}
        ${trust ? t(`clip.key_${trust}`, { signer, fingerprint }) : nothing}
        ${from ? t(`clip.certificate_${from}`) : nothing} ${readOn ? t("clip.read_on", { count: readOn }) : nothing}</span
      >
    </p>
    ${spans.length
      ? html`<ul class="small">
          ${spans.map(
            ({ start, end, verdict }) =>
              html`<li>${clock.tenths(new Date(start))}–${clock.tenths(new Date(end))}: ${t(`clip.verdict_${verdict}`)}</li>`,
          )}
          ${more ? html`<li>${t("clip.signed_more", { count: more })}</li>` : nothing}
        </ul>`
      : nothing}`;
}
