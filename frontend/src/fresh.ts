/** Whether a stream is of now: Home Assistant goes on giving the last pictures of a camera that has fallen silent. */

/** What is older than this is no live picture (ms); segments are up to six seconds long. */
export const LIVE_WITHIN = 9000;

const MOMENT = /^#EXT-X-PROGRAM-DATE-TIME:(.+)$/;
const LENGTH = /^#EXTINF:([\d.]+)/;
const PART = /^#EXT-X-PART:.*DURATION=([\d.]+)/;

/** The moment up to which a playlist has pictures (RFC 8216, 4.3.2.6); null where it does not say. */
export function endOf(playlist: string): number | null {
  let at: number | null = null;
  let parts = 0;
  for (const line of playlist.split(/\r?\n/)) {
    const moment = MOMENT.exec(line)?.[1];
    if (moment !== undefined) {
      const read = Date.parse(moment);
      at = Number.isNaN(read) ? at : read;
      parts = 0;
    }
    const part = PART.exec(line)?.[1];
    if (part !== undefined) parts += Number(part) * 1000;
    const length = LENGTH.exec(line)?.[1];
    if (length !== undefined && at !== null) {
      at += Number(length) * 1000;
      parts = 0;
    }
  }
  return at === null ? null : at + parts;
}

/** Whether the newest picture of a stream is of now, by the server's own clock; what does not say is believed. */
export async function isFresh(url: string): Promise<boolean> {
  const answer = await fetch(url.replace("master_playlist", "playlist"), { cache: "no-store" });
  if (!answer.ok) return false;
  const end = endOf(await answer.text());
  const now = Date.parse(answer.headers.get("Date") ?? "") || Date.now();
  return end === null || now - end < LIVE_WITHIN;
}
