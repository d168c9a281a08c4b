import { css, html, nothing } from "lit";

import { Part } from "./base";
import { styles } from "./styles";
import { textOr } from "./texts";
import { withSeconds } from "./time";

type Typed = Partial<Record<string, string>>;
type Footage = Record<string, string | boolean | number | undefined>;

const HASH = "[0-9A-Fa-f]{64}";

/** Footage that two people took at the camera itself: what was taken, on what, by whom; or that there was none. */
export class NiizaCctvByHand extends Part {
  static override properties = { ...Part.properties, typed: { attribute: false } };
  static override styles = [
    styles,
    css`
      :host {
        display: grid;
        gap: 16px;
      }
    `,
  ];

  declare typed: Typed;

  constructor() {
    super();
    this.typed = {};
  }

  /** What the action takes; null while something is missing or wrong, with the browser's own message at that field. */
  read(): Footage | null {
    const { t } = this.context;
    const root = this.renderRoot;
    const fields = [...root.querySelectorAll<HTMLInputElement>("input, select, textarea")];
    for (const field of fields) field.setCustomValidity("");
    const [start, end] = [this.text("start"), this.text("end")].map(withSeconds) as [string, string];
    if (start && end && start >= end)
      root.querySelector<HTMLInputElement>("#end")?.setCustomValidity(t("find.end_first"));
    if (!fields.every((field) => field.reportValidity())) return null;
    const found = this.found();
    const offset = this.text("clock_offset");
    return {
      camera: this.text("camera"),
      start,
      end,
      second_person: this.text("second_person"),
      found,
      note: this.text("note"),
      clock_offset: offset ? Number(offset) : undefined,
      ...(found
        ? {
            medium: this.text("medium"),
            medium_serial: this.text("medium_serial"),
            sha256: this.text("sha256").toLowerCase(),
          }
        : {}),
    };
  }

  private text(name: string): string {
    return this.typed[name]?.trim() ?? "";
  }

  private found(): boolean {
    return this.typed.found !== "no";
  }

  private setField(name: string, value: string): void {
    this.typed = { ...this.typed, [name]: value };
    this.dispatchEvent(new CustomEvent<[string, string]>("typed", { detail: [name, value] }));
  }

  private label(name: string, text: string, required: boolean) {
    const { t } = this.context;
    return html`<label for=${name}
      >${text} ${required ? html`<span class="mark">${t("common.required")}</span>` : nothing}</label
    >`;
  }

  private line(name: string, text: string, required: boolean, more: { type?: string; pattern?: string; help?: string } = {}) {
    const help = more.help ?? textOr(this.context.t, `help.${name}`, "");
    return html`<div class="field">
      ${this.label(name, text, required)}
      ${help ? html`<span class="soft small" id="${name}-help">${help}</span>` : nothing}
      <input
        id=${name}
        type=${more.type ?? "text"}
        step=${more.type ? "1" : nothing}
        pattern=${more.pattern ?? nothing}
        maxlength="200"
        autocomplete="off"
        ?required=${required}
        aria-describedby=${help ? `${name}-help` : nothing}
        .value=${this.typed[name] ?? ""}
        @input=${(event: Event) => {
          const field = event.target as HTMLInputElement;
          field.setCustomValidity("");
          this.setField(name, field.value);
        }}
      />
    </div>`;
  }

  private choose(name: string, text: string, options: { id: string; name: string }[], help = "") {
    return html`<div class="field">
      ${this.label(name, text, true)}
      ${help ? html`<span class="soft small" id="${name}-help">${help}</span>` : nothing}
      <select
        id=${name}
        required
        aria-describedby=${help ? `${name}-help` : nothing}
        @change=${(event: Event) => {
          this.setField(name, (event.target as HTMLSelectElement).value);
        }}
      >
        <option value=""></option>
        ${options.map(
          (one) => html`<option value=${one.id} ?selected=${this.typed[name] === one.id}>${one.name}</option>`,
        )}
      </select>
    </div>`;
  }

  protected override render() {
    const { t, info, clock } = this.context;
    const found = this.found();
    const cameras = [...info.offline_cameras, ...info.cameras].map((one) => ({ id: one.unique_id, name: one.name }));
    return html`
      <fieldset>
        <legend>${t("by_hand.found")}</legend>
        <div class="choices">
          ${(["yes", "no"] as const).map(
            (value) =>
              html`<label class="choice"
                ><input
                  type="radio"
                  name="found"
                  .checked=${found === (value === "yes")}
                  @change=${() => {
                    this.setField("found", value);
                  }}
                />${t(value === "yes" ? "by_hand.found_yes" : "by_hand.found_no")}</label
              >`,
          )}
        </div>
      </fieldset>
      <div class="fields">
        ${this.choose("camera", t("by_hand.camera"), cameras)}
        ${this.choose("second_person", t("by_hand.second_person"), info.people, t("by_hand.second_person_help"))}
        ${this.line("start", t("find.start"), true, { type: "datetime-local" })}
        ${this.line("end", t("find.end"), true, { type: "datetime-local" })}
        <p class="soft small wide">${t("by_hand.times", { zone: clock.zoneName() })}</p>
        ${this.line("clock_offset", t("by_hand.clock"), false, { type: "number", help: t("by_hand.clock_help") })}
        ${found
          ? html`${this.line("medium", t("fields.medium"), true, { help: t("by_hand.medium_help") })}
            ${this.line("medium_serial", t("fields.medium_serial"), true)}
            ${this.line("sha256", t("by_hand.sha256"), false, { pattern: HASH, help: t("by_hand.sha256_help") })}`
          : nothing}
        <div class="field wide">
          ${this.label("note", t("fields.note"), false)}
          <textarea
            id="note"
            maxlength="1000"
            .value=${this.typed.note ?? ""}
            @input=${(event: Event) => {
              this.setField("note", (event.target as HTMLTextAreaElement).value);
            }}
          ></textarea>
        </div>
      </div>
    `;
  }
}
