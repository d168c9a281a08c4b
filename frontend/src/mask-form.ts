import { css, html, nothing } from "lit";

import type { MaskAsked } from "./api";
import { Part } from "./base";
import { styles } from "./styles";

const FILLS = ["solid", "median", "picture"] as const;
const MARKINGS = ["none", "for_viewing", "copy"] as const;
/** Times here may be cut off by so much (ms): a part that ends at a picture is to have it. */
const CUT_OFF = 2;

/** A masked clip, as it is asked for: which part, what lies behind, what is written over it. */
export class NiizaCctvMaskForm extends Part {
  static override properties = {
    ...Part.properties,
    at: { type: Number },
    moment: { attribute: false },
    proposed: { type: Number },
    why: { type: String },
    running: { type: Boolean },
    failure: { type: String },
    from: { state: true },
    to: { state: true },
    fill: { state: true },
    plate: { state: true },
    marking: { state: true },
  };

  static override styles = [
    styles,
    css`
      :host,
      form {
        display: grid;
        gap: 16px;
      }
    `,
  ];

  /** The picture that is shown: microseconds of the clip, and when that was. */
  declare at: number;
  declare moment: Date;
  /** How many keys nobody has confirmed. */
  declare proposed: number;
  /** Why it cannot be asked for now; empty: it can. */
  declare why: string;
  declare running: boolean;
  declare failure: string;
  declare private from: Date | null;
  declare private to: Date | null;
  declare private fill: MaskAsked["fill"];
  declare private plate: { at: number; moment: Date } | undefined;
  declare private marking: MaskAsked["marking"];

  constructor() {
    super();
    this.proposed = 0;
    this.why = "";
    this.running = false;
    this.failure = "";
    this.from = null;
    this.to = null;
    this.fill = "solid";
    this.marking = "none";
  }

  private backwards(): boolean {
    return this.from !== null && this.to !== null && this.from > this.to;
  }

  private submit(event: Event): void {
    event.preventDefault();
    const { clock } = this.context;
    const { from, to, fill, marking } = this;
    const detail: MaskAsked = {
      fill,
      marking,
      start: from ? clock.iso(from) : undefined,
      // A part ends before its end: the picture that was chosen is still inside.
      end: to ? clock.iso(new Date(to.getTime() + CUT_OFF)) : undefined,
      plate_at: fill === "picture" && this.plate ? this.plate.at / 1e6 : undefined,
    };
    this.dispatchEvent(new CustomEvent<MaskAsked>("submitted", { detail }));
  }

  private choose(fill: MaskAsked["fill"]): void {
    this.fill = fill;
    if (fill === "picture") this.plate ??= { at: this.at, moment: this.moment };
  }

  private edge(edge: "from" | "to") {
    const { t, clock } = this.context;
    const chosen = this[edge];
    const whole = edge === "from" ? "mask.from_begin" : "mask.to_end";
    return html`<span class="row">
      <button
        type="button"
        @click=${() => {
          this[edge] = this.moment;
        }}
      >
        <ha-icon icon=${edge === "from" ? "mdi:ray-start-arrow" : "mdi:ray-end"}></ha-icon>
        ${t(edge === "from" ? "mask.from_here" : "mask.to_here")}
      </button>
      <span class="small">${chosen ? clock.tenths(chosen) : t(whole)}</span>
      ${chosen
        ? html`<button
            type="button"
            class="flat"
            @click=${() => {
              this[edge] = null;
            }}
          >
            ${t(whole)}
          </button>`
        : nothing}
    </span>`;
  }

  private choice<Value extends string>(name: "fill" | "marking", value: Value, chosen: string, choose: (value: Value) => void) {
    return html`<label class="choice"
      ><input
        type="radio"
        name=${name}
        value=${value}
        .checked=${chosen === value}
        @change=${() => {
          choose(value);
        }}
      />${this.context.t(`mask.${name}_${value}` as "mask.fill_solid")}</label
    >`;
  }

  private plateShown() {
    const { t, clock } = this.context;
    if (this.fill !== "picture" || !this.plate) return nothing;
    return html`<p class="row">
      <span>${t("mask.plate", { at: clock.tenths(this.plate.moment) })}</span>
      <button
        type="button"
        @click=${() => {
          this.plate = { at: this.at, moment: this.moment };
        }}
      >
        ${t("mask.plate_here")}
      </button>
    </p>`;
  }

  protected override render() {
    const { t } = this.context;
    const why = this.why || (this.backwards() ? t("mask.end_first") : "");
    return html`<form @submit=${this.submit}>
      <fieldset>
        <legend>${t("mask.part")}</legend>
        <div class="row">${this.edge("from")} ${this.edge("to")}</div>
      </fieldset>
      <fieldset>
        <legend>${t("mask.fill")}</legend>
        <div class="choices">
          ${FILLS.map((fill) =>
            this.choice("fill", fill, this.fill, (value) => {
              this.choose(value);
            }),
          )}
        </div>
        ${this.plateShown()}
      </fieldset>
      <fieldset>
        <legend>${t("mask.marking")}</legend>
        <div class="choices">
          ${MARKINGS.map((marking) =>
            this.choice("marking", marking, this.marking, (value) => {
              this.marking = value;
            }),
          )}
        </div>
      </fieldset>
      ${this.proposed
        ? html`<ha-alert alert-type="warning">${t("mask.still_proposed", { count: this.proposed })}</ha-alert>`
        : nothing}
      ${this.errorAlert(this.failure)}
      <div class="row">
        <button type="submit" class="main" ?disabled=${Boolean(why) || this.running} aria-describedby=${why ? "why" : nothing}>
          <ha-icon icon="mdi:movie-lock"></ha-icon>${t(this.running ? "common.working" : "mask.render")}
        </button>
        ${why ? html`<span class="small soft" id="why">${why}</span>` : nothing}
      </div>
    </form>`;
  }
}
