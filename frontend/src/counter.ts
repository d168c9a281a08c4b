import type { PropertyValues } from "lit";
import { css, html } from "lit";

import type { CounterOpened, FilmOpened, ShownTo, Span } from "./api";
import { Part } from "./base";
import { clearComplaints, reportFields, requiredMark, textArea } from "./fields";
import { Player } from "./player";
import { styles } from "./styles";
import type { Key } from "./texts";

const SHOWN_TO: readonly ShownTo[] = ["requester", "representative"];

/** Masked footage on the section's screen: nothing to take away, and a way to end it that nobody misses. */
export class NiizaCctvCounter extends Player {
  static override properties = { ...Player.properties, opened: { attribute: false } };

  static override styles = [
    ...Player.styles,
    css`
      .end {
        font-size: 1.3rem;
        min-block-size: 64px;
      }
    `,
  ];

  declare opened: CounterOpened;

  protected override subject(): string {
    return String(this.opened.showing);
  }

  protected override source(): Promise<FilmOpened> {
    return Promise.resolve(this.opened);
  }

  protected override span(): Span {
    return this.opened;
  }

  protected override label(): string {
    return this.context.t("counter.label", { camera: this.cameraName });
  }

  protected override unplayable(): Key {
    return "watch.cannot_play_sealed";
  }

  protected override brokenWords(): Key {
    return "counter.broken";
  }

  protected override stood(): void {
    // The server records what it served.
  }

  protected override controls(): unknown {
    return html`<button
      type="button"
      class="danger end"
      @click=${() => {
        this.dispatchEvent(new CustomEvent("ended"));
      }}
    >
      <ha-icon icon="mdi:stop-circle"></ha-icon>${this.context.t("counter.end")}
    </button>`;
  }
}

/** Who sees it and who is there, and then the showing itself, over all of the page. */
export class NiizaCctvCounterForm extends Part {
  static override properties = {
    ...Part.properties,
    mask: { type: String },
    cameraName: { type: String },
    opened: { state: true },
    shownTo: { state: true },
    present: { state: true },
  };

  static override styles = [
    styles,
    css`
      form {
        display: grid;
        gap: 16px;
      }
      form > .row {
        justify-content: flex-end;
      }
      dialog {
        background: var(--card-background-color);
        block-size: 100dvh;
        border: 0;
        box-sizing: border-box;
        color: inherit;
        inline-size: 100vw;
        max-block-size: none;
        max-inline-size: none;
        overflow: auto;
        padding: 16px;
      }
    `,
  ];

  declare mask: string;
  declare cameraName: string;
  declare private opened: CounterOpened | undefined;
  declare private shownTo: ShownTo | "";
  declare private present: string;

  constructor() {
    super();
    this.shownTo = "";
    this.present = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    void this.end();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const dialog = this.renderRoot.querySelector("dialog");
    if (dialog && !dialog.open) dialog.showModal();
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!(event.target as HTMLFormElement).reportValidity() || !reportFields(this.renderRoot, {})) return;
    const { shownTo, present } = this;
    if (!shownTo) return;
    await this.attempt("open", async () => {
      this.opened = await this.context.api.openCounter(this.mask, shownTo, present.trim());
    });
  }

  /** The server ends it by itself when nobody can say so. */
  private async end(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    if (opened) await this.context.api.endCounter(opened.showing).catch(() => undefined);
  }

  private async dismiss(): Promise<void> {
    await this.end();
    this.dispatchEvent(new CustomEvent("dismissed"));
  }

  private form() {
    const { t } = this.context;
    return html`<niiza-cctv-dialog .heading=${t("counter.heading", { mask: this.mask })} @dismissed=${() => void this.dismiss()}>
      <form @submit=${(event: Event) => void this.submit(event)}>
        <p>${t("counter.recorded")}</p>
        <fieldset>
          <legend>${t("counter.shown_to")} ${requiredMark(t)}</legend>
          <div class="choices">
            ${SHOWN_TO.map(
              (one) =>
                html`<label class="choice"
                  ><input
                    type="radio"
                    name="shown_to"
                    required
                    .checked=${this.shownTo === one}
                    @change=${() => {
                      this.shownTo = one;
                    }}
                  />${t(`counter.${one}`)}</label
                >`,
            )}
          </div>
        </fieldset>
        ${textArea(t, {
          name: "present",
          label: t("fields.present"),
          required: true,
          value: this.present,
          setValue: (value: string) => {
            this.present = value;
            clearComplaints(this.renderRoot);
          },
        })}
        ${this.errorAlert()}
        <div class="row">
          <button type="button" class="flat" ?disabled=${Boolean(this.busy)} @click=${() => void this.dismiss()}>
            ${t("common.back")}
          </button>
          <button type="submit" class="main" ?disabled=${Boolean(this.busy)}>
            <ha-icon icon="mdi:monitor-eye"></ha-icon>${t(this.busy ? "common.working" : "counter.begin")}
          </button>
        </div>
      </form>
    </niiza-cctv-dialog>`;
  }

  protected override render() {
    if (!this.opened) return this.form();
    return html`<dialog aria-label=${this.context.t("counter.heading", { mask: this.mask })} @close=${() => void this.dismiss()}>
      <niiza-cctv-counter
        .context=${this.context}
        .opened=${this.opened}
        .cameraName=${this.cameraName}
        @ended=${() => void this.dismiss()}
      ></niiza-cctv-counter>
    </dialog>`;
  }
}
