import { css, html, nothing } from "lit";

import type { Written } from "./api";
import { Part } from "./base";
import { type InputField, clearComplaints, helpId, labelled, reportFields, textArea, textField } from "./fields";
import { timesWrong } from "./passage";
import { styles } from "./styles";
import { textOr } from "./texts";
import { withSeconds } from "./time";

/** What is typed here, as texts, so that it can wait as a draft. */
export type FootageTyped = Partial<Record<string, string>>;
/** What the action takes. */
export type Footage = Record<string, string | boolean | number | undefined>;

const HASH = "[0-9A-Fa-f]{64}";

function textOf(typed: FootageTyped, name: string): string {
  return typed[name]?.trim() ?? "";
}

/** Whether there was footage to be taken along. */
function wasFound(typed: FootageTyped): boolean {
  return typed.found !== "no";
}

function spanOf(typed: FootageTyped): { start: string; end: string } {
  return { start: withSeconds(textOf(typed, "start")), end: withSeconds(textOf(typed, "end")) };
}

/** The footage as the action takes it; whether everything is there is for the fields to say. */
export function footageOf(typed: FootageTyped): Footage {
  const text = (name: string) => textOf(typed, name);
  const found = wasFound(typed);
  const offset = text("clock_offset");
  return {
    camera: text("camera"),
    ...spanOf(typed),
    second_person: text("second_person"),
    found,
    clock_offset: offset ? Number(offset) : undefined,
  };
}

/** What was written down of it. */
export function writtenOf(typed: FootageTyped): Written {
  const names = wasFound(typed) ? ["note", "medium", "medium_serial", "sha256"] : ["note"];
  return Object.fromEntries(names.map((name) => [name, textOf(typed, name)]));
}

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

  declare typed: FootageTyped;

  constructor() {
    super();
    this.typed = {};
  }

  /** As a form's own: say what is missing or wrong, at its field; true when nothing is. */
  reportValidity(): boolean {
    const { start, end } = spanOf(this.typed);
    return reportFields(this.renderRoot, timesWrong(this.context, start, end));
  }

  private setField(name: string, value: string): void {
    clearComplaints(this.renderRoot);
    this.typed = { ...this.typed, [name]: value };
    this.dispatchEvent(new CustomEvent<[string, string]>("typed", { detail: [name, value] }));
  }

  private textField(name: string, label: string, more: Partial<InputField> = {}) {
    return textField(this.context.t, {
      name,
      label,
      value: this.typed[name] ?? "",
      help: textOr(this.context.t, `help.${name}`, ""),
      setValue: (value) => {
        this.setField(name, value);
      },
      ...more,
    });
  }

  private choice(name: string, label: string, options: { id: string; name: string }[], help = "") {
    const field = { name, label, help, required: true };
    return labelled(
      this.context.t,
      field,
      html`<select
        id=${name}
        required
        aria-describedby=${helpId(field)}
        @change=${(event: Event) => {
          this.setField(name, (event.target as HTMLSelectElement).value);
        }}
      >
        <option value=""></option>
        ${options.map(
          (one) => html`<option value=${one.id} ?selected=${this.typed[name] === one.id}>${one.name}</option>`,
        )}
      </select>`,
    );
  }

  private foundChoice(value: "yes" | "no") {
    return html`<label class="choice"
      ><input
        type="radio"
        name="found"
        .checked=${wasFound(this.typed) === (value === "yes")}
        @change=${() => {
          this.setField("found", value);
        }}
      />${this.context.t(value === "yes" ? "by_hand.found_yes" : "by_hand.found_no")}</label
    >`;
  }

  /** What it lies on; nothing where nothing was found. */
  private medium() {
    const { t } = this.context;
    if (!wasFound(this.typed)) return nothing;
    return html`${this.textField("medium", t("fields.medium"), { required: true, help: t("by_hand.medium_help") })}
    ${this.textField("medium_serial", t("fields.medium_serial"), { required: true })}
    ${this.textField("sha256", t("by_hand.sha256"), { pattern: HASH, help: t("by_hand.sha256_help") })}`;
  }

  private note() {
    const { t } = this.context;
    return textArea(t, {
      name: "note",
      label: t("fields.note"),
      className: "wide",
      value: this.typed.note ?? "",
      setValue: (value) => {
        this.setField("note", value);
      },
    });
  }

  protected override render() {
    const { t, info, clock } = this.context;
    const cameras = [...info.offline_cameras, ...info.cameras].map((one) => ({ id: one.unique_id, name: one.name }));
    const time = { required: true, type: "datetime-local" } as const;
    return html`
      <fieldset>
        <legend>${t("by_hand.found")}</legend>
        <div class="choices">${this.foundChoice("yes")} ${this.foundChoice("no")}</div>
      </fieldset>
      <div class="fields">
        ${this.choice("camera", t("by_hand.camera"), cameras)}
        ${this.choice("second_person", t("by_hand.second_person"), info.people, t("by_hand.second_person_help"))}
        ${this.textField("start", t("find.start"), time)} ${this.textField("end", t("find.end"), time)}
        <p class="soft small wide">${t("by_hand.times", { zone: clock.zoneName() })}</p>
        ${this.textField("clock_offset", t("by_hand.clock"), { type: "number", help: t("by_hand.clock_help") })}
        ${this.medium()} ${this.note()}
      </div>
    `;
  }
}
