/** How much of a clip somebody watched, in words. */

import { html } from "lit";

import type { Watched } from "./api";
import type { Texts } from "./texts";
import { duration } from "./time";

/** "12:30 of 30:00 watched (42 %)", and how fast where pictures were left out. */
export function watchedText(t: Texts, { seconds, of, every_picture: slowly, fastest }: Watched): string {
  const watched = t("watch.watched", {
    seconds: duration(seconds),
    of: duration(of),
    percent: of ? Math.floor((100 * seconds) / of) : 0,
  });
  if (slowly >= seconds) return watched;
  return `${watched} ${t("watch.watched_fast", { slowly: duration(slowly), fastest: fastest / 100 })}`;
}

/** How many seconds have to be watched still, so that every picture was seen: nobody approves a masked clip before. */
export function secondsMissing({ of, every_picture: slowly, missing_from: from }: Watched): number {
  // A single picture is one, wherever it is.
  return from === null ? 0 : Math.max(1, of - slowly);
}

/** What has to be watched still of what is approved only then, and a way to it (s); null: it cannot be gone to now. */
export function missingShown(t: Texts, watched: Watched | undefined, go: ((from: number) => void) | null) {
  const from = watched ? watched.missing_from : 0;
  if (from === null)
    return html`<p class="small with-icon"><ha-icon icon="mdi:check-circle"></ha-icon>${t("watch.through")}</p>`;
  return html`<p class="small">${t("watch.through_help")}</p>
    <div class="row">
      <button type="button" ?disabled=${!go} @click=${() => go?.(from)}>
        <ha-icon icon="mdi:eye-arrow-right"></ha-icon>${t("watch.next_unwatched")}
      </button>
    </div>`;
}
