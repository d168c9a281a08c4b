import { css, html, nothing } from "lit";

import { type Clip, DOMAIN, type Mask, type SealedMask } from "./api";
import { PANEL_PATH, Part } from "./base";
import { type Errand, withdrawalButtons, withdrawalNote } from "./case-cut";
import { styles } from "./styles";
import { textOr } from "./texts";

/** Where a clip is masked, or a masked clip looked at beside its source. */
export function maskPath(clip: string, item: string): string {
  // A clip is its case's number and one of its own.
  return `${PANEL_PATH}/mask/${clip.slice(0, clip.lastIndexOf("-"))}/${item}`;
}

/** One masked part of a clip: which part, what became of it, and a look at it. */
export class NiizaCctvCaseMask extends Part {
  static override properties = {
    ...Part.properties,
    mask: { attribute: false },
    clip: { attribute: false },
    paused: { type: Boolean },
    covered: { type: Boolean },
    playing: { type: Boolean },
    showing: { type: Boolean },
  };

  static override styles = [
    styles,
    css`
      :host {
        border-inline-start: 4px solid var(--divider-color);
        display: grid;
        gap: 8px;
        padding-inline-start: 16px;
      }
    `,
  ];

  declare mask: Mask;
  declare clip: Clip;
  declare paused: boolean;
  /** Whether a question lies over the page. */
  declare covered: boolean;
  declare playing: boolean;
  /** Whether it is being shown at the counter, or about to be. */
  declare showing: boolean;

  constructor() {
    super();
    this.paused = false;
    this.covered = false;
    this.playing = false;
    this.showing = false;
  }

  private errand(run: () => Promise<unknown>): void {
    const detail = { name: this.mask.mask, run };
    this.dispatchEvent(new CustomEvent<Errand>("errand", { detail, bubbles: true, composed: true }));
  }

  /** Why it was not made; what the message speaks of comes with it. */
  private trouble(key: string) {
    const { hass } = this.context;
    const words = hass.localize(`component.${DOMAIN}.exceptions.${key}.message`, this.mask.error_placeholders) || key;
    return html`<ha-alert alert-type="warning">${words}</ha-alert>`;
  }

  private facts(sealed: SealedMask) {
    const { t, clock } = this.context;
    const { file } = sealed;
    return html`<p>
        ${t("mask.passage", { start: clock.at(sealed.first_picture), end: clock.at(sealed.last_picture) })}
      </p>
      <p class="small">
        ${t("mask.facts", { pictures: sealed.pictures, revealed: sealed.revealed })}
        ${sealed.damaged ? t("mask.damaged", { count: sealed.damaged }) : nothing}
        <strong>${t("cut.not_original")}</strong>
      </p>
      <details>
        <summary class="small">${t("clip.hashes")}</summary>
        <dl class="small">
          <dt>${file.name}</dt>
          <dd class="mono">${t("clip.size", { mb: (file.size / 1e6).toFixed(1) })} ${file.sha256}</dd>
        </dl>
      </details>`;
  }

  private buttons() {
    const { t, api } = this.context;
    const { mask } = this;
    return html`<div class="row">
      ${mask.state === "sealed"
        ? html`<button
              aria-expanded=${this.playing}
              @click=${() => {
                this.playing = !this.playing;
              }}
            >
              <ha-icon icon=${this.playing ? "mdi:close" : "mdi:play-box-lock"}></ha-icon>${t(
                this.playing ? "watch.close" : "cut.watch",
              )}
            </button>
            ${reviewLink(this.context, this.clip.clip, mask.mask)}`
        : nothing}
      ${mask.offers.includes("show_at_counter")
        ? html`<button
            class="main"
            ?disabled=${this.paused}
            @click=${() => {
              this.playing = false;
              this.showing = true;
            }}
          >
            <ha-icon icon="mdi:monitor-eye"></ha-icon>${t("counter.show")}
          </button>`
        : nothing}
      ${mask.offers.includes("cancel_clip")
        ? html`<button
            ?disabled=${this.paused}
            @click=${() => {
              this.errand(() => api.cancelClip(mask.mask));
            }}
          >
            <ha-icon icon="mdi:cancel"></ha-icon>${t("mask.cancel")}
          </button>`
        : nothing}
      ${withdrawalButtons(
        t,
        { item: mask.mask, steps: mask.withdrawal_steps, withdrawal: mask.withdrawal },
        this.paused,
        (step) => {
          this.errand(() => api.withdrawClip(mask.mask, step));
        },
      )}
    </div>`;
  }

  protected override render() {
    const { t } = this.context;
    const { mask } = this;
    return html`<div class="row spread">
        <h4>${t("mask.name", { mask: mask.mask })}</h4>
        <span class="chip ${mask.state === "failed" ? "risk" : ""}">${textOr(t, `mask.${mask.state}`, mask.state)}</span>
      </div>
      ${mask.state === "requested"
        ? html`<progress max="100" .value=${mask.percent ?? 0} aria-label=${t("mask.requested")}></progress>`
        : nothing}
      ${mask.error ? this.trouble(mask.error) : nothing} ${mask.sealed ? this.facts(mask.sealed) : nothing}
      <p class="small">
        ${t("mask.looks", {
          fill: textOr(t, `mask.fill_${mask.fill}`, mask.fill),
          marking: mask.marking ?? t("mask.marking_none"),
        })}
      </p>
      ${withdrawalNote(this.context, mask.withdrawal, mask.state)} ${this.buttons()}
      ${this.playing && mask.state === "sealed"
        ? html`<niiza-cctv-sealed
            .context=${this.context}
            .clip=${mask.mask}
            .cameraName=${this.clip.camera_name}
            .covered=${this.covered}
            .through=${true}
          ></niiza-cctv-sealed>`
        : nothing}
      ${this.showing
        ? html`<niiza-cctv-counter-form
            .context=${this.context}
            .mask=${mask.mask}
            .cameraName=${this.clip.camera_name}
            @dismissed=${() => {
              this.showing = false;
            }}
          ></niiza-cctv-counter-form>`
        : nothing}`;
  }
}

/** To the masked clip beside its source, picture by picture. */
export function reviewLink({ t }: Part["context"], clip: string, mask: string) {
  return html`<a class="button" href=${maskPath(clip, mask)}
    ><ha-icon icon="mdi:compare"></ha-icon>${t("mask.review")}</a
  >`;
}
