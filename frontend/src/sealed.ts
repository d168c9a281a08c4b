import { type PropertyValues, html, nothing } from "lit";

import type { FilmOpened, Span, Watched } from "./api";
import { Player } from "./player";
import type { Stretch } from "./shown";
import type { Key } from "./texts";
import { Teller } from "./watched";
import { missingShown, watchedText } from "./watched-shown";

/** Times here are up to two milliseconds before their picture: the playlist's and a Date's are cut off (ms). */
const CUT_OFF = 2;

/** What was marked to be cut out: the clip, the first picture's true time, and an end behind the last's (ISO 8601, with offset). */
export interface CutMarked {
  clip: string;
  start: string;
  end: string;
}

/** How much of a clip was watched, as the server counted it. */
export interface WatchedCounted {
  clip: string;
  watched: Watched;
}

/** Footage that was preserved, from our own disk: what is approved is what one sees here. */
export class NiizaCctvSealed extends Player {
  static override properties = {
    ...Player.properties,
    clip: { type: String },
    cuttable: { type: Boolean },
    covered: { type: Boolean },
    through: { type: Boolean },
    from: { state: true },
    to: { state: true },
    watched: { state: true },
    uncounted: { state: true },
  };

  declare clip: string;
  /** Whether something may be cut out of it here: `cut-marked` says what. */
  declare cuttable: boolean;
  /** Whether a question lies over it: nobody watches then. */
  declare covered: boolean;
  /** Whether all of it has to be watched before it is approved. */
  declare through: boolean;
  declare private from: Date | null;
  declare private to: Date | null;
  declare private watched: Watched | undefined;
  /** Why what was played could not be counted. */
  declare private uncounted: string;
  private reaches: Span = { start: "", end: "" };
  private readonly teller = new Teller(
    async (clip, played) => {
      this.counted(clip, await this.context.api.tellWatched(clip, played));
    },
    (error) => {
      this.uncounted = error === undefined ? "" : this.wording(error);
    },
  );

  constructor() {
    super();
    this.cuttable = false;
    this.covered = false;
    this.through = false;
    this.from = null;
    this.to = null;
    this.uncounted = "";
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("covered") && this.covered) this.video()?.pause();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    void this.tell();
  }

  protected override subject(): string {
    return this.clip;
  }

  protected override async source(): Promise<FilmOpened> {
    const opened = await this.context.api.watchClip(this.clip);
    this.reaches = { start: opened.start, end: opened.end };
    return opened;
  }

  protected override span(): Span {
    return this.reaches;
  }

  protected override label(): string {
    return this.context.t("watch.label_sealed", { camera: this.cameraName });
  }

  protected override broken(event: Event): void {
    super.broken(event);
    // Its link may have run out: there is nothing to be seen before it is opened again.
    this.path = "";
  }

  protected override unplayable(): Key {
    return "watch.cannot_play_sealed";
  }

  protected override brokenWords(code: number | undefined): Key {
    return code === MediaError.MEDIA_ERR_DECODE ? this.unplayable() : "watch.broken_sealed";
  }

  // --- what was watched ------------------------------------------------------------------------------------------

  protected override looked(): void {
    const video = this.video();
    if (!video) return;
    const now = performance.now();
    // What plays in a page that nobody sees was not watched.
    const { played } = this.teller;
    if (document.visibilityState === "hidden") played.jumped();
    else if (video.seeking) played.seeking();
    else
      played.look({
        position: video.currentTime,
        rate: video.playbackRate,
        playing: !video.paused,
        now,
      });
    if (video.paused || this.teller.isDue) void this.tell();
  }

  protected override left(): void {
    this.looked();
    this.teller.played.jumped();
  }

  protected override seek(offset: number): void {
    super.seek(offset);
    this.teller.played.sent(offset);
  }

  protected override stood(from: number, to: number): void {
    if (document.visibilityState !== "hidden") this.teller.played.stood(from, to);
  }

  /** Tell the server what was played since it was told the last time. */
  private async tell(): Promise<void> {
    await this.teller.tell(this.clip, this.through && this.watched?.missing_from != null);
  }

  private counted(clip: string, watched: Watched): void {
    this.watched = watched;
    const detail: WatchedCounted = { clip, watched };
    this.dispatchEvent(new CustomEvent("watched-counted", { detail, bubbles: true, composed: true }));
  }

  private readonly goOnFrom = (from: number): void => {
    this.seek(from);
    void this.video()?.play();
  };

  private watchedShown() {
    const { t } = this.context;
    return html`<p class="small with-icon">
        <ha-icon icon="mdi:eye-check"></ha-icon>
        <span class="watched">${this.watched ? watchedText(t, this.watched) : t("watch.counting")}</span>
      </p>
      ${this.through ? missingShown(t, this.watched, this.path ? this.goOnFrom : null) : nothing}
      ${this.uncounted
        ? html`<ha-alert alert-type="warning">${t("watch.uncounted", { error: this.uncounted })}</ha-alert>`
        : nothing}`;
  }

  // --- what is to be cut out -------------------------------------------------------------------------------------

  private mark(edge: "from" | "to"): void {
    const { at } = this;
    if (!at) return;
    this[edge] = at;
    const { from, to } = this;
    if (!from || !to) return;
    // What was marked the other way round begins anew with what was meant last.
    if (from > to) {
      this[edge === "from" ? "to" : "from"] = null;
      return;
    }
    const { clock } = this.context;
    // A cut ends before its end: the picture that was marked is still inside.
    const end = new Date(to.getTime() + CUT_OFF);
    const detail: CutMarked = { clip: this.clip, start: clock.iso(from), end: clock.iso(end) };
    this.dispatchEvent(new CustomEvent("cut-marked", { detail, bubbles: true, composed: true }));
  }

  protected override marked(): Stretch | undefined {
    if (!this.cuttable || !(this.from ?? this.to)) return undefined;
    return { start: this.from?.toISOString() ?? null, end: this.to?.toISOString() ?? null };
  }

  protected override shortcut(key: string, shift: boolean): (() => void) | undefined {
    if (this.cuttable && (key === "i" || key === "o")) return this.mark.bind(this, key === "i" ? "from" : "to");
    return super.shortcut(key, shift);
  }

  protected override keysShown(): [string, Key][] {
    return [...super.keysShown(), ...(this.cuttable ? ([["I / O", "watch.key_mark"]] as [string, Key][]) : [])];
  }

  private markButton(edge: "from" | "to") {
    const { t, clock } = this.context;
    const marked = this[edge];
    return html`<span class="row">
      <button
        type="button"
        ?disabled=${!this.at}
        @click=${() => {
          this.mark(edge);
        }}
      >
        <ha-icon icon=${edge === "from" ? "mdi:ray-start-arrow" : "mdi:ray-end"}></ha-icon>
        ${t(edge === "from" ? "watch.mark_from" : "watch.mark_to")}
      </button>
      <span class="small">${marked ? clock.tenths(marked) : t("watch.not_marked")}</span>
    </span>`;
  }

  private marks() {
    return html`<div class="row" role="group" aria-label=${this.context.t("watch.marks")}>
      ${this.markButton("from")} ${this.markButton("to")}
    </div>`;
  }

  protected override controls(): unknown {
    return html`${this.cuttable ? this.marks() : nothing} ${this.watchedShown()}`;
  }
}
