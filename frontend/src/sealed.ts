import type { FilmOpened, Span } from "./api";
import { Player } from "./player";
import type { Key } from "./texts";

/** Footage that was preserved, from our own disk: what is approved is what one sees here. */
export class NiizaCctvSealed extends Player {
  static override properties = { ...Player.properties, clip: { type: String } };

  declare clip: string;
  private reaches: Span = { start: "", end: "" };

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
}
