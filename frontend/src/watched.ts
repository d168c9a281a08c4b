/** Which seconds of footage a player really played: what was jumped over does not count. */

/** Start and end in milliseconds of what plays. */
export type Reach = [number, number];

/** What was played at one speed (percent), as the server takes it. */
export interface Played {
  speed: number;
  reaches: Reach[];
}

/** As the video stands when it is looked at. */
export interface Look {
  /** In seconds. */
  position: number;
  rate: number;
  playing: boolean;
  /** Of a clock that goes on, in milliseconds. */
  now: number;
}

/** By how much a picture may seem to run ahead of the clock between two looks (s). */
const SLACK = 0.75;
/** Of one message. */
const MAX_REACHES = 100;

export class PlayedFootage {
  private last: Look | undefined;
  private played = new Map<number, Reach[]>();

  /** The picture was looked at: whatever it played since the last look counts. */
  look(look: Look): void {
    const { last } = this;
    this.last = look;
    if (!last?.playing) return;
    const moved = look.position - last.position;
    const possible = ((look.now - last.now) / 1000) * last.rate * 1.25 + SLACK;
    if (moved > 0 && moved <= possible) this.add(last.rate, [toMs(last.position), toMs(look.position)]);
  }

  /** One picture on: the one before was looked at for as long as it is shown. */
  stepped(from: number, to: number): void {
    this.last = undefined;
    if (to > from) this.add(1, [toMs(from), toMs(to)]);
  }

  /** It was sent elsewhere, or nobody can see it: what lies between does not count. */
  jumped(): void {
    this.last = undefined;
  }

  /** Take what has not been taken yet. */
  take(): Played[] {
    const taken = [...this.played].map(([speed, reaches]) => ({ speed, reaches }));
    this.played.clear();
    return taken;
  }

  /** Put back what could not be told. */
  putBack(played: Played[]): void {
    for (const { speed, reaches } of played) for (const reach of reaches) this.add(speed / 100, reach);
  }

  private add(rate: number, reach: Reach): void {
    const speed = Math.round(rate * 100);
    const reaches = this.played.get(speed) ?? [];
    const before = reaches.at(-1);
    if (before && before[1] >= reach[0] && before[0] <= reach[0]) before[1] = Math.max(before[1], reach[1]);
    else if (reaches.length < MAX_REACHES) reaches.push(reach);
    this.played.set(speed, reaches);
  }
}

function toMs(seconds: number): number {
  return Math.max(0, Math.round(seconds * 1000));
}
