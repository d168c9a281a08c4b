import { css, html, nothing } from "lit";
import { type Ref, createRef, ref } from "lit/directives/ref.js";

import type { KindRule } from "./api";
import { Part, navigate } from "./base";
import { draft, forget, keep } from "./drafts";
import { fieldHelp, fieldLabel, reportFields, textArea, textField } from "./fields";
import { type NiizaCctvPassage, NO_PASSAGE, type PassageTyped, isStarted, passageOf } from "./passage";
import { styles } from "./styles";

const DRAFT = "new";
const LONG = new Set(["purpose", "note"]);

/** A request as it comes in on paper: its kind, what stands in the document, and which footage it is about. */
export class NiizaCctvNew extends Part {
  static override properties = {
    ...Part.properties,
    typed: { state: true },
    passage: { state: true },
  };

  static override styles = [
    styles,
    css`
      .send {
        justify-content: flex-end;
      }
    `,
  ];

  declare private typed: Partial<Record<string, string>>;
  declare private passage: PassageTyped;
  private readonly passagePart: Ref<NiizaCctvPassage> = createRef();

  constructor() {
    super();
    const { cameras, start, end, margin, ...typed } = draft(DRAFT);
    this.typed = typed;
    this.passage = {
      cameras: cameras ?? "",
      start: start ?? "",
      end: end ?? "",
      margin: margin ?? NO_PASSAGE.margin,
    };
  }

  override firstUpdated(): void {
    this.shadowRoot?.querySelector("h1")?.focus({ preventScroll: true });
  }

  private rule(): KindRule | undefined {
    const { kinds } = this.context.info;
    return kinds.find((rule) => rule.kind === this.typed.kind);
  }

  private save(): void {
    keep(DRAFT, {
      ...this.typed,
      ...(isStarted(this.passage) ? { ...this.passage } : {}),
    });
  }

  private setField(name: string, value: string): void {
    this.typed = { ...this.typed, [name]: value };
    this.save();
  }

  private choose(rule: KindRule): void {
    const before = this.rule()?.legal_bases ?? [];
    const basis = this.typed.legal_basis ?? "";
    // What the law of the other kind had filled in is not what the person typed.
    const own = basis && !before.includes(basis) ? basis : "";
    const [only, ...others] = rule.legal_bases;
    this.typed = {
      ...this.typed,
      kind: rule.kind,
      legal_basis: own || (only !== undefined && !others.length ? only : ""),
    };
    this.save();
  }

  private discard(): void {
    forget(DRAFT);
    this.typed = {};
    this.passage = NO_PASSAGE;
    this.error = "";
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const rule = this.rule();
    // Both say what is wrong; the first place on the page is led to last.
    const whole = this.passagePart.value?.reportValidity() !== false;
    if (!rule || !reportFields(form) || !whole) return;
    const names = [...rule.required, ...rule.optional];
    const request = Object.fromEntries(names.map((name) => [name, this.typed[name]?.trim() ?? ""]));
    await this.attempt("send", async () => {
      const made = await this.context.api.createCase(
        rule.kind,
        request,
        passageOf(this.passage) ?? undefined,
      );
      this.discard();
      navigate(`case/${made.case}`);
    });
  }

  private field(rule: KindRule, name: string) {
    const { t, clock } = this.context;
    const field = {
      name,
      label: fieldLabel(t, name, rule.decided_by_proposal),
      required: rule.required.includes(name),
      help: fieldHelp(t, name, rule.decided_by_proposal),
      value: this.typed[name] ?? "",
      setValue: (value: string) => {
        this.setField(name, value);
      },
    };
    if (LONG.has(name)) return textArea(t, { ...field, className: "wide" });
    if (name === "document_date")
      return textField(t, { ...field, type: "date", max: clock.field(new Date()).slice(0, 10) });
    return textField(t, { ...field, suggestions: name === "legal_basis" ? rule.legal_bases : [] });
  }

  private papers(rule: KindRule) {
    return html`<ha-card>
      <h2>${this.context.t("new.papers")}</h2>
      <div class="fields">
        ${[...rule.required, ...rule.optional].map((name) => this.field(rule, name))}
      </div>
    </ha-card>`;
  }

  private footage() {
    const { t } = this.context;
    return html`<ha-card>
      <h2>${t("new.footage")}</h2>
      <p>${t("new.footage_help")}</p>
      <niiza-cctv-passage
        ${ref(this.passagePart)}
        .context=${this.context}
        .typed=${this.passage}
        @typed=${(event: CustomEvent<PassageTyped>) => {
          this.passage = event.detail;
          this.save();
        }}
      ></niiza-cctv-passage>
    </ha-card>`;
  }

  private buttons() {
    const { t } = this.context;
    const send = isStarted(this.passage) ? "new.send_and_preserve" : "new.send";
    return html`<div class="row send">
      <button type="button" class="flat" ?disabled=${Boolean(this.busy)} @click=${this.discard}>
        ${t("new.discard")}
      </button>
      <button type="submit" class="main" ?disabled=${Boolean(this.busy)}>
        <ha-icon icon="mdi:inbox-arrow-down"></ha-icon>
        ${t(this.busy ? "new.sending" : send)}
      </button>
    </div>`;
  }

  private form(rule: KindRule) {
    const { t } = this.context;
    return html`
      ${this.papers(rule)} ${this.footage()}
      ${rule.decided_by_proposal
        ? html`<ha-alert alert-type="info">${t("new.decided_by_proposal")}</ha-alert>`
        : nothing}
      ${this.errorAlert()} ${this.buttons()}
    `;
  }

  private kinds(chosen: KindRule | undefined) {
    const { t, info } = this.context;
    return html`<ha-card>
      <fieldset>
        <legend><h2>${t("new.kind")}</h2></legend>
        <div class="choices">
          ${info.kinds.map(
            (one) =>
              html`<label class="choice"
                ><input
                  type="radio"
                  name="kind"
                  .checked=${one.kind === chosen?.kind}
                  @change=${() => {
                    this.choose(one);
                  }}
                />${t(`kinds.${one.kind}`)}</label
              >`,
          )}
        </div>
      </fieldset>
    </ha-card>`;
  }

  protected override render() {
    const { t, info } = this.context;
    if (!info.roles.includes("exporter"))
      return html`<div class="page">
        <h1 tabindex="-1">${t("new.heading")}</h1>
        <ha-alert alert-type="info">${t("why.not_exporter")}</ha-alert>
      </div>`;
    const rule = this.rule();
    return html`<form class="page" novalidate @submit=${this.submit}>
      <h1 tabindex="-1">${t("new.heading")}</h1>
      ${this.kinds(rule)} ${rule ? this.form(rule) : nothing}
    </form>`;
  }
}
