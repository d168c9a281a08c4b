/**
 * Which moment a point of a playlist shows: EXT-X-PROGRAM-DATE-TIME and EXTINF of RFC 8216; and where its pictures decode by
 * themselves.
 */

/** One segment: where it begins in the playlist (s), how long it is (s), and its true time (ms) where that is told. */
interface Segment {
  offset: number;
  length: number;
  at: number;
}

export type Moments = Segment[];

const KEYS = "#EXT-X-NIIZA-KEYS:";

export function momentsOf(playlist: string): Moments {
  const segments: Moments = [];
  let offset = 0;
  let length = 0;
  let at = NaN;
  for (const line of playlist.split(/\r?\n/)) {
    if (line.startsWith("#EXT-X-PROGRAM-DATE-TIME:")) at = Date.parse(line.slice(25));
    else if (line.startsWith("#EXTINF:")) length = parseFloat(line.slice(8));
    else if (line && !line.startsWith("#")) {
      if (!Number.isNaN(at)) segments.push({ offset, length, at });
      offset += length;
      // Until the playlist says otherwise, the next one follows without a gap.
      at += length * 1000;
    }
  }
  return segments;
}

/** Where key pictures are (s): as the server names them, or else where segments begin, which is at one. */
export function keysOf(playlist: string): number[] {
  const named: number[] = [];
  const begins: number[] = [];
  let offset = 0;
  let length = 0;
  for (const line of playlist.split(/\r?\n/)) {
    if (line.startsWith("#EXTINF:")) length = parseFloat(line.slice(8));
    else if (line.startsWith(KEYS)) named.push(...line.slice(KEYS.length).split(",").map((key) => offset + Number(key)));
    else if (line && !line.startsWith("#")) {
      begins.push(offset);
      offset += length;
    }
  }
  return named.length ? named : begins;
}

export function momentAt(moments: Moments, offset: number): Date | null {
  const segment = moments.findLast((one) => one.offset <= offset) ?? moments[0];
  return segment ? new Date(segment.at + (offset - segment.offset) * 1000) : null;
}

/** Where to go for a moment: into a gap means to the first picture after it. */
export function offsetOf(moments: Moments, moment: Date): number {
  const at = moment.getTime();
  for (const one of moments) {
    if (at < one.at) return one.offset;
    if (at < one.at + one.length * 1000) return one.offset + (at - one.at) / 1000;
  }
  const last = moments.at(-1);
  return last ? last.offset + last.length : 0;
}

/** Whether there is a picture of a moment. */
export function isShown(moments: Moments, moment: Date): boolean {
  const at = moment.getTime();
  return moments.some((one) => one.at <= at && at < one.at + one.length * 1000);
}
