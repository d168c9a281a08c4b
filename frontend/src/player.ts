import { css, html, nothing } from "lit";

import type { FilmOpened, Span } from "./api";
import { Part } from "./base";
import { homeAssistantsPlayer } from "./hls";
import { type Moments, isShown, keysOf, momentAt, momentsOf, offsetOf } from "./playlist";
import { type Stretch, bar } from "./shown";
import { styles } from "./styles";
import { longEnough } from "./watched";
import { type Key, UserError } from "./texts";

const HLS = "application/vnd.apple.mpegurl";
const JUMPS = [-60, -10, -1, 1, 10, 60];
const SPEEDS = [0.25, 0.5, 1, 2, 4, 8, 16];
const LOOK_MS = 500;
/** Whoever presses "back" while it plays means the picture before this one, not the one that was just passed (s). */
const JUST_PASSED = 0.5;
/** A picture's own time is a hair behind the one that is asked for; less than any picture stays (s). */
const INSIDE = 0.002;
/** Keys that go on by one picture. */
const SINGLE = ["[", "]", ",", "."];
const FIELDS = "input:not([type=range]), select, textarea";

/**
 * The frame of everything that plays: opened as soon as it is shown, with a second try, its own controls and, over the
 * picture, who watches and when. The browser's own controls would offer to save the picture, to take it out of the page,
 * and to show it in full without what lies over it.
 */
export abstract class Player extends Part {
  static override properties = {
    ...Part.properties,
    cameraName: { type: String },
    path: { state: true },
    gaps: { state: true },
    at: { state: true },
    now: { state: true },
    playing: { state: true },
    fallback: { state: true },
    full: { state: true },
    speed: { state: true },
    wanted: { state: true },
    said: { state: true },
    pictureLength: { state: true },
  };

