import { type PropertyValues, css, html, nothing } from "lit";

import type { Check, Result } from "./api";
import { Part } from "./base";
import { RESULT_ICONS, lookAt, resultWord } from "./check-shown";
import { draft, forget, keep, keepPicture, picture } from "./drafts";
import { reportFields, textArea, textField } from "./fields";
import { styles } from "./styles";
import { type Key, textOr } from "./texts";
import { shrink, takeBack, upload } from "./upload";

/** What somebody found: first whether it is in order, then whatever belongs to it. */
export class NiizaCctvCheckForm extends Part {
  static override properties = {
    ...Part.properties,
    check: { attribute: false },
    typed: { state: true },
    taken: { state: true },
    percent: { state: true },
  };

  static override styles = [
    styles,
    css`
      .look-at {
        background: color-mix(in srgb, var(--primary-color) 8%, transparent);
        border-radius: 12px;
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        padding: 12px 16px;
      }
      .look-at svg {
        align-self: start;
        block-size: auto;
        flex: none;
        inline-size: 168px;
      }
      .look-at > div {
        flex: 1 1 14rem;
      }
      /* By the letters' own colour and the card's: legible in the light and in the dark. */
      .look-at svg * {
        fill: none;
        stroke: currentColor;
        stroke-linecap: round;
        stroke-linejoin: round;
        stroke-width: 2;
      }
      .look-at svg .paper {
        fill: var(--card-background-color);
      }
      .look-at svg .full {
        fill: currentColor;
      }
      .look-at svg .shade {
        fill: color-mix(in srgb, currentColor 18%, var(--card-background-color));
      }
      .look-at svg .mark {
        stroke: var(--niiza-primary-letters, var(--primary-color));
        stroke-width: 3.5;
      }
      .look-at svg .dots {
        stroke-dasharray: 0 9;
        stroke-width: 6;
      }
      .look-at svg text {
        fill: currentColor;
        font: 700 9px var(--ha-font-family-body, sans-serif);
        stroke: none;
        text-anchor: middle;
      }
      .look-at svg text.small {
        font-size: 6.5px;
      }
      .look-at ol {
        list-style: decimal;
        padding-inline-start: 1.4em;
      }
      form {
        display: grid;
        gap: 16px;
      }
      .results {
        display: grid;
        gap: 8px;
        grid-template-columns: 1fr 1fr;
      }
      legend {
        /* Heard, not seen: there may be twenty of them below each other. */
        block-size: 1px;
        clip-path: inset(50%);
        inline-size: 1px;
        margin: 0;
        overflow: hidden;
        position: absolute;
        white-space: nowrap;
      }
      .results .choice {
        gap: 7px;
        min-block-size: 60px;
        padding-inline: 9px;
      }
      .results .choice.failed:has(:checked) {
        border-color: var(--error-color);
        box-shadow: inset 0 0 0 1px var(--error-color);
      }
      .camera {
        inline-size: 100%;
        position: relative;
      }
      .camera:focus-within {
        outline: 3px solid var(--niiza-primary-letters);
        outline-offset: 2px;
      }
      /* There for keyboards and screen readers; what is seen is its label. */
      .camera input:not([type="radio"], [type="checkbox"]) {
        block-size: 100%;
        cursor: pointer;
        inset: 0;
        min-block-size: 0;
        opacity: 0;
        padding: 0;
        position: absolute;
      }
      figure {
        display: grid;
        gap: 8px;
        margin: 0;
      }
      figure img {
        background: var(--divider-color);
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 320px;
        object-fit: contain;
      }
      button[type="submit"] {
        inline-size: 100%;
        min-block-size: 56px;
      }
      button.failed,
      button.failed:hover:not(:disabled) {
        background: var(--niiza-error-surface);
        border-color: var(--niiza-error-surface);
        color: #fff;
      }
    `,
  ];

  declare check: Check;
  declare private typed: Partial<Record<string, string>>;
  declare private taken: Blob | undefined;
  declare private percent: number;
  /** Under which the browser shows what was taken. */
  private shownAs = "";
  private checkId = "";

