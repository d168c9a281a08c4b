import { css, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { Check, Checks, Result } from "./api";
import { PANEL_PATH, Page } from "./base";
import { ASSET_ICONS, byObject, lastLook, resultWord, statusChip } from "./check-shown";
import { styles } from "./styles";

/** Everything that must be looked at: what is due first, object by object, as somebody walks past them with a phone. */
export class NiizaCctvChecks extends Page {
  static override properties = {
    ...Page.properties,
    known: { state: true },
    said: { state: true },
  };

  static override styles = [
    styles,
    css`
      .page {
        max-width: 760px;
      }
      section {
        display: grid;
        gap: 12px;
      }
      section > h2 {
        margin-block: 8px 0;
      }
      ha-card h3 {
        font-size: 1.15rem;
      }
      li {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 10px;
        padding-block: 14px;
      }
      ha-card h3 + ul {
        margin-block-start: 12px;
      }
      li:last-child {
        padding-block-end: 0;
      }
      .look {
        align-items: center;
        color: inherit;
        display: flex;
        gap: 8px;
        justify-content: space-between;
        min-block-size: 48px;
        text-decoration: none;
      }
      .look strong {
        font-weight: 500;
        text-decoration: underline;
        text-decoration-color: var(--divider-color);
        text-underline-offset: 4px;
      }
      .chip {
        flex: none;
      }
    `,
  ];

  declare private known: Checks | undefined;
  /** What was recorded last, for whoever presses and looks elsewhere. */
  declare private said: string;

  constructor() {
    super();
    this.said = "";
  }

  protected override async read(): Promise<void> {
    this.known = await this.context.api.checks();
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
    // The form that had the focus is gone.
    this.renderRoot.querySelector<HTMLElement>("#said")?.focus();
  }

  private row(check: Check) {
    return html`<li>
      <div>
        <a class="look" href="${PANEL_PATH}/check/${encodeURIComponent(check.id)}"
          ><strong>${check.name}</strong>${statusChip(this.context, check)}</a
        >
        ${lastLook(this.context, check)}
      </div>
      ${check.due ? this.form(check) : nothing}
    </li>`;
  }

  private form(check: Check) {
    if (!this.known?.may[check.id]) return nothing;
    return html`<niiza-cctv-check-form
      .context=${this.context}
      .check=${check}
      @recorded=${(event: CustomEvent<Result>) => void this.recorded(check, event.detail)}
    ></niiza-cctv-check-form>`;
  }

  private group(heading: string, checks: Check[]) {
    if (!checks.length) return nothing;
    return html`<section aria-label=${heading}>
      <h2>${heading}</h2>
      ${byObject(checks).map(
        ({ object, checks: its }) =>
          html`<ha-card>
            <h3 class="with-icon"><ha-icon icon=${ASSET_ICONS[object.kind]}></ha-icon>${object.name}</h3>
            <ul>
              ${repeat(
                its,
                (check) => check.id,
                (check) => this.row(check),
              )}
            </ul>
          </ha-card>`,
      )}
    </section>`;
  }

  protected override render() {
    const { t } = this.context;
    const checks = this.known?.checks ?? [];
    const due = checks.filter((check) => check.due);
    return html`<div class="page">
      <h1 tabindex="-1">${t("checks.heading")}</h1>
      ${this.errorAlert(this.unread)}
      <p role="status" class=${due.length ? "" : "soft"}>
        ${this.known ? (due.length ? t("checks.count", { count: due.length }) : t("checks.all_done")) : t("common.loading")}
      </p>
      ${this.said
        ? html`<ha-alert id="said" tabindex="-1" role="status" alert-type="success">${this.said}</ha-alert>`
        : nothing}
      ${this.group(t("checks.due"), due)}
      ${this.group(
        t("checks.later"),
        checks.filter((check) => !check.due),
      )}
    </div>`;
  }
}
