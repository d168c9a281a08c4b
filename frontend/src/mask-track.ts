/**
 * What of a clip may be seen, and how somebody changes that: tracks as values, each change a new one.
 *
 * Times are microseconds from the clip's first picture, coordinates millionths of the picture. What is revealed when is
 * decided by the server (`lib/footage/masking/track.py`); what is drawn here follows it to the letter.
 */

export const WHOLE = 1_000_000;
/** How much longer than its keys a box hides (microseconds). */
export const HIDE_MARGIN = 100_000;
/** The least width and height of a box that somebody draws. */
export const SMALLEST = 10_000;
const MAX_UNDONE = 200;

export type Shape = "box" | "ellipse";
/** Left, top, right, bottom. */
export type Sides = readonly [number, number, number, number];
export type Stretch = readonly [number, number];

export interface HideKey {
  readonly at_us: number;
  readonly box: Sides;
}

export interface Key extends HideKey {
  readonly confirmed: boolean;
}

export interface Reveal {
  readonly shape: Shape;
  readonly keys: readonly Key[];
  readonly rejected: readonly Stretch[];
}

export interface Hide {
  readonly keys: readonly HideKey[];
}

export interface Track {
  readonly reveal: readonly Reveal[];
  readonly hide: readonly Hide[];
}

/** One range of a track: a person to be seen, or what stays hidden. */
export interface Which {
  readonly kind: "reveal" | "hide";
  readonly index: number;
}

export const NOTHING: Track = { reveal: [], hide: [] };

// --- as the server sends it --------------------------------------------------------------------------------------

interface ShownKey {
  at_us: number;
  box: number[];
}

/** A track as the server sends it; what is no box of four sides is left out, as it could not be drawn. */
export function trackOf(shown: {
  reveal: { shape: string; keys: (ShownKey & { confirmed: boolean })[]; rejected: number[][] }[];
  hide: { keys: ShownKey[] }[];
}): Track {
  return {
    reveal: shown.reveal.map(({ shape, keys, rejected }) => ({
      shape: shape === "ellipse" ? "ellipse" : "box",
      keys: keys.map(({ at_us, box, confirmed }) => ({ at_us, box: sidesOf(box), confirmed })),
      rejected: rejected.map(([from = 0, to = 0]) => [from, to] as const),
    })),
    hide: shown.hide.map(({ keys }) => ({ keys: keys.map(({ at_us, box }) => ({ at_us, box: sidesOf(box) })) })),
  };
}

export function sidesOf([left = 0, top = 0, right = 0, bottom = 0]: readonly number[]): Sides {
  return [left, top, right, bottom];
}

// --- where a box is ----------------------------------------------------------------------------------------------

function between(early: HideKey, late: HideKey, at: number): Sides {
  const done = at - early.at_us;
  const span = late.at_us - early.at_us;
  const side = (index: 0 | 1 | 2 | 3) => (early.box[index] * (span - done) + late.box[index] * done) / span;
  return [side(0), side(1), side(2), side(3)];
}

/** How many keys are not later than a time. */
function keysUpTo(keys: readonly HideKey[], at: number): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle]?.at_us ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function isRejected({ rejected }: Reveal, at: number): boolean {
  return rejected.some(([from, to]) => from <= at && at <= to);
}

/** What is revealed at a time. */
export function revealedAt(reveal: Reveal, at: number): Sides | null {
  if (isRejected(reveal, at)) return null;
  const after = keysUpTo(reveal.keys, at);
  const early = reveal.keys[after - 1];
  if (!early?.confirmed) return null;
  if (early.at_us === at) return early.box;
  const late = reveal.keys[after];
  return late?.confirmed ? between(early, late, at) : null;
}

/** What is hidden at a time. */
export function hiddenAt({ keys }: Hide, at: number): Sides | null {
  const [first, last] = [keys[0], keys.at(-1)];
  if (!first || !last || at < first.at_us - HIDE_MARGIN || at > last.at_us + HIDE_MARGIN) return null;
  return guideAt(keys, at);
}

/** Where a box is drawn to be taken up: between any two keys, beside them where the nearest one is. */
export function guideAt(keys: readonly HideKey[], at: number): Sides | null {
  const after = keysUpTo(keys, at);
  const [early, late] = [keys[after - 1], keys[after]];
  if (early && late && early.at_us !== at) return between(early, late, at);
  return (early ?? late)?.box ?? null;
}

/** How a range stands at a picture. */
export type Standing =
  /** It does what it is for: what it reveals is seen, what it hides is hidden. */
  | "in_force"
  /** Proposed: nothing is seen before somebody confirms it. */
  | "proposed"
  /** Taken out by somebody. */
  | "rejected"
  /** Before its first key, or behind its last. */
  | "outside";

