import { css, html, nothing } from "lit";

import type { CaseListed } from "./api";
import { PANEL_PATH, Page } from "./base";
import { OPEN, gaveUp, nextStep, stageOf, waitsFor } from "./rules";
import { STATE_ICONS, riskChip, stageText } from "./shown";
import { styles } from "./styles";

/** All cases, those that wait for the reader marked. */
export class NiizaCctvCases extends Page {
  static override properties = {
    ...Page.properties,
    cases: { state: true },
    everything: { state: true },
    words: { state: true },
  };

  static override styles = [
    styles,
    css`
      .list {
        display: grid;
        gap: 10px;
      }
      .list a {
        background: var(--ha-card-background, var(--card-background-color));
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        color: inherit;
        display: grid;
        gap: 6px 20px;
        grid-template-columns: 8.5rem minmax(0, 1fr) auto;
        padding: 14px 20px;
        text-decoration: none;
      }
      .list a:hover {
        border-color: var(--primary-color);
      }
      .number {
        font-size: 1.15rem;
        font-weight: 500;
      }
      .chips {
        align-items: flex-end;
        display: flex;
        flex-direction: column;
        gap: 6px;
      }
      .tools {
        align-items: end;
      }
      .tools .field {
        flex: 1 1 240px;
      }
      .filter {
        display: flex;
        gap: 8px;
      }
      @media (max-width: 700px) {
        .list a {
          grid-template-columns: 1fr;
        }
        .chips {
          align-items: center;
          flex-direction: row;
          flex-wrap: wrap;
        }
      }
    `,
  ];

  declare private cases: CaseListed[] | undefined;
  declare private everything: boolean;
  declare private words: string;

  constructor() {
    super();
    this.everything = false;
    this.words = "";
  }

  protected override async read(): Promise<void> {
    this.cases = await this.context.api.listCases();
  }

  private shown(): CaseListed[] {
    const words = this.words.trim().toLowerCase();
    return (this.cases ?? []).filter(
      (one) =>
        (this.everything || OPEN.has(one.state)) &&
        [one.case, one.document_number, one.organisation].some((text) =>
          text.toLowerCase().includes(words),
        ),
    );
  }

  private filter(everything: boolean, text: string) {
    return html`<label class="choice"
      ><input
        type="radio"
        name="filter"
        .checked=${this.everything === everything}
        @change=${() => {
          this.everything = everything;
        }}
      />${text}</label
    >`;
  }

  private chips(one: CaseListed) {
    const { t, info } = this.context;
    const open = OPEN.has(one.state);
    const stage = stageOf(one, info);
    return html`<span class="chips">
      <span class="chip ${open ? "" : "done"}"
        ><ha-icon icon=${STATE_ICONS[stage]}></ha-icon>${stageText(t, stage)}</span
      >
      ${waitsFor(one)
        ? html`<span class="chip turn"
            ><ha-icon icon="mdi:account-arrow-left"></ha-icon>${t("cases.your_turn")}</span
          >`
        : nothing}
      ${one.questions
        ? html`<span class="chip risk"><ha-icon icon="mdi:folder-clock"></ha-icon>${t("cases.silent")}</span>`
        : nothing}
      ${gaveUp(one)
        ? html`<span class="chip risk"
            ><ha-icon icon="mdi:alert-circle"></ha-icon>${t("cases.failed", { failed: one.failed })}</span
          >`
        : nothing}
      ${open ? riskChip(t, one.overwritten_at) : nothing}
    </span>`;
  }

  /** Who took it in, and what there is of its footage: what was purged is not counted as missing. */
  private received({ state, clips, sealed, created_by: { name: person } }: CaseListed): string {
    const { t } = this.context;
    if (state === "purged") return t("cases.line_purged", { person });
    return clips === 0 ? t("cases.line_empty", { person }) : t("cases.line", { person, sealed, clips });
  }

  private row(one: CaseListed) {
    const { t, clock, info } = this.context;
    return html`<li>
      <a href="${PANEL_PATH}/case/${one.case}">
        <span>
          <span class="number">${one.case}</span><br />
          <span class="soft small">${clock.date(one.created_at)}</span>
        </span>
        <span>
          <strong>${t(`kinds.${one.kind}`)}</strong><br />
          ${[one.organisation, one.document_number].filter(Boolean).join("　")}<br />
          <span class="soft small"
            >${this.received(one)}
            ${one.percent === null ? nothing : html`・${t("cases.percent", { percent: Math.floor(one.percent) })}`}</span
          >
        </span>
        ${this.chips(one)}
        <span class="soft small" style="grid-column: 1 / -1">${t(nextStep(one, info))}</span>
      </a>
    </li>`;
  }

  private tools() {
    const { t } = this.context;
    return html`<div class="row tools">
      <fieldset class="filter">
        <legend>${t("cases.filter")}</legend>
        ${this.filter(false, t("cases.open"))} ${this.filter(true, t("cases.all"))}
      </fieldset>
      <div class="field">
        <label for="words">${t("cases.search")}</label>
        <input
          id="words"
          type="search"
          autocomplete="off"
          .value=${this.words}
          @input=${(event: Event) => {
            this.words = (event.target as HTMLInputElement).value;
          }}
        />
      </div>
    </div>`;
  }

  protected override render() {
    const { t, info } = this.context;
    const shown = this.shown();
    const exporter = info.roles.includes("exporter");
    return html`<div class="page">
      <div class="row spread">
        <h1 tabindex="-1">${t("cases.heading")}</h1>
        ${exporter
          ? html`<a class="button main" href="${PANEL_PATH}/new"
              ><ha-icon icon="mdi:folder-plus"></ha-icon>${t("nav.new")}</a
            >`
          : nothing}
      </div>
      ${this.tools()} ${this.errorAlert(this.unread)}
      <div role="status" class="soft">
        ${this.cases ? t("cases.count", { count: shown.length }) : t("common.loading")}
      </div>
      <ul class="list" aria-label=${t("cases.heading")}>
        ${shown.map((one) => this.row(one))}
      </ul>
      ${this.cases && !this.cases.length
        ? html`<ha-card><p>${t(exporter ? "cases.none" : "cases.none_to_decide")}</p></ha-card>`
        : nothing}
    </div>`;
  }
}
