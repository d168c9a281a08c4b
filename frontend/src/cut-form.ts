import { css, html } from "lit";

import { Part } from "./base";
import type { Errand } from "./case-cut";
import { clearComplaints, reportFields, textField } from "./fields";
import { styles } from "./styles";
import { withSeconds } from "./time";

/** What a player marked, or what the page begins with: times with their offsets. */
export interface Marked {
  clip: string;
  start: string;
  end: string;
}

/** From when to when a clip is cut, to the second; marks of a player are kept to the picture while nobody changes them. */
export class NiizaCctvCutForm extends Part {
  static override properties = {
    ...Part.properties,
    marked: { attribute: false },
    running: { type: String },
    failure: { type: String },
    typed: { state: true },
    anew: { state: true },
  };

  static override styles = [
    styles,
    css`
      form {
        display: grid;
        gap: 16px;
      }
      .row {
        justify-content: flex-end;
      }
    `,
  ];

  declare marked: Marked;
  declare running: string;
  declare failure: string;
  /** What somebody typed over the marks, as the section's wall clock. */
  declare private typed: Partial<Record<"start" | "end", string>>;
  declare private anew: boolean;

  constructor() {
    super();
    this.running = "";
    this.failure = "";
    this.typed = {};
    this.anew = false;
  }

  private moment(name: "start" | "end"): string {
    const typed = this.typed[name];
    return typed === undefined ? this.marked[name] : withSeconds(typed);
  }

  private shown(name: "start" | "end"): string {
    return this.typed[name] ?? this.context.clock.field(this.marked[name]);
  }

  private submit(event: Event): void {
    event.preventDefault();
    const { t, api } = this.context;
    const backwards = withSeconds(this.shown("start")) > withSeconds(this.shown("end"));
    if (!reportFields(this.renderRoot, backwards ? { "#end": t("cut.end_first") } : {})) return;
    const [start, end] = [this.moment("start"), this.moment("end")];
    const run = () => api.cutClip(this.marked.clip, start, end, this.anew);
    this.dispatchEvent(new CustomEvent<Errand>("submitted", { detail: { name: "cut_clip", run } }));
  }

  private dismiss(): void {
    this.dispatchEvent(new CustomEvent("dismissed"));
  }

  private field(name: "start" | "end") {
    return textField(this.context.t, {
      name,
      label: this.context.t(`cut.${name}`),
      type: "datetime-local",
      required: true,
      value: this.shown(name),
      setValue: (value: string) => {
        this.typed = { ...this.typed, [name]: value };
        clearComplaints(this.renderRoot);
      },
    });
  }

  protected override render() {
    const { t } = this.context;
    const heading = t("cut.heading", { clip: this.marked.clip });
    return html`<niiza-cctv-dialog .heading=${heading} @dismissed=${this.dismiss}>
      <form novalidate @submit=${this.submit}>
        <p>${t("cut.help")}</p>
        ${this.field("start")} ${this.field("end")}
        <label class="choice"
          ><input
            type="checkbox"
            .checked=${this.anew}
            @change=${(event: Event) => {
              this.anew = (event.target as HTMLInputElement).checked;
            }}
          />${t("cut.anew")}</label
        >
        ${this.errorAlert(this.failure)}
        <div class="row">
          <button type="button" class="flat" ?disabled=${Boolean(this.running)} @click=${this.dismiss}>
            ${t("common.back")}
          </button>
          <button type="submit" class="main" ?disabled=${Boolean(this.running)}>
            <ha-icon icon="mdi:content-cut"></ha-icon>${t(this.running === "cut_clip" ? "common.working" : "cut.cut")}
          </button>
        </div>
      </form>
    </niiza-cctv-dialog>`;
  }
}