export function standing(track: Track, { kind, index }: Which, at: number): Standing {
  if (kind === "hide") return track.hide[index] && hiddenAt(track.hide[index], at) ? "in_force" : "outside";
  const reveal = track.reveal[index];
  if (!reveal) return "outside";
  if (isRejected(reveal, at)) return "rejected";
  if (revealedAt(reveal, at)) return "in_force";
  const [first, last] = [reveal.keys[0], reveal.keys.at(-1)];
  return first && last && first.at_us <= at && at <= last.at_us ? "proposed" : "outside";
}

export function keysOf(track: Track, { kind, index }: Which): readonly (HideKey & Partial<Key>)[] {
  return (kind === "reveal" ? track.reveal[index]?.keys : track.hide[index]?.keys) ?? [];
}

export function keyAt(track: Track, which: Which, at: number): (HideKey & Partial<Key>) | undefined {
  return keysOf(track, which).find((key) => key.at_us === at);
}

/** From when to when something is revealed, to the microsecond; both ends included. */
export function revealedStretches({ keys, rejected }: Reveal): Stretch[] {
  const found: Stretch[] = [];
  keys.forEach((key, place) => {
    if (!key.confirmed) return;
    const before = keys[place - 1];
    const latest = found.at(-1);
    if (before?.confirmed && latest) found[found.length - 1] = [latest[0], key.at_us];
    else found.push([key.at_us, key.at_us]);
  });
  return rejected.reduce<Stretch[]>((left, [from, to]) => left.flatMap((one) => without(one, from, to)), found);
}

function without([start, end]: Stretch, from: number, to: number): Stretch[] {
  if (to < start || end < from) return [[start, end]];
  return [[start, from - 1] as const, [to + 1, end] as const].filter(([first, last]) => first <= last);
}

// --- boxes -------------------------------------------------------------------------------------------------------

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** Whole millionths within the picture, the edges in order and not too near one another. */
export function tidy([left, top, right, bottom]: Sides): Sides {
  const [from, to] = edges(left, right);
  const [above, below] = edges(top, bottom);
  return [from, above, to, below];
}

function edges(one: number, other: number): [number, number] {
  const from = clamp(Math.round(Math.min(one, other)), 0, WHOLE - SMALLEST);
  return [from, clamp(Math.round(Math.max(one, other)), from + SMALLEST, WHOLE)];
}

/** Move a box as it is, up to the picture's edges. */
export function moved([left, top, right, bottom]: Sides, across: number, down: number): Sides {
  const x = clamp(across, -left, WHOLE - right);
  const y = clamp(down, -top, WHOLE - bottom);
  return tidy([left + x, top + y, right + x, bottom + y]);
}

/** Which of its edges a handle takes along: "nw", "e", … */
export type Handle = "n" | "ne" | "e" | "se" | "s" | "sw" | "w" | "nw";

/** Move some edges of a box; none passes the one opposite. */
export function resized([left, top, right, bottom]: Sides, handle: Handle, across: number, down: number): Sides {
  return tidy([
    handle.includes("w") ? Math.min(left + across, right - SMALLEST) : left,
    handle.includes("n") ? Math.min(top + down, bottom - SMALLEST) : top,
    handle.includes("e") ? Math.max(right + across, left + SMALLEST) : right,
    handle.includes("s") ? Math.max(bottom + down, top + SMALLEST) : bottom,
  ]);
}

// --- changes -----------------------------------------------------------------------------------------------------

function put<K extends HideKey>(keys: readonly K[], key: K): K[] {
  return [...keys.filter((one) => one.at_us !== key.at_us), key].sort((one, other) => one.at_us - other.at_us);
}

function change<T>(all: readonly T[], index: number, to: (one: T) => T): T[] {
  return all.map((one, place) => (place === index ? to(one) : one));
}

function changeReveal(track: Track, index: number, to: (reveal: Reveal) => Reveal): Track {
  return { ...track, reveal: change(track.reveal, index, to) };
}

/** Set a key, confirmed: whoever moves a box has looked at it. */
export function setKey(track: Track, { kind, index }: Which, at: number, box: Sides): Track {
  const key = { at_us: at, box: tidy(box) };
  return kind === "hide"
    ? { ...track, hide: change(track.hide, index, ({ keys }) => ({ keys: put(keys, key) })) }
    : changeReveal(track, index, (one) => ({ ...one, keys: put(one.keys, { ...key, confirmed: true }) }));
}

/** Take a key out; a range without any is none, and goes with its last. */
export function deleteKey(track: Track, which: Which, at: number): Track {
  const left = keysOf(track, which).filter((key) => key.at_us !== at);
  if (!left.length) return removeRange(track, which);
  const drop = <K extends HideKey>(keys: readonly K[]) => keys.filter((key) => key.at_us !== at);
  return which.kind === "hide"
    ? { ...track, hide: change(track.hide, which.index, ({ keys }) => ({ keys: drop(keys) })) }
    : changeReveal(track, which.index, (one) => ({ ...one, keys: drop(one.keys) }));
}

