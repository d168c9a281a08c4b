import { Player, playable } from "./player";
import { type Key, UserError } from "./texts";

/** Footage that was preserved, from our own disk: what is approved is what one sees here. */
export class NiizaCctvSealed extends Player {
  static override properties = { ...Player.properties, clip: { type: String } };

  declare clip: string;

  protected override subject(): string {
    return this.clip;
  }

  protected override async source(): Promise<string> {
    const { path, codec } = await this.context.api.watchClip(this.clip);
    if (!playable(codec)) throw new UserError("watch.cannot_play_sealed");
    return path;
  }

  protected override label(): string {
    return this.context.t("watch.label_sealed", { camera: this.cameraName });
  }

  protected override broken(event: Event): void {
    super.broken(event);
    // Its link may have run out: there is nothing to be seen before it is opened again.
    this.path = "";
  }

  protected override brokenWords(code: number | undefined): Key {
    return code === MediaError.MEDIA_ERR_DECODE ? "watch.cannot_play_sealed" : "watch.broken_sealed";
  }
}
