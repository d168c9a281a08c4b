import { LitElement, type PropertyValues, css, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { BoardCamera, BoardSection } from "./api-types";
import { Card, ago, cardStyles, chosen, clockOf, pickerWord } from "./card";
import type { CardHass } from "./hass";
import { isFresh } from "./fresh";
import { homeAssistantsPlayer } from "./hls";
import { type Texts, textsOf } from "./texts";

/** How the picture is looked after (ms). */
const LOOK_EVERY = 1000;
/** A picture that has not moved for so long stands still, and is said to (the camera sends several a second). */
const STALLED_AFTER = 4000;
/** So long the first picture may take. */
const PATIENCE = 12_000;
/** Pauses between attempts, the longest last. */
const PAUSES = [1000, 3000, 6000, 10_000, 30_000];
const STILL_EVERY = 10_000;
/** After so many attempts without a picture there are stills in its place: some browsers do not play every camera's format. */
const STILLS_AFTER = 2;
/** More cameras than this on one page are shown as stills: each live picture costs a stream. */
const LIVE_UP_TO = 4;

export type Mode = "live" | "still";

export interface LiveConfig {
  type: string;
  title?: string;
  camera?: string;
  cameras?: string[];
  mode?: Mode;
  /** A board beside it says why there is nothing to be seen. */
  beside_board?: boolean;
}

/** What a tile says of its picture: nothing but "live" is of now. */
type Seen = "connecting" | "live" | "stalled" | "none";

/** One camera's picture: live, or a still with its age; it says so when it stands still, and starts again. */
export class NiizaCctvTile extends LitElement {
  static override properties = {
    hass: { attribute: false },
    camera: { attribute: false },
    section: { attribute: false },
    mode: { type: String },
    large: { type: Boolean },
    seen: { state: true },
    url: { state: true },
    picture: { state: true },
    failed: { state: true },
    now: { state: true },
    player: { state: true },
    open: { state: true },
  };

  static override styles = [
    cardStyles,
    css`
      .frame {
        aspect-ratio: 16 / 9;
        background: #000;
        border-radius: 10px;
        color: #fff;
        overflow: hidden;
        position: relative;
      }
      .picture,
      .picture > * {
        block-size: 100%;
        display: block;
        inline-size: 100%;
        object-fit: contain;
      }
      /* Until it moves, the still lies over it. */
      .picture {
        position: relative;
      }
      .picture > img {
        background: #000;
        inset: 0;
        position: absolute;
        z-index: 1;
      }
      /* What is not of now does not look like it. */
      .old {
        filter: grayscale(1) brightness(0.45);
      }
      .over {
        inset: 0;
        pointer-events: none;
        position: absolute;
        z-index: 2;
      }
      .name,
      .state {
        background: rgb(0 0 0 / 72%);
        border-radius: 6px;
        display: inline-flex;
        font-size: 0.9rem;
        gap: 6px;
        inset-inline-start: 8px;
        max-inline-size: calc(100% - 16px);
        padding: 1px 8px;
        position: absolute;
      }
      .name {
        inset-block-start: 8px;
        overflow-wrap: anywhere;
      }
      .state {
        align-items: center;
        inset-block-end: 8px;
      }
      .state.bad {
        background: #b3261e;
        font-weight: 500;
      }
      button.open {
        background: transparent;
        border: 0;
        border-radius: 10px;
        inset: 0;
        min-block-size: 0;
        position: absolute;
        z-index: 3;
      }
      button.open:focus-visible {
        outline-color: #fff;
        outline-offset: -6px;
      }
      dialog {
        background: #000;
        border: 0;
        block-size: 100dvb;
        color: #fff;
        inline-size: 100dvi;
        margin: 0;
        max-block-size: none;
        max-inline-size: none;
        padding: 0;
      }
      dialog[open] {
        display: grid;
        grid-template-rows: auto minmax(0, 1fr);
      }
      .bar {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        padding: 8px 12px;
      }
      .bar h3 {
        font-size: 1.2rem;
        margin-inline-end: auto;
        overflow-wrap: anywhere;
      }
      .bar button,
      .bar a.step {
        color: #fff;
      }
      .bar :focus-visible {
        outline-color: #fff;
      }
      :host([large]) .frame {
        aspect-ratio: auto;
        block-size: 100%;
        border-radius: 0;
      }
      :host([large]) {
        block-size: 100%;
        min-block-size: 0;
      }
    `,
  ];

  declare hass: CardHass;
  declare camera: BoardCamera;
  declare section: BoardSection | undefined;
  declare mode: Mode;
  /** Whether it fills the page; it opens nothing then. */
  declare large: boolean;
  declare private seen: Seen;
  declare private url: string;
  /** The still that is shown, and when it was taken. */
  declare private picture: { url: string; at: Date } | undefined;
  declare private failed: boolean;
  declare private now: Date;
  /** Whether Home Assistant's player has come. */
  declare private player: boolean;
  declare private open: boolean;

  private looking: ReturnType<typeof setInterval> | undefined;
  private inSight: IntersectionObserver | undefined;
  private sighted = false;
  /** What runs: the entity, and how it is shown. */
  private running = "";
  private asking = false;
  private tries = 0;
  /** When the picture moved last (0: it never did), where it is, and when it was asked for (ms). */
  private moved = 0;
  private position = -1;
  private asked = 0;
  private nextTry = 0;
  private nextStill = 0;

  constructor() {
    super();
    this.mode = "live";
    this.large = false;
    this.seen = "connecting";
    this.url = "";
    this.failed = false;
    this.now = new Date();
    this.player = false;
    this.open = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.looking = setInterval(this.look, LOOK_EVERY);
    if (typeof IntersectionObserver === "undefined") this.sighted = true;
    else {
      // What nobody sees costs nothing, and is nobody's viewing.
      this.inSight = new IntersectionObserver((entries) => {
        this.sighted = entries.at(-1)?.isIntersecting ?? false;
        this.look();
      });
      this.inSight.observe(this);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.looking);
    this.inSight?.disconnect();
    this.end();
    this.forget();
  }

  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    return changed.size > 1 || !changed.has("hass") || changed.get("hass")?.language !== this.hass.language;
  }

  private get t(): Texts {
    return textsOf(this.hass);
  }

  // --- Looking after it --------------------------------------------------------------------------------------------

  private readonly look = (): void => {
    this.now = new Date();
    const { entity_id: entity, alive } = this.camera;
    const wanted = entity && alive !== false && this.sighted && !document.hidden && !this.open;
    const runs = wanted ? `${this.mode} ${entity}` : "";
    if (runs !== this.running) {
      this.end();
      this.running = runs;
      this.tries = 0;
    }
    if (!wanted || this.asking) return;
    if (this.showsStills() && Date.now() >= this.nextStill) void this.takeStill(entity);
    else if (this.mode === "still") return;
    else if (this.url) this.watch();
    else if (Date.now() >= this.nextTry) void this.start(entity);
  };

  /** Whether stills stand in for a live picture that does not come, or were asked for. */
  private showsStills(): boolean {
    return this.mode === "still" || (this.tries >= STILLS_AFTER && this.seen !== "live");
  }

  /** Let go of what runs; the still stays, with its age. */
  private end(): void {
    this.url = "";
    this.seen = "connecting";
    this.nextTry = this.nextStill = this.moved = 0;
    this.position = -1;
  }

  private async start(entity: string): Promise<void> {
    const { running } = this;
    this.asking = true;
    try {
      this.player = await homeAssistantsPlayer();
      const { url } = await this.hass.connection.sendMessagePromise<{ url: string }>({
        type: "camera/stream",
        entity_id: entity,
        format: "hls",
      });
      const fresh = await isFresh(url);
      if (running !== this.running) return;
      if (!fresh) throw new Error("The stream has no picture of now");
      this.position = -1;
      this.asked = Date.now();
      this.url = url;
    } catch {
      if (running !== this.running) return;
      this.seen = this.moved ? "stalled" : "none";
      this.retry();
    } finally {
      this.asking = false;
    }
  }

  private retry(): void {
    this.url = "";
    this.nextTry = Date.now() + (PAUSES[Math.min(this.tries, PAUSES.length - 1)] ?? 0);
    this.tries += 1;
  }

  /** Home Assistant's player does not say how it goes, so its inside is looked into. */
  private video(): HTMLVideoElement | null {
    const own = this.renderRoot.querySelector<HTMLElement>("video, ha-hls-player");
    return own instanceof HTMLVideoElement ? own : (own?.shadowRoot?.querySelector("video") ?? null);
  }

  /** See whether the picture moves. */
  private watch(): void {
    const video = this.video();
    const at = video?.currentTime ?? -1;
    const time = Date.now();
    if (video) {
      video.disablePictureInPicture = true;
      video.disableRemotePlayback = true;
      if (video.paused && video.readyState > 2) video.play().catch(() => undefined);
    }
    if (at > 0 && at !== this.position) {
      // Its first place is no movement yet.
      if (this.position >= 0) {
        this.seen = "live";
        this.tries = 0;
        this.moved = time;
        this.forget();
      }
      this.position = at;
      return;
    }
    const patience = this.position < 0 ? PATIENCE : STALLED_AFTER;
    const waited = time - Math.max(this.moved, this.asked);
    if (waited < patience) return;
    this.seen = this.moved ? "stalled" : "none";
    // The frozen picture stays in sight for a moment, darkened.
    if (waited >= patience + LOOK_EVERY) this.retry();
  }

  private async takeStill(entity: string): Promise<void> {
    this.asking = true;
    this.nextStill = Date.now() + STILL_EVERY;
    try {
      // With the log-in of who looks: it is accounted for, and the token of a picture need not be renewed.
      const answer = await this.hass.fetchWithAuth(`/api/camera_proxy/${entity}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const picture = await answer.blob();
      this.forget();
      this.picture = { url: URL.createObjectURL(picture), at: new Date() };
      this.failed = false;
    } catch {
      this.failed = true;
    } finally {
      this.asking = false;
    }
  }

  private forget(): void {
    if (this.picture) URL.revokeObjectURL(this.picture.url);
    this.picture = undefined;
  }

  // --- The large picture -----------------------------------------------------------------------------------------

  private async enlarge(): Promise<void> {
    this.open = true;
    this.look();
    await this.updateComplete;
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  private closed(): void {
    this.open = false;
    this.look();
  }

  // --- What it shows -----------------------------------------------------------------------------------------------

  /** What stands over the picture: how it is, and whether that is bad. */
  private words(): [string, boolean] {
    const { t, camera, now } = this;
    if (camera.offline) return [t("board.live_offline"), false];
    if (!camera.entity_id) return [t("board.live_disabled"), true];
    if (camera.alive === false) return [t("board.live_dead"), true];
    const { picture, failed } = this;
    if (this.mode === "still" && !picture)
      return failed ? [t("board.still_none"), true] : [t("board.live_starting"), false];
    if (picture && this.showsStills()) {
      const taken = { ago: ago(t, picture.at, now) };
      if (failed) return [t("board.still_failed", taken), true];
      return [t(this.mode === "still" ? "board.still_of" : "board.still_instead", taken), false];
    }
    switch (this.seen) {
      case "live":
        return [t("board.live"), false];
      case "stalled":
        return [
          t("board.live_stalled", { seconds: Math.round((now.getTime() - this.moved) / 1000) }),
          true,
        ];
      case "none":
        return [t("board.live_no_picture"), true];
      default:
        return [t("board.live_starting"), false];
    }
  }

  private shownPicture() {
    const { camera } = this;
    if (this.picture && this.showsStills())
      return html`<img src=${this.picture.url} alt=${camera.name} />${this.url ? this.moving() : nothing}`;
    return this.url && this.mode === "live" ? this.moving() : nothing;
  }

  private moving() {
    const { camera } = this;
    return this.player
      ? html`<ha-hls-player
          .hass=${this.hass}
          .entityid=${camera.entity_id}
          .url=${this.url}
          .controls=${false}
          .muted=${true}
          .playsInline=${true}
          .autoPlay=${true}
        ></ha-hls-player>`
      : html`<video
          src=${this.url}
          autoplay
          muted
          playsinline
          disablepictureinpicture
          disableremoteplayback
          aria-label=${camera.name}
        ></video>`;
  }

  private frame() {
    const { t, camera } = this;
    const [text, bad] = this.words();
    return html`<div
      class="frame"
      @contextmenu=${(event: Event) => {
        event.preventDefault();
      }}
    >
      <div class="picture ${bad ? "old" : ""}">${this.shownPicture()}</div>
      ${this.large
        ? html`<niiza-cctv-overlay
            .text=${`${this.section?.user ?? ""} ${clockOf(this.hass, this.section).at(this.now)}`}
            .seconds=${Math.floor(this.now.getTime() / 1000)}
          ></niiza-cctv-overlay>`
        : nothing}
      <div class="over">
        ${this.large ? nothing : html`<span class="name">${camera.name}</span>`}
        <span class="state ${bad ? "bad" : ""}" role="status"
          ><ha-icon icon=${bad ? "mdi:alert" : this.picture ? "mdi:image" : "mdi:video"}></ha-icon
          >${text}</span
        >
      </div>
      ${this.large || !camera.entity_id
        ? nothing
        : html`<button
            type="button"
            class="open"
            aria-label=${t("board.enlarge", { camera: camera.name })}
            @click=${() => void this.enlarge()}
          ></button>`}
    </div>`;
  }

  protected override render() {
    const { t, camera, section } = this;
    return html`${this.frame()}
    ${this.open
      ? html`<dialog aria-label=${camera.name} @close=${this.closed}>
          <div class="bar">
            <h3>${camera.name}</h3>
            ${section?.cases
              ? html`<a class="step" href=${section.cases.path}
                  ><ha-icon icon="mdi:folder-lock"></ha-icon>${t("board.to_cases")}</a
                >`
              : nothing}
            <button
              type="button"
              @click=${() => {
                this.renderRoot.querySelector("dialog")?.close();
              }}
            >
              <ha-icon icon="mdi:close"></ha-icon>${t("board.close")}
            </button>
          </div>
          <niiza-cctv-tile .hass=${this.hass} .camera=${camera} .section=${section} mode="live" large></niiza-cctv-tile>
        </dialog>`
      : nothing}`;
  }
}

/** The pictures of one camera, of some, or of all of the section's, which come and go with it. */
export class NiizaCctvLive extends Card {
  static override properties = { ...Card.properties, config: { state: true } };

  static override styles = [
    cardStyles,
    css`
      h2 {
        font-size: 1.2rem;
        font-weight: 500;
        padding: 12px 16px 0;
      }
      .tiles {
        display: grid;
        gap: 12px;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr));
        padding: 12px;
      }
      .tiles.one {
        grid-template-columns: minmax(0, 1fr);
        padding: 0;
      }
    `,
  ];

  declare protected config: LiveConfig;

  constructor() {
    super();
    this.config = { type: "custom:niiza-cctv-live" };
  }

  static getStubConfig(): Omit<LiveConfig, "type"> {
    return {};
  }

  static getConfigForm() {
    const cameras = { filter: [{ integration: "niiza_cctv" }], entity: [{ domain: "camera" }] };
    return {
      schema: [
        { name: "title", selector: { text: {} } },
        { name: "cameras", selector: { device: { multiple: true, ...cameras } } },
        {
          name: "mode",
          selector: {
            select: {
              mode: "dropdown",
              options: [
                { value: "live", label: pickerWord("mode_live") },
                { value: "still", label: pickerWord("mode_still") },
              ],
            },
          },
        },
      ],
      computeLabel: ({ name }: { name: string }) => pickerWord(`option_${name}`),
    };
  }

  setConfig(config: LiveConfig): void {
    this.config = config;
  }

  getCardSize(): number {
    return 5;
  }

  getGridOptions() {
    return this.config.camera ? { columns: 6, min_columns: 4 } : { columns: "full", min_columns: 6 };
  }

  protected override isSilent(): boolean {
    return this.config.beside_board === true;
  }

  protected override content(): unknown {
    const { camera, cameras: named, mode, title } = this.config;
    const all = (this.shown?.cameras ?? []).filter(({ offline }) => !offline);
    const cameras = chosen(all, camera ?? named);
    if (!cameras.length)
      return this.says(this.t(camera ? "board.live_unknown" : all.length ? "board.none_chosen" : "board.none"));
    return html`
      ${title ? html`<h2>${title}</h2>` : nothing}
      <div class="tiles ${camera ? "one" : ""}">
        ${repeat(
          cameras,
          ({ id }) => id,
          (one) => html`<niiza-cctv-tile
            .hass=${this.hass}
            .camera=${one}
            .section=${this.shown?.section}
            mode=${mode ?? (cameras.length > LIVE_UP_TO ? "still" : "live")}
          ></niiza-cctv-tile>`,
        )}
      </div>
    `;
  }
}
