import { css, html, nothing } from "lit";

import type { Case, Decided, Decision, DecisionAsked, Ground, Way } from "./api";
import { Part } from "./base";
import { discloses, optionText, refuses } from "./decision";
import { clearComplaints, reportFields, requiredMark, textArea } from "./fields";
import { styles } from "./styles";
import { textOr } from "./texts";

/** What is chosen and typed here, as texts, so that it can wait as a draft; several are parted by a comma. */
export type DecisionTyped = Partial<Record<string, string>>;

const OUTCOMES: readonly Decided[] = ["disclosed_in_full", "disclosed_in_part", "refused", "nothing_found"];
const WAYS: readonly Way[] = ["copy", "view"];

function several(text: string | undefined): string[] {
  return text ? text.split(",") : [];
}

/** What was proposed before, to be changed. */
export function typedOf({ outcome, way, items, grounds, reasons }: Decision): DecisionTyped {
  return { outcome, way: way ?? "", items: items.join(","), grounds: grounds.join(","), reasons };
}

/** The proposal as the action takes it: without what does not go with its outcome. */
export function proposalOf({ outcome, way, items, grounds }: DecisionTyped): DecisionAsked {
  return {
    outcome: outcome as Decided,
    way: discloses(outcome) ? (way as Way) : undefined,
    items: discloses(outcome) ? several(items) : [],
    grounds: refuses(outcome) ? (several(grounds) as Ground[]) : [],
  };
}

/** What is kept back, or not there, needs reasons; what is disclosed in full has none. */
export function reasonsOf({ outcome, reasons }: DecisionTyped): string {
  return outcome === "disclosed_in_full" ? "" : (reasons?.trim() ?? "");
}

/** How a request for disclosure is to be answered: only what goes with the outcome is asked. */
export class NiizaCctvDecisionForm extends Part {
  static override properties = {
    ...Part.properties,
    shown: { attribute: false },
    typed: { attribute: false },
  };
  static override styles = [
    styles,
    css`
      :host {
        display: grid;
        gap: 16px;
      }
    `,
  ];

  declare shown: Case;
  declare typed: DecisionTyped;

  constructor() {
    super();
    this.typed = {};
  }

  /** As a form's own: say what is missing, at its field; true when nothing is. */
  reportValidity(): boolean {
    const { outcome, items, grounds } = this.typed;
    const missing = this.context.t("decision.choose_one");
    return reportFields(this.renderRoot, {
      ...(discloses(outcome) && !items ? { "input[name=item]": missing } : {}),
      ...(refuses(outcome) && !grounds ? { "input[name=ground]": missing } : {}),
    });
  }

  private setField(name: string, value: string): void {
    clearComplaints(this.renderRoot);
    this.typed = { ...this.typed, [name]: value };
    this.dispatchEvent(new CustomEvent<[string, string]>("typed", { detail: [name, value] }));
  }

  private toggle(name: "items" | "grounds", value: string, on: boolean): void {
    const kept = several(this.typed[name]).filter((one) => one !== value);
    this.setField(name, (on ? [...kept, value] : kept).join(","));
  }

  /** One of several. */
  private radios(name: "outcome" | "way", list: "case_decision" | "case_way", values: readonly string[]) {
    const { t } = this.context;
    return html`<fieldset>
      <legend>${t(`decision.${name}`)} ${requiredMark(t)}</legend>
      <div class="choices">
        ${values.map(
          (value) =>
            html`<label class="choice"
              ><input
                type="radio"
                name=${name}
                value=${value}
                required
                .checked=${this.typed[name] === value}
                @change=${() => {
                  this.setField(name, value);
                }}
              />${optionText(this.context, list, value)}</label
            >`,
        )}
      </div>
    </fieldset>`;
  }

  /** As many as apply. */
  private boxes(name: "item" | "ground", choices: { id: string; label: string }[]) {
    const { t } = this.context;
    const kept = `${name}s` as const;
    return html`<fieldset aria-describedby="${name}-help">
      <legend>${t(`decision.${kept}`)} ${requiredMark(t)}</legend>
      <p class="soft small" id="${name}-help">${t(`decision.${kept}_help`)}</p>
      <div class="choices">
        ${choices.map(
          ({ id, label }) =>
            html`<label class="choice"
              ><input
                type="checkbox"
                name=${name}
                value=${id}
                .checked=${several(this.typed[kept]).includes(id)}
                @change=${(event: Event) => {
                  this.toggle(kept, id, (event.target as HTMLInputElement).checked);
                }}
              />${label}</label
            >`,
        )}
      </div>
    </fieldset>`;
  }

  private masks(): { id: string; label: string }[] {
    return this.shown.passages.flatMap((clip) =>
      clip.masks
        .filter((mask) => mask.state === "sealed")
        .map((mask) => ({
          id: mask.mask,
          label: this.context.t("items.masked", { camera: clip.camera_name, item: mask.mask }),
        })),
    );
  }

  private disclosed() {
    const masks = this.masks();
    return masks.length
      ? this.boxes("item", masks)
      : html`<ha-alert alert-type="warning">${this.context.t("decision.no_masks")}</ha-alert>`;
  }

  /** To disclose is to show that it exists. */
  private grounds(): { id: string; label: string }[] {
    const rule = this.context.info.kinds.find(({ kind }) => kind === this.shown.kind);
    return (rule?.grounds ?? [])
      .filter((ground) => ground !== "article_81" || !discloses(this.typed.outcome))
      .map((ground) => ({ id: ground, label: optionText(this.context, "case_ground", ground) }));
  }

  private reasons(outcome: string) {
    const { t } = this.context;
    return textArea(t, {
      name: "reasons",
      label: t("decision.reasons"),
      required: true,
      help: textOr(t, `decision.reasons_${outcome}`, ""),
      value: this.typed.reasons ?? "",
      setValue: (value) => {
        this.setField("reasons", value);
      },
    });
  }

  protected override render() {
    const { outcome } = this.typed;
    return html`${this.radios("outcome", "case_decision", OUTCOMES)}
    ${discloses(outcome) ? html`${this.radios("way", "case_way", WAYS)} ${this.disclosed()}` : nothing}
    ${refuses(outcome) ? this.boxes("ground", this.grounds()) : nothing}
    ${outcome && outcome !== "disclosed_in_full" ? this.reasons(outcome) : nothing}`;
  }
}
