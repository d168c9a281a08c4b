import { type PropertyValues, css, html, nothing } from "lit";

import type { Check, CheckRecord, Result } from "./api";
import { PANEL_PATH, Page } from "./base";
import { ASSET_ICONS, RESULT_ICONS, lastLook, recordDetails, resultWord, statusChip } from "./check-shown";
import { styles } from "./styles";

const LINKS_ARE_GOOD = 10 * 60_000;

/** One check: how it stands, what somebody finds now, and everything that was found before. */
export class NiizaCctvCheck extends Page {
  static override properties = {
    ...Page.properties,
    checkId: { type: String },
    check: { state: true },
    may: { state: true },
    history: { state: true },
    missing: { state: true },
    said: { state: true },
  };

  static override styles = [
    styles,
    css`
      .page {
        max-width: 760px;
      }
      .history {
        display: grid;
      }
      .history li {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 6px;
        padding-block: 14px;
      }
      .history li:first-child {
        border: 0;
      }
      .history p {
        margin: 0;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .history .failed {
        color: var(--niiza-error-letters);
      }
      .history img {
        background: var(--divider-color);
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 420px;
        object-fit: contain;
      }
    `,
  ];

  declare checkId: string;
  declare private check: Check | undefined;
  declare private may: boolean;
  declare private history: CheckRecord[];
  declare private missing: boolean;
  declare private said: string;
  /** What the history was read for, and when: its photos' links are good for a quarter of an hour. */
  private historyOf = "";
  private historyAt = 0;

  constructor() {
    super();
    this.checkId = "";
    this.may = false;
    this.history = [];
    this.missing = false;
    this.said = "";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("checkId")) {
      this.check = undefined;
      this.history = [];
      this.historyOf = "";
      this.said = "";
      void this.refresh();
    }
    super.willUpdate(changed);
  }

  protected override async read(): Promise<void> {
    const id = this.checkId;
    const { api } = this.context;
    const { checks, may } = await api.checks();
    const check = checks.find((one) => one.id === id);
    if (id !== this.checkId) return;
    this.check = check;
    this.missing = !check;
    this.may = may[id] ?? false;
    const of = check?.last?.at ?? "";
    if (of === this.historyOf && Date.now() - this.historyAt < LINKS_ARE_GOOD) return;
    const history = of ? await api.checkHistory(id) : [];
    if (id !== this.checkId) return;
    this.history = history;
    this.historyOf = of;
    this.historyAt = Date.now();
  }

  private async recorded(check: Check, result: Result): Promise<void> {
    const { t } = this.context;
    this.said = t("checks.recorded", {
      object: check.object.name,
      name: check.name,
      result: resultWord(t, check.kind, result),
    });
    await this.refresh();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#said")?.focus();
  }

  private record(check: Check, record: CheckRecord) {
    const { t, clock } = this.context;
    return html`<li>
      <div class="row spread">
        <strong class="with-icon ${record.result}"
          ><ha-icon icon=${RESULT_ICONS[record.result]}></ha-icon>${resultWord(t, check.kind, record.result)}</strong
        >
        <span>${record.person.name}</span>
      </div>
      <time class="soft small" datetime=${record.at}>${clock.at(record.at)}</time>
      ${recordDetails(this.context, record)}
      ${record.photo
        ? html`<img
            src=${record.photo}
            loading="lazy"
            alt=${t("photo.of", { at: clock.at(record.at), person: record.person.name })}
          />`
        : nothing}
    </li>`;
  }

  private page(check: Check) {
    const { t } = this.context;
    return html`<ha-card>
        <p>${statusChip(this.context, check)}</p>
        <p>${lastLook(this.context, check)}</p>
        ${this.may
          ? html`<niiza-cctv-check-form
              .context=${this.context}
              .check=${check}
              @recorded=${(event: CustomEvent<Result>) => void this.recorded(check, event.detail)}
            ></niiza-cctv-check-form>`
          : html`<p class="soft">${t("checks.not_yours")}</p>`}
      </ha-card>
      <ha-card>
        <h2>${t("checks.history")}</h2>
        ${this.history.length
          ? html`<ol class="history">
              ${this.history.map((record) => this.record(check, record))}
            </ol>`
          : html`<p class="soft">${t("checks.never")}</p>`}
      </ha-card>`;
  }

  protected override render() {
    const { t } = this.context;
    const { check } = this;
    return html`<div class="page">
      <p><a class="with-icon" href="${PANEL_PATH}/checks"><ha-icon icon="mdi:arrow-left"></ha-icon>${t("checks.back")}</a></p>
      <div>
        <h1 tabindex="-1">${check?.name ?? t("checks.heading")}</h1>
        ${check
          ? html`<p class="with-icon"><ha-icon icon=${ASSET_ICONS[check.object.kind]}></ha-icon>${check.object.name}</p>`
          : nothing}
      </div>
      ${this.errorAlert(this.unread)}
      ${this.said
        ? html`<ha-alert id="said" tabindex="-1" role="status" alert-type="success">${this.said}</ha-alert>`
        : nothing}
      ${check
        ? this.page(check)
        : this.missing
          ? html`<ha-alert alert-type="info">${t("checks.missing")}</ha-alert>`
          : this.unread
            ? nothing
            : html`<p role="status">${t("common.loading")}</p>`}
    </div>`;
  }
}
