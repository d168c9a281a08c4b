/** How much of a clip somebody watched, in words. */

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