  constructor() {
    super();
    this.typed = {};
    this.percent = 0;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unshow();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("check") || this.check.id === this.checkId) return;
    this.checkId = this.check.id;
    this.typed = draft(this.draftName());
    this.taken = picture(this.draftName());
  }

  private draftName(): string {
    return `check/${this.checkId}`;
  }

  private unshow(): void {
    if (this.shownAs) URL.revokeObjectURL(this.shownAs);
    this.shownAs = "";
  }

  private setField(name: string, value: string): void {
    this.typed = { ...this.typed, [name]: value };
    keep(this.draftName(), this.typed);
  }

  private setPhoto(taken: Blob | undefined): void {
    this.unshow();
    this.taken = taken;
    keepPicture(this.draftName(), taken);
  }

  private async choosePhoto(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    // The same picture can be chosen again.
    input.value = "";
    if (file)
      await this.attempt("photo", async () => {
        this.setPhoto(await shrink(file));
      });
  }

  private discard(): void {
    forget(this.draftName());
    this.typed = {};
    this.setPhoto(undefined);
    this.error = "";
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!reportFields(event.target as HTMLFormElement)) return;
    const { check, taken, typed } = this;
    const { api, hass } = this.context;
    const result = typed.result as Result;
    const written = Object.fromEntries(["note", ...check.fields].map((name) => [name, typed[name]?.trim()]));
    this.percent = 0;
    const done = await this.attempt("send", async () => {
      const photo = taken && (await upload(hass, taken, (percent) => (this.percent = percent)));
      try {
        await api.recordCheck(check.id, result, written, photo);
      } catch (error) {
        if (photo) await takeBack(hass, photo);
        throw error;
      }
    });
    if (!done) {
      this.renderRoot.querySelector("ha-alert")?.scrollIntoView({ block: "nearest" });
      return;
    }
    this.discard();
    this.dispatchEvent(new CustomEvent<Result>("recorded", { detail: result }));
  }

  private choice(result: Result) {
    const { t } = this.context;
    return html`<label class="choice ${result}"
      ><input
        type="radio"
        name="result"
        .checked=${this.typed.result === result}
        ?disabled=${this.busy === "send"}
        @change=${() => {
          this.setField("result", result);
        }}
      /><ha-icon icon=${RESULT_ICONS[result]}></ha-icon>${resultWord(t, this.check.kind, result)}</label
    >`;
  }

  private photo() {
    const { t } = this.context;
    const { taken } = this;
    if (taken && !this.shownAs) this.shownAs = URL.createObjectURL(taken);
    return html`<figure>
      ${taken ? html`<img src=${this.shownAs} alt=${t("photo.taken", { size: Math.ceil(taken.size / 1000) })} />` : nothing}
      ${this.cameraButton()} ${taken ? this.removeButton() : nothing}
      <span class="soft small" id="photo-help">${t(this.check.photo ? "photo.wanted" : "photo.optional")}</span>
    </figure>`;
  }

  private cameraButton() {
    const { t } = this.context;
    const label = t(this.busy === "photo" ? "common.working" : this.taken ? "photo.again" : "photo.take");
    return html`<div class="button camera">
      <ha-icon icon="mdi:camera"></ha-icon>${label}
      <input
        type="file"
        accept="image/*"
        capture="environment"
        aria-label=${label}
        aria-describedby="photo-help"
        ?disabled=${Boolean(this.busy)}
        @change=${this.choosePhoto}
      />
    </div>`;
  }

  private removeButton() {
    return html`<button
      type="button"
      class="flat"
      ?disabled=${Boolean(this.busy)}
      @click=${() => {
        this.setPhoto(undefined);
      }}
    >
      <ha-icon icon="mdi:image-remove"></ha-icon>${this.context.t("photo.remove")}
    </button>`;
  }

  private field(name: string) {
    return {
      name,
      label: textOr(this.context.t, `fields.${name}`, name),
      disabled: this.busy === "send",
      value: this.typed[name] ?? "",
      setValue: (value: string) => {
        this.setField(name, value);
      },
    };
  }

  private textField(name: string) {
    const { t } = this.context;
    return textField(t, { ...this.field(name), help: textOr(t, `help.${name}`, "") });
  }

  private note(failed: boolean) {
    const { t } = this.context;
    return textArea(t, { ...this.field("note"), required: failed, help: failed ? t("checks.note_help") : "" });
  }

  private progress() {
    const { t } = this.context;
    const { percent } = this;
    if (this.busy !== "send" || !this.taken) return nothing;
    return html`<div>
      <progress max="100" .value=${percent} aria-label=${t("photo.sending")}>${percent}%</progress>
      <p class="small" role="status">${t("photo.sent", { percent })}</p>
    </div>`;
  }

  private sendWords(failed: boolean): Key {
    if (this.busy === "send") return "common.working";
    if (this.error && !this.refused) return "checks.send_again";
    return failed ? "checks.send_failed" : "checks.send_passed";
  }

  /** What belongs to a result. */
  private rest(result: Result) {
    const { t } = this.context;
    const failed = result === "failed";
    return html`
      ${this.photo()} ${this.check.fields.map((name) => this.textField(name))} ${this.note(failed)}
      ${this.progress()} ${this.errorAlert()}
      <div>
        <button type="submit" class=${failed ? "failed" : "main"} ?disabled=${Boolean(this.busy)}>
          <ha-icon icon=${RESULT_ICONS[result]}></ha-icon>${t(this.sendWords(failed))}
        </button>
        <button type="button" class="flat" ?disabled=${Boolean(this.busy)} @click=${this.discard}>
          ${t("common.back")}
        </button>
      </div>
    `;
  }

  protected override render() {
    const { t } = this.context;
    const result = this.typed.result as Result | undefined;
    return html`<form novalidate @submit=${this.submit}>
      ${lookAt(this.context, this.check)}
      <fieldset>
        <legend>${t("checks.result", { name: this.check.name, object: this.check.object.name })}</legend>
        <div class="results">${this.choice("passed")} ${this.choice("failed")}</div>
      </fieldset>
      ${result ? this.rest(result) : nothing}
    </form>`;
  }
}
