import { css, html, nothing } from "lit";

import { Part } from "./base";
import { styles } from "./styles";
import { playable } from "./watch";

/** Footage that was preserved, from our own disk: what is approved is what one sees here. */
export class NiizaCctvSealed extends Part {
  static override properties = {
    ...Part.properties,
    clip: { type: String },
    cameraName: { type: String },
    path: { state: true },
  };

  static override styles = [
    styles,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      video {
        aspect-ratio: 16 / 9;
        background: #000;
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 70vh;
      }
    `,
  ];

  declare clip: string;
  declare cameraName: string;
  declare private path: string;
  private shownFor = "";

  constructor() {
    super();
    this.path = "";
  }

  protected override willUpdate(): void {
    if (this.clip !== this.shownFor) {
      this.shownFor = this.clip;
      void this.open();
    }
  }

  private async open(): Promise<void> {
    this.path = "";
    await this.attempt("open", async () => {
      const { path, codec } = await this.context.api.watchClip(this.clip);
      if (!playable(codec)) {
        this.error = this.context.t("watch.cannot_play_sealed");
        return;
      }
      this.path = path;
      await this.updateComplete;
      // People look for the picture where they pressed.
      this.scrollIntoView({ block: "nearest" });
    });
  }

  private broken(event: Event): void {
    const code = (event.target as HTMLVideoElement).error?.code;
    this.path = "";
    this.error = this.context.t(
      code === MediaError.MEDIA_ERR_DECODE ? "watch.cannot_play_sealed" : "watch.broken_sealed",
    );
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
      ${this.path
        ? html`<video
            src=${this.path}
            controls
            autoplay
            muted
            playsinline
            disablepictureinpicture
            controlslist="nodownload noremoteplayback"
            aria-label=${t("watch.label_sealed", { camera: this.cameraName })}
            @error=${this.broken}
          ></video>`
        : nothing}
    `;
  }
}