/** Confirm the key at a time. */
export function confirmKey(track: Track, index: number, at: number): Track {
  return changeReveal(track, index, (one) => ({
    ...one,
    keys: one.keys.map((key) => (key.at_us === at ? { ...key, confirmed: true } : key)),
  }));
}

export function confirmAll(track: Track, index: number): Track {
  return changeReveal(track, index, (one) => ({ ...one, keys: one.keys.map((key) => ({ ...key, confirmed: true })) }));
}

/** Throw away what was proposed and not confirmed. */
export function dropProposed(track: Track, index: number): Track {
  const keys = track.reveal[index]?.keys.filter((key) => key.confirmed) ?? [];
  return keys.length ? changeReveal(track, index, (one) => ({ ...one, keys })) : removeRange(track, { kind: "reveal", index });
}

export function proposedKeys(track: Track, index: number): Key[] {
  return track.reveal[index]?.keys.filter((key) => !key.confirmed) ?? [];
}

/** Take over where a figure seems to go: unconfirmed, up to the next key that a person confirmed, which stays. */
export function mergeProposal(track: Track, index: number, from: number, proposed: readonly HideKey[]): Track {
  return changeReveal(track, index, (one) => {
    const end = one.keys.find((key) => key.at_us > from && key.confirmed)?.at_us ?? Infinity;
    const kept = one.keys.filter((key) => key.at_us <= from || key.at_us >= end);
    const added = proposed
      .filter(({ at_us }) => at_us > from && at_us < end)
      .map(({ at_us, box }) => ({ at_us, box: tidy(box), confirmed: false }));
    return { ...one, keys: [...kept, ...added].sort((a, b) => a.at_us - b.at_us) };
  });
}

/** Reveal nothing in a stretch, both ends included, whatever the keys say. */
export function reject(track: Track, index: number, one: number, other: number): Track {
  const [from, to] = [Math.min(one, other), Math.max(one, other)];
  return changeReveal(track, index, (reveal) => {
    const apart = reveal.rejected.filter(([start, end]) => end < from || to < start);
    const touched = reveal.rejected.filter(([start, end]) => !(end < from || to < start));
    const merged: Stretch = [
      Math.min(from, ...touched.map(([start]) => start)),
      Math.max(to, ...touched.map(([, end]) => end)),
    ];
    return { ...reveal, rejected: [...apart, merged].sort((a, b) => a[0] - b[0]) };
  });
}

/** Take back the rejected stretch at a time. */
export function unreject(track: Track, index: number, at: number): Track {
  return changeReveal(track, index, (reveal) => ({
    ...reveal,
    rejected: reveal.rejected.filter(([from, to]) => at < from || to < at),
  }));
}

export function addReveal(track: Track, at: number, box: Sides): Track {
  const keys = [{ at_us: at, box: tidy(box), confirmed: true }];
  return { ...track, reveal: [...track.reveal, { shape: "box", keys, rejected: [] }] };
}

export function addHide(track: Track, at: number, box: Sides): Track {
  return { ...track, hide: [...track.hide, { keys: [{ at_us: at, box: tidy(box) }] }] };
}

export function removeRange(track: Track, { kind, index }: Which): Track {
  return { ...track, [kind]: track[kind].filter((_, place) => place !== index) };
}

export function setShape(track: Track, index: number, shape: Shape): Track {
  return changeReveal(track, index, (one) => ({ ...one, shape }));
}

// --- pictures ----------------------------------------------------------------------------------------------------

/** The place of the last picture that is not later than a time; 0 before the first. */
export function pictureAt(pictures: readonly number[], at: number): number {
  let [low, high] = [0, pictures.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pictures[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

// --- undo --------------------------------------------------------------------------------------------------------

/** A track and what it was before each change; a value itself. */
export interface History {
  readonly now: Track;
  readonly past: readonly Track[];
  readonly future: readonly Track[];
  /** What the last change was: steps of one kind, as of a held key, are undone together. */
  readonly step: string;
}

export function begin(now: Track): History {
  return { now, past: [], future: [], step: "" };
}

/** Change a track; `step` names steps that are undone together ("": alone). */
export function changed(history: History, now: Track, step = ""): History {
  if (now === history.now) return history;
  if (step && step === history.step) return { ...history, now, future: [] };
  return { now, past: [...history.past, history.now].slice(-MAX_UNDONE), future: [], step };
}

export function undone(history: History): History {
  const now = history.past.at(-1);
  if (!now) return history;
  return { now, past: history.past.slice(0, -1), future: [history.now, ...history.future], step: "" };
}

export function redone(history: History): History {
  const [now, ...future] = history.future;
  if (!now) return history;
  return { now, past: [...history.past, history.now], future, step: "" };
}
