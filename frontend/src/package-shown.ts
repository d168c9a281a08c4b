/**
 * What to do about a package whose link and passphrase this page does not know: they were shown once, on the page that
 * released it. In words, for each way in which it can stand.
 */

import { html, nothing } from "lit";

import type { Case, LastRelease, Packing } from "./api";
import type { Context } from "./base";
import type { Key } from "./texts";
import { duration } from "./time";

type Way = "unused" | "expired" | "broken_off" | "downloaded" | "handed_over";

const ICONS: Record<Way, string> = {
  unused: "mdi:link-lock",
  expired: "mdi:link-off",
  broken_off: "mdi:download-off",
  downloaded: "mdi:download-lock",
  handed_over: "mdi:handshake",
};

/** How a package stands; null where nobody needs to do anything about it. */
export function wayOf({ state, release }: Case, now: Date): Way | null {
  if (!release) return null;
  // A recipient may lose the passphrase at any time; of a plain package nothing is to be said any more.
  if (state === "handed_over") return release.encrypted ? "handed_over" : null;
  if (state !== "released") return null;
  if (release.downloaded) return "downloaded";
  if (release.download_begun) return "broken_off";
  return now < new Date(release.link_until) ? "unused" : "expired";
}

/** A package that is being made: by this page, which will show link and passphrase, or by another one, which does. */
export function packingShown({ t }: Context, packing: Packing, here: boolean) {
  const { by, encrypted, remaining } = packing;
  const percent = Math.floor(packing.percent);
  return html`<div class="packing" role="group" aria-label=${t("package.making")}>
    <progress max="100" .value=${packing.percent} aria-label=${t("package.progress")}>${percent}%</progress>
    <div class="row spread small">
      <span>
        ${t(encrypted ? "package.encrypting" : "package.packing")}
        ${remaining === null ? nothing : html`・${t("progress.remaining", { time: duration(remaining) })}`}
      </span>
      <span>${percent}%</span>
    </div>
    <p class="small">${t(here ? "package.stay" : "package.elsewhere", { person: by.name })}</p>
  </div>`;
}

/** What can be done, and by whom. */
export function packageWords(context: Context, shown: Case, now: Date) {
  const { t } = context;
  const { release } = shown;
  const way = wayOf(shown, now);
  if (!release || !way) return nothing;
  return html`<ha-card role="region" aria-labelledby="package-lost">
    <h2 id="package-lost" class="with-icon"><ha-icon icon=${ICONS[way]}></ha-icon>${t(`package.${way}_heading`)}</h2>
    <p>${t(`package.${way}`, wordsOf(context, release))}</p>
    ${release.encrypted && way !== "handed_over" ? html`<p>${t(`package.passphrase_${way}`)}</p>` : nothing}
    <p class="small soft">${t(whoMay(shown, way))}</p>
  </ha-card>`;
}

function wordsOf({ clock }: Context, { by, at, link_until: until }: LastRelease): Record<string, string> {
  return { person: by.name, at: clock.at(at), until: clock.at(until) };
}

/** Who makes a new link, said to whoever reads it. */
function whoMay({ offers, refusals }: Case, way: Way): Key {
  if (way === "handed_over") return "package.who_after";
  if (offers.includes("release")) return "package.who_you";
  return refusals.release === "not_allowed_own_approval" ? "package.who_not_approver" : "package.who_exporter";
}
