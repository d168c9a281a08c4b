import { css, html, nothing } from "lit";

import { Part } from "./base";
import { styles } from "./styles";
import type { Key } from "./texts";

/** The frame of everything that plays: opened as soon as it is shown, with a second try, and the browser's own picture. */
export abstract class Player extends Part {
  static override properties = {
    ...Part.properties,
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
      video,
      ha-hls-player {
        aspect-ratio: 16 / 9;
        background: #000;
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 70vh;
      }
    `,
  ];

  declare cameraName: string;
  declare protected path: string;
  private openedFor = "";

  constructor() {
    super();
    this.path = "";
  }

  /** What plays; another one is opened anew. */
  protected abstract subject(): string;

  /** Ask for it and return where the picture is; throws when it cannot be shown. */
  protected abstract source(): Promise<string>;

  protected abstract label(): string;

  /** What to say when the picture breaks off, by the browser's own code. */
  protected abstract brokenWords(code: number | undefined): Key;

  protected override willUpdate(): void {
    const subject = this.subject();
    if (subject === this.openedFor) return;
    this.openedFor = subject;
    void this.open();
  }

  private async open(): Promise<void> {
    this.path = "";
    await this.attempt("open", async () => {
      this.path = await this.source();
      await this.updateComplete;
      // Browsers start a picture only once it is in sight, and people look for it where they pressed.
      this.scrollIntoView({ block: "nearest" });
    });
  }

  protected broken(event: Event): void {
    this.error = this.context.t(this.brokenWords((event.target as HTMLVideoElement).error?.code));
  }

  /** The picture shows another moment. */
  protected moved(): void {
    // Only who tells the time below the picture has something to do.
  }

  /** What belongs below the picture. */
  protected controls(): unknown {
    return nothing;
  }

  /** The cameras have no sound, and captions of a street do not exist. */
  protected picture(): unknown {
    return html`<video
      src=${this.path}
      controls
      autoplay
      muted
      playsinline
      disablepictureinpicture
      controlslist="nodownload noremoteplayback"
      aria-label=${this.label()}
      @timeupdate=${this.moved}
      @seeked=${this.moved}
      @error=${this.broken}
    ></video>`;
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
      ${this.path ? html`${this.picture()}${this.controls()}` : nothing}
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
