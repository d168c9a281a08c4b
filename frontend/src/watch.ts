import { css, html, nothing } from "lit";

import type { Span } from "./api";
import { Player, playable } from "./player";
import { type Moments, momentAt, momentsOf, offsetOf } from "./playlist";
import { bar } from "./shown";
import { type Key, UserError } from "./texts";

const HLS = "application/vnd.apple.mpegurl";
const JUMPS = [-60, -10, -1, 1, 10, 60];
const SPEEDS = [0.5, 1, 2, 4];

type Edge = "start" | "end";

/** A passage on a card to watch: the true time below the picture, gaps as gaps, in and out to the second. */
export class NiizaCctvWatch extends Player {
  static override properties = {
    ...Player.properties,
    camera: { type: String },
    start: { type: String },
    end: { type: String },
    pick: { type: Boolean },
    kept: { type: Boolean },
    gaps: { state: true },
    at: { state: true },
    fallback: { state: true },
  };

  static override styles = [
    ...Player.styles,
    css`
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

  /** Unique id of the camera. */
  declare camera: string;
  declare start: string;
  declare end: string;
  /** Whether start and end of a passage are being looked for. */
  declare pick: boolean;
  /** Whether the passage is preserved as well, so that it can be watched from there. */
  declare kept: boolean;
  declare private gaps: Span[];
  declare private at: Date | null;
  /** Whether Home Assistant's own player shows it, in a browser without HLS. */
  declare private fallback: boolean;
  private moments: Moments = [];

  constructor() {
    super();
    this.gaps = [];
    this.pick = false;
    this.kept = false;
    this.at = null;
    this.fallback = false;
  }

  /** Moving an edge while watching leaves the picture where it is. */
  protected override subject(): string {
    return this.camera;
  }

  protected override async source(): Promise<string> {
    const { url, codec, gaps } = await this.context.api.playback(this.camera, this.start, this.end);
    if (codec && !playable(codec)) throw new UserError(this.unplayable());
    const answer = await fetch(url);
    if (!answer.ok) throw new UserError("watch.refused", { status: answer.status });
    this.moments = momentsOf(await answer.text());
    if (!document.createElement("video").canPlayType(HLS)) {
      this.fallback = await homeAssistantsPlayer();
      if (!this.fallback) throw new UserError("watch.no_hls");
    }
    this.gaps = gaps;
    return url;
  }

  protected override label(): string {
    return this.context.t("watch.label", { camera: this.cameraName });
  }

  private unplayable(): Key {
    return this.kept ? "watch.cannot_play_kept" : "watch.cannot_play";
  }

  protected override brokenWords(code: number | undefined): Key {
    return code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED || code === MediaError.MEDIA_ERR_DECODE
      ? this.unplayable()
      : "watch.broken";
  }

  /**
   * The picture itself. Home Assistant's player neither tells where it is nor can be sent anywhere, so its inside is looked
   * into: the one place where this panel does so.
   */
  private video(): HTMLVideoElement | null {
    const own = this.renderRoot.querySelector<HTMLElement>("video, ha-hls-player");
    return own instanceof HTMLVideoElement ? own : (own?.shadowRoot?.querySelector("video") ?? null);
  }

  protected override moved(): void {
    const video = this.video();
    if (video) this.at = momentAt(this.moments, video.currentTime);
  }

  private jump(seconds: number): void {
    const video = this.video();
    if (video) video.currentTime = Math.max(0, video.currentTime + seconds);
  }

  /** Go where somebody pointed in the drawn passage. */
  private seek(event: PointerEvent): void {
    const video = this.video();
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    if (!video || !box.width) return;
    const from = new Date(this.start).getTime();
    const to = new Date(this.end).getTime();
    const wanted = new Date(from + ((to - from) * (event.clientX - box.left)) / box.width);
    video.currentTime = offsetOf(this.moments, wanted);
  }

  private setSpeed(event: Event): void {
    const video = this.video();
    if (video) video.playbackRate = Number((event.target as HTMLSelectElement).value);
  }

  private pickEdge(edge: Edge): void {
    if (this.at) this.dispatchEvent(new CustomEvent("picked", { detail: { edge, at: this.at } }));
  }

  protected override picture(): unknown {
    if (!this.fallback) return super.picture();
    return html`<ha-hls-player
      .hass=${this.context.hass}
      .url=${this.path}
      .controls=${true}
      .muted=${true}
      .playsInline=${true}
      .autoPlay=${true}
    ></ha-hls-player>`;
  }

  protected override controls(): unknown {
    const { t } = this.context;
    const span = { start: this.start, end: this.end };
    return html`
      <div @pointerdown=${this.seek}>${bar(t, span, this.gaps, this.at?.toISOString())}</div>
      ${this.timeAndSpeed()}
      <div class="row jumps" role="group" aria-label=${t("watch.jump")}>
        ${JUMPS.map((seconds) => this.jumpButton(seconds))}
      </div>
      ${this.pick
        ? html`<div class="row">${(["start", "end"] as const).map((edge) => this.edgeButton(edge))}</div>`
        : nothing}
    `;
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

  private edgeButton(edge: Edge) {
    return html`<button
      type="button"
      ?disabled=${!this.at}
      @click=${() => {
        this.pickEdge(edge);
      }}
    >
      <ha-icon icon=${edge === "start" ? "mdi:ray-start-arrow" : "mdi:ray-end"}></ha-icon>
      ${this.context.t(edge === "start" ? "watch.take_start" : "watch.take_end")}
    </button>`;
  }
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
