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

/** How often the server is told what was played (ms). */
const TELL_MS = 5000;
/** By how much a picture may seem to run ahead of the clock between two looks (s). */
const SLACK = 0.75;
/** Of one message. */
const MAX_REACHES = 100;

export class PlayedFootage {
  private last: Look | undefined;
  /** Where it was sent (s), until it is there. */
  private target: number | undefined;
  private played = new Map<number, Reach[]>();

  /** The picture was looked at: whatever it played since the last look counts. */
  look(look: Look): void {
    const { target } = this;
    const last = this.last ?? (target === undefined ? undefined : { ...look, position: target, playing: false });
    this.last = look;
    this.target = undefined;
    if (!last || !(last.playing || look.playing)) return;
    const rate = last.playing ? last.rate : look.rate;
    const moved = look.position - last.position;
    // Where it stood before, it began to play a moment ago.
    const possible = SLACK + (last.playing ? ((look.now - last.now) / 1000) * rate * 1.25 : 0);
    if (moved > 0 && moved <= possible) this.add(rate, [toMs(last.position), toMs(look.position)]);
  }

  /** A single picture stood still where somebody saw it; from when to when it is shown (s). */
  stood(from: number, to: number): void {
    if (to > from) this.add(1, [toMs(from), toMs(to)]);
  }

  /** It was sent elsewhere, or nobody can see it: what lies between does not count. */
  jumped(): void {
    this.last = undefined;
    this.target = undefined;
  }

  /** It was sent there (s): whatever it plays from there on counts, from the first picture. */
  sent(to: number): void {
    this.last = undefined;
    this.target = to;
  }

  /** It is on its way. */
  seeking(): void {
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

/** Tells the server what was played, and keeps what could not be told. */
export class Teller {
  readonly played = new PlayedFootage();
  private toldAt = 0;
  private telling = false;
  private more = false;

  constructor(
    private readonly send: (clip: string, played: Played) => Promise<void>,
    /** Told why it could not be told; undefined where it was. */
    private readonly ended: (error: unknown) => void,
  ) {}

  /** Whether it was not told for a while. */
  get isDue(): boolean {
    return performance.now() - this.toldAt >= TELL_MS;
  }

  /** Tell what was played of a clip; with `ask` now and then without anything: what was fetched too fast counts later. */
  async tell(clip: string, ask: boolean): Promise<void> {
    if (this.telling) {
      this.more = true;
      return;
    }
    let left = this.played.take();
    if (!left.length && ask && this.isDue) left = [{ speed: 100, reaches: [] }];
    if (!left.length) return;
    this.telling = true;
    this.toldAt = performance.now();
    try {
      for (const played of [...left]) {
        await this.send(clip, played);
        left = left.slice(1);
      }
      this.ended(undefined);
    } catch (error) {
      this.played.putBack(left);
      this.ended(error);
    } finally {
      this.telling = false;
    }
    if (!this.more) return;
    this.more = false;
    await this.tell(clip, false);
  }
}

/** For how long a picture has to stand so that somebody can have seen it: as at double speed; in milliseconds, of seconds. */
export function longEnough(from: number, to: number): number {
  return ((to - from) * 1000) / 2;
}

function toMs(seconds: number): number {
  return Math.max(0, Math.round(seconds * 1000));
}