  static override styles = [
    styles,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      .screen {
        background: #000;
        border-radius: 12px;
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto;
        overflow: hidden;
      }
      .picture {
        aspect-ratio: 16 / 9;
        inline-size: 100%;
        max-block-size: 70vh;
        overflow: hidden;
        position: relative;
      }
      .screen:fullscreen .picture {
        aspect-ratio: auto;
        block-size: 100%;
        max-block-size: none;
      }
      video,
      ha-hls-player {
        block-size: 100%;
        display: block;
        inline-size: 100%;
        object-fit: contain;
      }
      .strip {
        align-items: center;
        background: #111;
        color: #fff;
        display: flex;
        gap: 4px 12px;
        padding: 4px 8px;
      }
      .strip button {
        border-color: transparent;
        color: inherit;
        min-inline-size: 48px;
        padding: 0;
      }
      .screen:focus {
        outline: none;
      }
      .strip input {
        accent-color: var(--niiza-primary-surface);
        flex: 1;
        min-block-size: 48px;
        min-inline-size: 0;
      }
      .time {
        font-size: 1.3rem;
        font-variant-numeric: tabular-nums;
        font-weight: 500;
      }
      .jumps button {
        min-inline-size: 64px;
        padding-inline: 10px;
      }
      .timeline {
        cursor: pointer;
        /* As high as a finger is wide. */
        padding-block: 14px;
        touch-action: manipulation;
      }
      select,
      #moment {
        inline-size: auto;
      }
      .keys summary {
        cursor: pointer;
        min-block-size: 40px;
      }
      kbd {
        border: 1px solid var(--divider-color);
        border-radius: 4px;
        font: inherit;
        padding-inline: 6px;
      }
    `,
  ];

  declare cameraName: string;
  declare protected path: string;
  declare protected gaps: Span[];
  /** The true time of what is shown. */
  declare protected at: Date | null;
  /** What the clock on the wall shows. */
  declare private now: Date;
  declare private playing: boolean;
  /** Whether Home Assistant's own player shows it, in a browser without HLS. */
  declare private fallback: boolean;
  declare private full: boolean;
  declare private speed: number;
  /** The time to go to, as it was typed; empty: that of the picture. */
  declare private wanted: string;
  /** What came of the last thing that was asked, where that is not to be seen. */
  declare private said: string;
  /** How long a picture is shown as a rule (s); null where that is not known. */
  declare private pictureLength: number | null;
  private keys: number[] = [];
  /** When each picture comes and, last, when the last one goes (s); null where that is not known. */
  private pictures: readonly number[] | null = null;
  /** The picture that is on the screen, by the browser's own word (s), since when (ms), and whether it was counted. */
  private picture: { of: HTMLVideoElement; time: number; since: number; counted: boolean } | undefined;
  private moments: Moments = [];
  private openedFor = "";
  private looking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.path = "";
    this.gaps = [];
    this.at = null;
    this.now = new Date();
    this.playing = false;
    this.fallback = false;
    this.full = false;
    this.speed = 1;
    this.wanted = "";
    this.said = "";
    this.pictureLength = null;
    this.addEventListener("keydown", this.pressed);
  }

  /** What plays; another one is opened anew. */
  protected abstract subject(): string;

  /** Ask for it; throws when it cannot be shown. */
  protected abstract source(): Promise<FilmOpened>;

  /** From when to when it reaches. */
  protected abstract span(): Span;

  protected abstract label(): string;

  /** What to say of a device that has no decoder for it. */
  protected abstract unplayable(): Key;

  /** What to say when the picture breaks off, by the browser's own code. */
  protected abstract brokenWords(code: number | undefined): Key;

  override connectedCallback(): void {
    super.connectedCallback();
    this.looking = setInterval(this.look, LOOK_MS);
  }

  override disconnectedCallback(): void {
    clearInterval(this.looking);
    this.countStanding();
    super.disconnectedCallback();
  }

  protected override willUpdate(): void {
    const subject = this.subject();
    if (subject === this.openedFor) return;
    this.openedFor = subject;
    void this.open();
  }

  private async open(): Promise<void> {
    this.path = "";
    this.at = null;
    this.said = "";
    await this.attempt("open", async () => {
      const { url, codec, gaps, picture, pictures } = await this.source();
      this.pictureLength = picture;
      this.pictures = pictures?.map((at) => at / 1000) ?? null;
      if (codec && !playable(codec)) throw new UserError(this.unplayable());
      const answer = await fetch(url);
      if (!answer.ok) throw new UserError("watch.refused", { status: answer.status });
      const playlist = await answer.text();
      this.moments = momentsOf(playlist);
      this.keys = keysOf(playlist);
      if (!document.createElement("video").canPlayType(HLS)) {
        this.fallback = await homeAssistantsPlayer();
        if (!this.fallback) throw new UserError("watch.no_hls");
      }
      this.gaps = gaps;
      this.path = url;
      await this.updateComplete;
      this.follow();
      // Browsers start a picture only once it is in sight, and people look for it where they pressed.
      this.scrollIntoView({ block: "nearest" });
    });
  }

  protected broken(event: Event): void {
    this.error = this.context.t(this.brokenWords((event.target as HTMLVideoElement).error?.code));
  }

  /**
   * The picture itself. Home Assistant's player neither tells where it is nor can be sent anywhere, so its inside is looked
   * into: the one place where this panel does so.
   */
  protected video(): HTMLVideoElement | null {
    const own = this.renderRoot.querySelector<HTMLElement>("video, ha-hls-player");
    return own instanceof HTMLVideoElement ? own : (own?.shadowRoot?.querySelector("video") ?? null);
  }

  /** The clock on the wall goes on while the picture stands. */
  private look = (): void => {
    if (!this.path) return;
    this.now = new Date();
    this.countStanding();
    this.moved();
  };

  private moved(): void {
    const video = this.video();
    if (!video) return;
    // Of Home Assistant's player, too.
    video.disablePictureInPicture = true;
    video.disableRemotePlayback = true;
    this.playing = !video.paused;
    // A picture that is loaded anew begins at its own speed.
    if (video.playbackRate !== this.speed) this.setRate(this.speed);
    this.at = momentAt(this.moments, this.position(video));
    this.looked();
  }

  /** The picture was looked at. */
  protected looked(): void {
    // Only some players count what was played.
  }

  /** Where it is: at the picture on the screen, which the clock of the video runs ahead of. */
  private position(video: HTMLVideoElement): number {
    const { picture } = this;
    const known = picture?.of === video && Math.abs(picture.time - video.currentTime) < 1;
    return known && !video.seeking ? picture.time : video.currentTime;
  }

  /** Have the browser tell which picture is on the screen, where it does. */
  private follow(): void {
    const video = this.video();
    if (!video || !("requestVideoFrameCallback" in video)) return;
    const next = (_now: number, { mediaTime }: VideoFrameCallbackMetadata) => {
      this.picture = { of: video, time: mediaTime, since: performance.now(), counted: false };
      if (video.paused) this.moved();
      video.requestVideoFrameCallback(next);
    };
    video.requestVideoFrameCallback(next);
  }

  private jump(seconds: number): void {
    const video = this.video();
    if (video) this.seek(Math.max(0, video.currentTime + seconds));
  }

  /** Go to the key picture before or after the one that is shown. */
  private toKey(forward: boolean): void {
    const video = this.video();
    if (!video) return;
    const here = this.position(video);
    const passed = video.paused ? 2 * INSIDE : JUST_PASSED;
    const key = forward
      ? this.keys.find((one) => one > here + 2 * INSIDE)
      : this.keys.findLast((one) => one < here - passed);
    if (key !== undefined) this.seek(key + INSIDE);
  }

  /** Show the picture before or after the one that is shown. */
  private toPicture(forward: boolean): void {
    const video = this.video();
    if (!video || this.pictureLength === null) return;
    video.pause();
    this.seek(this.beside(this.position(video), this.pictureLength, forward) + INSIDE);
  }

  /** When the picture before or after comes; none is left out where it is known when each of them does. */
  private beside(here: number, length: number, forward: boolean): number {
    const { pictures } = this;
    if (!pictures) return Math.max(0, here + (forward ? length : -length));
    const place = pictures.findLastIndex((at) => at <= here + INSIDE / 2) + (forward ? 1 : -1);
    // The last of the times is when the last picture goes.
    return pictures[Math.min(Math.max(place, 0), pictures.length - 2)] ?? 0;
  }

  /** From when to when the picture is shown that stands on the screen; undefined where none does, or that is not known. */
  private standing(): readonly [number, number] | undefined {
    const video = this.video();
    const { picture, pictures } = this;
    if (!video?.paused || video.seeking || picture?.of !== video) return undefined;
    if (!pictures) return this.pictureLength === null ? undefined : [picture.time, picture.time + this.pictureLength];
    const place = pictures.findLastIndex((at) => at <= picture.time + INSIDE / 2);
    const [from, to] = [pictures[place], pictures[place + 1]];
    return from === undefined || to === undefined ? undefined : [from, to];
  }

  /** The picture that stands was looked at, once it has stood long enough, however it is left. */
  private countStanding(): void {
    const { picture } = this;
    const standing = this.standing();
    if (!picture || picture.counted || !standing || performance.now() - picture.since < longEnough(...standing)) return;
    picture.counted = true;
    this.stood(...standing);
  }

  /** Whether somebody who holds a key down has not seen the picture yet to which they went. */
  private isUnseen(): boolean {
    this.countStanding();
    return this.video()?.seeking === true || (this.standing() !== undefined && this.picture?.counted === false);
  }

  /** Somebody saw a picture that stood still. */
  protected abstract stood(from: number, to: number): void;

  /** Go to the time that was typed. */
  private goTo(event: Event): void {
    event.preventDefault();
    const { t, clock } = this.context;
    const field = this.renderRoot.querySelector<HTMLInputElement>("#moment")?.value ?? "";
    const moment = clock.moment(field);
    this.wanted = "";
    if (!moment) return;
    const offset = offsetOf(this.moments, moment);
    this.seek(offset + INSIDE);
    const next = momentAt(this.moments, offset);
    this.said =
      isShown(this.moments, moment) || !next ? "" : t("watch.no_picture_then", { wanted: clock.at(moment), shown: clock.at(next) });
  }

  private toggle(): void {
    const video = this.video();
    if (!video) return;
    if (video.paused) void video.play();
    else video.pause();
    this.playing = !video.paused;
  }

  protected seek(offset: number): void {
    const video = this.video();
    if (!video) return;
    this.said = "";
    this.countStanding();
    this.left();
    video.currentTime = offset;
  }

  /** The picture is sent elsewhere. */
  protected left(): void {
    // Only some players count what was played.
  }

  /** Go where somebody pointed in the drawn passage. */
  private point(event: PointerEvent): void {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    if (!box.width) return;
    const { start, end } = this.span();
    const from = new Date(start).getTime();
    const to = new Date(end).getTime();
    const wanted = new Date(from + ((to - from) * (event.clientX - box.left)) / box.width);
    this.seek(offsetOf(this.moments, wanted));
  }

  private setSpeed(speed: number): void {
    const video = this.video();
    if (!video) return;
    this.moved();
    this.said = "";
    this.setRate(speed);
  }

  /** Browsers differ in how fast they can play. */
  private setRate(speed: number): void {
    const video = this.video();
    if (!video) return;
    const before = video.playbackRate;
    try {
      video.playbackRate = speed;
    } catch {
      video.playbackRate = before;
    }
    this.speed = video.playbackRate;
    if (this.speed !== speed) this.said = this.context.t("watch.speed_refused", { speed });
  }

  private faster(by: number): void {
    const speed = SPEEDS[SPEEDS.indexOf(this.speed) + by];
    if (speed !== undefined) this.setSpeed(speed);
  }

  /** What a key does; undefined where it is not one of ours. */
  protected shortcut(key: string, shift: boolean): (() => void) | undefined {
    switch (key) {
      case " ":
      case "k":
        return this.toggle.bind(this);
      case "ArrowLeft":
        return this.jump.bind(this, shift ? -60 : -10);
      case "ArrowRight":
        return this.jump.bind(this, shift ? 60 : 10);
      case "Home":
        return this.seek.bind(this, 0);
      case "End":
        return this.seek.bind(this, Math.max(0, this.length() - 1));
      case ",":
      case ".":
        return this.toKey.bind(this, key === ".");
      case "[":
      case "]":
        return this.toPicture.bind(this, key === "]");
      case "-":
      case "+":
        return this.faster.bind(this, key === "+" ? 1 : -1);
      case "f":
        return document.fullscreenEnabled ? this.toggleFull.bind(this) : undefined;
      default:
        return undefined;
    }
  }

  private pressed = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    if (!this.path || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(target instanceof HTMLElement) || target.matches(FIELDS)) return;
    // A button is pressed by the space bar.
    if (event.key === " " && target.matches("button, summary")) return;
    const act = this.shortcut(event.key, event.shiftKey);
    if (!act) return;
    event.preventDefault();
    // Home Assistant has keys of its own.
    event.stopPropagation();
    // Each picture stands on the screen, however long somebody leans on the key.
    if (event.repeat && SINGLE.includes(event.key) && this.isUnseen()) return;
    act();
  };

  private length(): number {
    const last = this.moments.at(-1);
    return last ? last.offset + last.length : 0;
  }

  /** The frame in full, not the picture: what lies over it comes along. */
  private toggleFull(): void {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void this.renderRoot.querySelector(".screen")?.requestFullscreen();
  }

  /** What belongs below the time. */
  protected controls(): unknown {
    return nothing;
  }

  /** What is marked in the drawn passage. */
  protected marked(): Stretch | undefined {
    return undefined;
  }

  /** The keys of this player, each with what it does. */
  protected keysShown(): [string, Key][] {
    return [
      ["Space / K", "watch.key_play"],
      ["← / →", "watch.key_ten"],
      ["Shift + ← / →", "watch.key_minute"],
      [", / .", "watch.key_key"],
      ["[ / ]", "watch.key_picture"],
      ["- / +", "watch.key_speed"],
      ["Home / End", "watch.key_ends"],
      ["F", "watch.key_full"],
    ];
  }

  /** The cameras have no sound, and captions of a street do not exist. */
  private pictureShown() {
    return this.fallback
      ? html`<ha-hls-player
          .hass=${this.context.hass}
          .url=${this.path}
          .controls=${false}
          .muted=${true}
          .playsInline=${true}
          .autoPlay=${true}
        ></ha-hls-player>`
      : html`<video
          src=${this.path}
          autoplay
          muted
          playsinline
          disablepictureinpicture
          disableremoteplayback
          controlslist="nodownload nofullscreen noremoteplayback"
          aria-label=${this.label()}
          @timeupdate=${this.moved}
          @seeked=${this.moved}
          @play=${this.moved}
          @pause=${this.moved}
          @ended=${this.moved}
          @error=${this.broken}
        ></video>`;
  }

  private screen() {
    const { clock, info } = this.context;
    return html`<div
      class="screen"
      tabindex="-1"
      @fullscreenchange=${() => {
        this.full = document.fullscreenElement !== null;
      }}
    >
      <div
        class="picture"
        @contextmenu=${(event: Event) => {
          event.preventDefault();
        }}
      >
        ${this.pictureShown()}
        <niiza-cctv-overlay
          .text=${`${info.user.name} ${clock.at(this.now)}`}
          .seconds=${Math.floor(this.now.getTime() / 1000)}
        ></niiza-cctv-overlay>
      </div>
      ${this.strip()}
    </div>`;
  }

  private strip() {
    const { t, clock } = this.context;
    return html`<div class="strip">
      <button type="button" aria-label=${t(this.playing ? "watch.pause" : "watch.play")} @click=${this.toggle}>
        <ha-icon icon=${this.playing ? "mdi:pause" : "mdi:play"}></ha-icon>
      </button>
      <input
        type="range"
        min="0"
        max=${this.length()}
        step="any"
        aria-label=${t("watch.position")}
        aria-valuetext=${this.at ? clock.at(this.at) : "–"}
        .value=${String(this.video()?.currentTime ?? 0)}
        @input=${(event: Event) => {
          this.seek(Number((event.target as HTMLInputElement).value));
        }}
      />
      ${document.fullscreenEnabled
        ? html`<button
            type="button"
            aria-label=${t(this.full ? "watch.leave_full" : "watch.full")}
            @click=${this.toggleFull}
          >
            <ha-icon icon=${this.full ? "mdi:fullscreen-exit" : "mdi:fullscreen"}></ha-icon>
          </button>`
        : nothing}
    </div>`;
  }

  private timeAndSpeed() {
    const { t, clock } = this.context;
    return html`<div class="row spread">
      <span class="time" aria-label=${t("watch.clock")} role="timer">${this.at ? clock.tenths(this.at) : "–"}</span>
      <span class="row">
        <label for="speed">${t("watch.speed")}</label>
        <select
          id="speed"
          @change=${(event: Event) => {
            this.setSpeed(Number((event.target as HTMLSelectElement).value));
          }}
        >
          ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === this.speed}>×${speed}</option>`)}
        </select>
      </span>
    </div>`;
  }

  private keyButton(forward: boolean) {
    const text = this.context.t(forward ? "watch.next_key" : "watch.last_key");
    return html`<button
      type="button"
      aria-label=${text}
      title=${text}
      @click=${() => {
        this.toKey(forward);
      }}
    >
      <ha-icon icon=${forward ? "mdi:skip-next" : "mdi:skip-previous"}></ha-icon>
    </button>`;
  }

  private pictureButton(forward: boolean) {
    if (this.pictureLength === null) return nothing;
    const text = this.context.t(forward ? "watch.next_picture" : "watch.last_picture");
    return html`<button
      type="button"
      aria-label=${text}
      title=${text}
      @click=${() => {
        this.toPicture(forward);
      }}
    >
      <ha-icon icon=${forward ? "mdi:chevron-right" : "mdi:chevron-left"}></ha-icon>
    </button>`;
  }

  private goToForm() {
    const { t, clock } = this.context;
    const { start, end } = this.span();
    return html`<form class="row" @submit=${this.goTo}>
      <label for="moment">${t("watch.go_to")}</label>
      <input
        id="moment"
        type="datetime-local"
        step="1"
        min=${clock.field(start)}
        max=${clock.field(end)}
        .value=${this.wanted || (this.at ? clock.field(this.at) : "")}
        @input=${(event: Event) => {
          this.wanted = (event.target as HTMLInputElement).value;
        }}
      />
      <button type="submit" formnovalidate>${t("watch.go")}</button>
    </form>`;
  }

  private keysHelp() {
    const { t } = this.context;
    return html`<details class="keys small">
      <summary>${t("watch.keys")}</summary>
      <dl>
        ${this.keysShown().map(
          ([keys, what]) =>
            html`<dt><kbd>${keys}</kbd></dt>
              <dd>${t(what)}</dd>`,
        )}
      </dl>
    </details>`;
  }

  private jumpButton(seconds: number) {
    const { t } = this.context;
    const sign = seconds < 0 ? "−" : "+";
    const whole = Math.abs(seconds);
    return html`<button
      type="button"
      @click=${() => {
        this.jump(seconds);
      }}
    >
      ${whole < 60 ? t("watch.seconds", { seconds: `${sign}${whole}` }) : t("watch.minutes", { minutes: `${sign}${whole / 60}` })}
    </button>`;
  }

  private below() {
    const { t } = this.context;
    return html`
      <div class="timeline" @pointerdown=${this.point}>
        ${bar(t, this.span(), this.gaps, this.at?.toISOString(), this.marked())}
      </div>
      ${this.timeAndSpeed()}
      <div class="row jumps" role="group" aria-label=${t("watch.jump")}>
        ${this.keyButton(false)} ${this.pictureButton(false)} ${JUMPS.map((seconds) => this.jumpButton(seconds))}
        ${this.pictureButton(true)} ${this.keyButton(true)}
      </div>
      ${this.goToForm()}
      <div class="small" role="status">${this.said}</div>
      ${this.controls()} ${this.keysHelp()}
    `;
  }

  protected override render() {
    const { t } = this.context;
    return html`
      <p class="small soft">${t("watch.recorded")}</p>
      ${this.busy ? html`<p role="status">${t("common.loading")}</p>` : nothing}
      ${this.errorAlert()}
      ${this.error && !this.refused
        ? html`<p><button type="button" @click=${() => void this.open()}>${t("common.again")}</button></p>`
        : nothing}
      ${this.path ? html`${this.screen()}${this.below()}` : nothing}
    `;
  }
}

/** H.264 plays everywhere; H.265 only where the device has a decoder. */
export function playable(codec: string): boolean {
  return (
    codec !== "hevc" ||
    document.createElement("video").canPlayType('video/mp4; codecs="hvc1.1.6.L93.B0"') !== ""
  );
}
