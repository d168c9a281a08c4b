/** What somebody draws, kept on the server while they draw it, and in this page until the server has it. */

import { type Client, ServerError } from "./api";
import { draft, forget, keep } from "./drafts";
import { type Track, NOTHING, trackOf } from "./mask-track";

/** How long after the last change it is saved (ms). */
const PAUSE = 700;

export type Kept =
  | "saved"
  | "unsaved"
  | "saving"
  /** The last attempt failed; the next change, or a person, tries again. */
  | "failed"
  /** Somebody else saved another one meanwhile: a person decides whose is kept. */
  | "conflict";

export class TrackDraft {
  state: Kept = "saved";
  /** Why the last attempt failed. */
  error: unknown;
  savedAt: Date | null = null;
  /** Who saved what was found here, when that was. */
  found: { name: string; at: string } | null = null;
  private latest: Track = NOTHING;
  private saved: Track = NOTHING;
  /** By what the server knows the track that `saved` is. */
  private known: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    private readonly api: Client,
    private readonly clip: string,
    private readonly told: () => void,
  ) {}

  /** Read what was drawn; what this page could not save the last time is newer. `told` is called when its state changes. */
  static async open(api: Client, clip: string, told: () => void): Promise<TrackDraft> {
    const opened = new TrackDraft(api, clip, told);
    const { track, sha256, saved_by: by, saved_at: at } = await api.maskTrack(clip);
    opened.saved = opened.latest = track ? trackOf(track) : NOTHING;
    opened.known = sha256;
    opened.found = by && at ? { name: by.name, at } : null;
    const left = draft(opened.name);
    if (left.track) {
      opened.known = left.based_on ?? null;
      opened.change(JSON.parse(left.track) as Track);
    }
    return opened;
  }

  get track(): Track {
    return this.latest;
  }

  /** By what the server knows the track as it is now; null while it does not have it. */
  get sha256(): string | null {
    return this.latest === this.saved ? this.known : null;
  }

  private get name(): string {
    return `mask/${this.clip}`;
  }

  change(track: Track): void {
    this.latest = track;
    keep(this.name, { track: JSON.stringify(track), ...(this.known ? { based_on: this.known } : {}) });
    if (this.state === "conflict") return;
    if (this.state !== "saving") this.turn("unsaved");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), PAUSE);
  }

  /** Save now what is not saved; one message at a time. */
  async save(): Promise<void> {
    clearTimeout(this.timer);
    if (this.state === "saving" || this.state === "conflict" || this.latest === this.saved) return;
    const track = this.latest;
    this.error = undefined;
    this.turn("saving");
    try {
      const { sha256 } = await this.api.saveMaskTrack(this.clip, track, this.known);
      this.saved = track;
      this.known = sha256;
      this.savedAt = new Date();
    } catch (error) {
      this.error = error;
      const changed = error instanceof ServerError && error.cause.translation_key === "mask_track_changed";
      this.turn(changed ? "conflict" : "failed");
      return;
    }
    if (this.latest === track) {
      forget(this.name);
      this.turn("saved");
    } else {
      this.turn("unsaved");
      await this.save();
    }
  }

  /** Write over what somebody else saved, which a person has decided. */
  async keepMine(): Promise<void> {
    this.known = (await this.api.maskTrack(this.clip)).sha256;
    this.turn("unsaved");
    await this.save();
  }

  /** Give up what was drawn here; whoever opens the draft again reads theirs. */
  discard(): void {
    clearTimeout(this.timer);
    this.latest = this.saved;
    forget(this.name);
  }

  private turn(state: Kept): void {
    this.state = state;
    this.told();
  }
}
