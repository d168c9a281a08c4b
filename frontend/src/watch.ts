import { css, html, nothing } from "lit";

import type { Span } from "./api";
import { Part } from "./base";
import { bar } from "./shown";
import { styles } from "./styles";
import type { Key } from "./texts";
import { type Moments, momentAt, momentsOf, offsetOf } from "./playlist";

const HLS = "application/vnd.apple.mpegurl";
const JUMPS = [-60, -10, -1, 1, 10, 60];
const SPEEDS = [0.5, 1, 2, 4];

/** A passage to watch: the picture, the true time below it, gaps as gaps, in and out to the second. */
export class NiizaCctvWatch extends Part {
  static override properties = {
    ...Part.properties,
    camera: { type: String },
    cameraName: { type: String },
    start: { type: String },
    end: { type: String },
    gaps: { state: true },
    pick: { type: Boolean },
    kept: { type: Boolean },
    path: { state: true },
    at: { state: true },
    fallback: { state: true },
  };

  static override styles = [
    styles,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      video,
      ha-hls-player {
        aspect-ratio: 16 / 9;
        background: #000;
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 70vh;
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

  /** Unique id of the camera. */
  declare camera: string;
  declare cameraName: string;
  declare start: string;
  declare end: string;
  declare private gaps: Span[];
  /** Whether start and end of a passage are being looked for. */
  declare pick: boolean;
  /** Whether the passage is preserved as well, so that it can be watched from there. */
  declare kept: boolean;
  declare private path: string;
  declare private at: Date | null;
  declare private fallback: boolean;
  private moments: Moments = [];
  private shownFor = "";

  constructor() {
    super();
    this.gaps = [];
    this.pick = false;
    this.kept = false;
    this.path = "";
    this.at = null;
    this.fallback = false;
  }

  protected override willUpdate(): void {
    // Moving an edge while watching leaves the picture where it is.
    if (this.camera !== this.shownFor) {
      this.shownFor = this.camera;
      void this.open();
    }
  }

  private async open(): Promise<void> {
    this.path = "";
    await this.attempt("open", async () => {
      const { url, codec, gaps } = await this.context.api.playback(
        this.camera,
        this.start,
        this.end,
      );
      if (codec && !playable(codec)) {
        this.error = this.context.t(this.unplayable());
        return;
      }
      const answer = await fetch(url);
      if (!answer.ok) {
        this.error = this.context.t("watch.refused", { status: answer.status });
        return;
      }
      this.moments = momentsOf(await answer.text());
      if (!document.createElement("video").canPlayType(HLS)) {
        this.fallback = await homeAssistantsPlayer();
        if (!this.fallback) {
          this.error = this.context.t("watch.no_hls");
          return;
        }
      }
      this.gaps = gaps;
      this.path = url;
      await this.updateComplete;
      // Browsers start a picture only once it is in sight, and people look for it where they pressed.
      this.scrollIntoView({ block: "nearest" });
    });
  }

  private video(): HTMLVideoElement | null {
    const own = this.renderRoot.querySelector<HTMLElement>("video, ha-hls-player");
    return own instanceof HTMLVideoElement ? own : (own?.shadowRoot?.querySelector("video") ?? null);
  }

  private tick(): void {
    const video = this.video();
    if (video) this.at = momentAt(this.moments, video.currentTime);
  }

  private jump(seconds: number): void {
    const video = this.video();
    if (!video) return;
    video.currentTime = Math.max(0, video.currentTime + seconds);
  }

  /** Go where somebody pointed in the drawn passage. */
  private seek(event: PointerEvent): void {
    const video = this.video();
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const from = new Date(this.start).getTime();
    const to = new Date(this.end).getTime();
    if (!video || !box.width) return;
    const wanted = new Date(from + ((to - from) * (event.clientX - box.left)) / box.width);
    video.currentTime = offsetOf(this.moments, wanted);
  }

  private unplayable(): Key {
    return this.kept ? "watch.cannot_play_kept" : "watch.cannot_play";
  }

  private broken(): void {
    const code = this.video()?.error?.code;
    this.error = this.context.t(
      code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED || code === MediaError.MEDIA_ERR_DECODE
        ? this.unplayable()
        : "watch.broken",
    );
  }

  private pickEdge(edge: "start" | "end"): void {
    if (this.at)
      this.dispatchEvent(new CustomEvent("picked", { detail: { edge, at: this.at } }));
  }

  private player() {
    if (!this.path) return nothing;
    // The cameras have no sound, and captions of a street do not exist.
    return this.fallback
      ? html`<ha-hls-player
          .hass=${this.context.hass}
          .url=${this.path}
          .controls=${true}
          .muted=${true}
          .playsInline=${true}
          .autoPlay=${true}
        ></ha-hls-player>`
      : html`<video
          src=${this.path}
          controls
          autoplay
          muted
          playsinline
          disablepictureinpicture
          controlslist="nodownload noremoteplayback"
          aria-label=${this.context.t("watch.label", { camera: this.cameraName })}
          @timeupdate=${this.tick}
          @seeked=${this.tick}
          @error=${this.broken}
        ></video>`;
  }

  protected override render() {
    const { t, clock } = this.context;
    const span = { start: this.start, end: this.end };
    return html`
      <p class="small soft">${t("watch.recorded")}</p>
      ${this.busy ? html`<p role="status">${t("common.loading")}</p>` : nothing}
      ${this.error
        ? html`${this.errorAlert()}
            ${this.refused
              ? nothing
              : html`<p><button type="button" @click=${() => void this.open()}>${t("common.again")}</button></p>`}`
        : nothing}
      ${this.player()}
      ${this.path
        ? html`
            <div @pointerdown=${this.seek}>
              ${bar(t, span, this.gaps, this.at?.toISOString())}
            </div>
            <div class="row spread">
              <span class="time">${this.at ? clock.at(this.at) : "–"}</span>
              <span class="row">
                <label for="speed">${t("watch.speed")}</label>
                <select
                  id="speed"
                  @change=${(event: Event) => {
                    const video = this.video();
                    if (video) video.playbackRate = Number((event.target as HTMLSelectElement).value);
                  }}
                >
                  ${SPEEDS.map((speed) => html`<option value=${speed} ?selected=${speed === 1}>×${speed}</option>`)}
                </select>
              </span>
            </div>
            <div class="row jumps" role="group" aria-label=${t("watch.jump")}>
              ${JUMPS.map(
                (seconds) =>
                  html`<button
                    type="button"
                    @click=${() => {
                      this.jump(seconds);
                    }}
                  >
                    ${t("watch.seconds", { seconds: `${seconds < 0 ? "−" : "+"}${Math.abs(seconds)}` })}
                  </button>`,
              )}
            </div>
            ${this.pick
              ? html`<div class="row">
                  ${(["start", "end"] as const).map(
                    (edge) =>
                      html`<button
                        type="button"
                        ?disabled=${!this.at}
                        @click=${() => {
                          this.pickEdge(edge);
                        }}
                      >
                        <ha-icon icon=${edge === "start" ? "mdi:ray-start-arrow" : "mdi:ray-end"}></ha-icon>
                        ${t(edge === "start" ? "watch.take_start" : "watch.take_end")}
                      </button>`,
                  )}
                </div>`
              : nothing}
          `
        : nothing}
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
