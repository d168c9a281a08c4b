import { html, nothing } from "lit";

import type { FilmOpened, Span } from "./api";
import { Player } from "./player";
import type { Key } from "./texts";

type Edge = "start" | "end";

/** A passage on a card: in and out to the second. */
export class NiizaCctvWatch extends Player {
  static override properties = {
    ...Player.properties,
    camera: { type: String },
    start: { type: String },
    end: { type: String },
    pick: { type: Boolean },
    kept: { type: Boolean },
  };

  /** Unique id of the camera. */
  declare camera: string;
  declare start: string;
  declare end: string;
  /** Whether start and end of a passage are being looked for. */
  declare pick: boolean;
  /** Whether the passage is preserved as well, so that it can be watched from there. */
  declare kept: boolean;

  constructor() {
    super();
    this.pick = false;
    this.kept = false;
  }

  /** Moving an edge while watching leaves the picture where it is. */
  protected override subject(): string {
    return this.camera;
  }

  protected override source(): Promise<FilmOpened> {
    return this.context.api.playback(this.camera, this.start, this.end);
  }

  protected override stood(): void {
    // Nobody approves what is on a card.
  }

  protected override span(): Span {
    return { start: this.start, end: this.end };
  }

  protected override label(): string {
    return this.context.t("watch.label", { camera: this.cameraName });
  }

  protected override unplayable(): Key {
    return this.kept ? "watch.cannot_play_kept" : "watch.cannot_play";
  }

  protected override brokenWords(code: number | undefined): Key {
    return code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED || code === MediaError.MEDIA_ERR_DECODE
      ? this.unplayable()
      : "watch.broken";
  }

  private pickEdge(edge: Edge): void {
    if (this.at) this.dispatchEvent(new CustomEvent("picked", { detail: { edge, at: this.at } }));
  }

  protected override controls(): unknown {
    return this.pick
      ? html`<div class="row">${(["start", "end"] as const).map((edge) => this.edgeButton(edge))}</div>`
      : nothing;
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
