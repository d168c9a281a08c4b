import { type PropertyValues, css, html, nothing } from "lit";

import type { Released } from "./api";
import { Part, copy } from "./base";
import { styles } from "./styles";

/** A package that was made just now: its passphrase, shown this one time, and its download, which works once. */
export class NiizaCctvCasePackage extends Part {
  static override properties = {
    ...Part.properties,
    released: { attribute: false },
    downloaded: { state: true },
    copied: { state: true },
  };

  static override styles = [
    styles,
    css`
      .passphrase {
        border: 2px solid var(--primary-color);
        border-radius: 12px;
        font-size: 1.4rem;
        padding: 12px 16px;
        user-select: all;
      }
    `,
  ];

  declare released: Released;
  declare private downloaded: boolean;
  declare private copied: string;

  constructor() {
    super();
    this.downloaded = false;
    this.copied = "";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("released")) return;
    this.downloaded = false;
    this.copied = "";
  }

  protected override updated(changed: PropertyValues<this>): void {
    // The form that asked for it is gone, and the focus with it.
    if (changed.has("released")) this.renderRoot.querySelector<HTMLElement>("#package")?.focus();
  }

  private async copyPassphrase(passphrase: string): Promise<void> {
    this.copied = this.context.t((await copy(passphrase)) ? "release.copied" : "release.not_copied");
  }

  private markDownloaded(): void {
    // The click itself still follows the link.
    setTimeout(() => {
      this.downloaded = true;
    });
  }

  private passphrase(passphrase: string) {
    const { t } = this.context;
    return html`<ha-alert alert-type="warning">${t("release.passphrase_warning")}</ha-alert>
      <p></p>
      <p class="passphrase mono" aria-label=${t("release.passphrase")}>${passphrase}</p>
      <p class="row">
        <button @click=${() => void this.copyPassphrase(passphrase)}>
          <ha-icon icon="mdi:content-copy"></ha-icon>${t("release.copy")}
        </button>
        <span role="status">${this.copied}</span>
      </p>`;
  }

  private download({ link, file, expires }: Released) {
    const { t, clock } = this.context;
    if (this.downloaded) return html`<p>${t("release.downloaded")}</p>`;
    return html`<p class="row">
      <a class="button main" href=${link} download @click=${this.markDownloaded}
        ><ha-icon icon="mdi:download"></ha-icon>${t("release.download", { name: file.name })}</a
      >
      <span>${t("release.once", { at: clock.at(expires) })} ${t("release.anyone")}</span>
    </p>`;
  }

  protected override render() {
    const { t } = this.context;
    const { released } = this;
    return html`<ha-card id="package" tabindex="-1" role="region" aria-labelledby="package-heading">
      <h2 id="package-heading">${t("release.heading")}</h2>
      ${released.passphrase ? this.passphrase(released.passphrase) : nothing} ${this.download(released)}
      <dl class="small">
        <dt>SHA-256</dt>
        <dd class="mono">${released.file.sha256}</dd>
      </dl>
    </ha-card>`;
  }
}
