import { css, html, nothing } from "lit";

import type { FilmOpened, Span } from "./api";
import { Part } from "./base";
import { type Moments, momentAt, momentsOf, offsetOf } from "./playlist";
import { bar } from "./shown";
import { styles } from "./styles";
import { type Key, UserError } from "./texts";

const HLS = "application/vnd.apple.mpegurl";
const JUMPS = [-60, -10, -1, 1, 10, 60];
const SPEEDS = [0.5, 1, 2, 4];
const LOOK_MS = 500;

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
      .strip input {
        accent-color: var(--primary-color);
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
      select {
        inline-size: auto;
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
    await this.attempt("open", async () => {
      const { url, codec, gaps } = await this.source();
      if (codec && !playable(codec)) throw new UserError(this.unplayable());
      const answer = await fetch(url);
      if (!answer.ok) throw new UserError("watch.refused", { status: answer.status });
      this.moments = momentsOf(await answer.text());
      if (!document.createElement("video").canPlayType(HLS)) {
        this.fallback = await homeAssistantsPlayer();
        if (!this.fallback) throw new UserError("watch.no_hls");
      }
      this.gaps = gaps;
      this.path = url;
      await this.updateComplete;
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
  private video(): HTMLVideoElement | null {
    const own = this.renderRoot.querySelector<HTMLElement>("video, ha-hls-player");
    return own instanceof HTMLVideoElement ? own : (own?.shadowRoot?.querySelector("video") ?? null);
  }

  /** The clock on the wall goes on while the picture stands. */
  private look = (): void => {
    if (!this.path) return;
    this.now = new Date();
    this.moved();
  };

  private moved(): void {
    const video = this.video();
    if (!video) return;
    // Of Home Assistant's player, too.
    video.disablePictureInPicture = true;
    video.disableRemotePlayback = true;
    this.playing = !video.paused;
    this.at = momentAt(this.moments, video.currentTime);
  }

  private jump(seconds: number): void {
    const video = this.video();
    if (video) video.currentTime = Math.max(0, video.currentTime + seconds);
  }

  private toggle(): void {
    const video = this.video();
    if (!video) return;
    if (video.paused) void video.play();
    else video.pause();
    this.playing = !video.paused;
  }

  private seek(offset: number): void {
    const video = this.video();
    if (video) video.currentTime = offset;
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

  private setSpeed(event: Event): void {
    const video = this.video();
    if (video) video.playbackRate = Number((event.target as HTMLSelectElement).value);
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

  /** The cameras have no sound, and captions of a street do not exist. */
  private picture() {
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
          @error=${this.broken}
        ></video>`;
  }

  private screen() {
    const { clock, info } = this.context;
    return html`<div
      class="screen"
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
        ${this.picture()}
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
    const last = this.moments.at(-1);
    return html`<div class="strip">
      <button type="button" aria-label=${t(this.playing ? "watch.pause" : "watch.play")} @click=${this.toggle}>
        <ha-icon icon=${this.playing ? "mdi:pause" : "mdi:play"}></ha-icon>
      </button>
      <input
        type="range"
        min="0"
        max=${last ? last.offset + last.length : 0}
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
      <span class="time">${this.at ? clock.at(this.at) : "–"}</span>
      <span class="row">
        <label for="speed">${t("watch.speed")}</label>
        <select id="speed" @change=${this.setSpeed}>
          ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === 1}>×${speed}</option>`)}
        </select>
      </span>
    </div>`;
  }

  private jumpButton(seconds: number) {
    return html`<button
      type="button"
      @click=${() => {
        this.jump(seconds);
      }}
    >
      ${this.context.t("watch.seconds", { seconds: `${seconds < 0 ? "−" : "+"}${Math.abs(seconds)}` })}
    </button>`;
  }

  private below() {
    const { t } = this.context;
    return html`
      <div @pointerdown=${this.point}>${bar(t, this.span(), this.gaps, this.at?.toISOString())}</div>
      ${this.timeAndSpeed()}
      <div class="row jumps" role="group" aria-label=${t("watch.jump")}>
        ${JUMPS.map((seconds) => this.jumpButton(seconds))}
      </div>
      ${this.controls()}
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

/** Have Home Assistant load its own player, for browsers without HLS; false when it does not come. */
async function homeAssistantsPlayer(): Promise<boolean> {
  if (customElements.get("ha-hls-player")) return true;
  const helpers = (window as { loadCardHelpers?: () => Promise<{ createCardElement(config: object): unknown }> })
    .loadCardHelpers;
  // Its picture card brings the player along.
  (await helpers?.())?.createCardElement({ type: "picture-entity", entity: "camera.none" });
  return Promise.race([
    customElements.whenDefined("ha-hls-player").then(() => true),
    new Promise<boolean>((resolve) => setTimeout(resolve, 5000, false)),
  ]);
}
