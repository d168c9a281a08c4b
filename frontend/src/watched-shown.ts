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

/** How many seconds have to be watched still, so that every picture was seen: nobody approves a masked clip before. */
export function secondsMissing({ of, every_picture: slowly, fastest }: Watched): number {
  // Of less than a second something is watched, too.
  return fastest ? Math.max(0, of - slowly) : Math.max(1, of - slowly);
}
