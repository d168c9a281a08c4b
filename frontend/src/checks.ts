import { css, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { Check, Checks, Result } from "./api";
import { PANEL_PATH, Page } from "./base";
import { ASSET_ICONS, byObject, byUrgency, lastLook, resultWord, statusChip } from "./check-shown";
import { styles } from "./styles";

/** Everything that must be looked at: what is due as a list to be worked off, the most urgent first; the rest object by object. */
export class NiizaCctvChecks extends Page {
  static override properties = {
    ...Page.properties,
    known: { state: true },
    said: { state: true },
    opened: { state: true },
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
  /** The check whose form is open; null: none; undefined: nobody chose. */
  declare private opened: string | null | undefined;

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
    this.opened = undefined;
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
    </li>`;
  }

  /** One that is due, among those of every object: the form of one at a time, so that a hundred are still a list. */
  private dueRow(check: Check, open: boolean) {
    const { t } = this.context;
    const { object } = check;
    return html`<li>
      <div>
        <a class="look" href="${PANEL_PATH}/check/${encodeURIComponent(check.id)}"
          ><span
            ><span class="with-icon"><ha-icon icon=${ASSET_ICONS[object.kind]}></ha-icon>${object.name}</span>
            <strong>${check.name}</strong></span
          >${statusChip(this.context, check)}</a
        >
        ${lastLook(this.context, check)}
      </div>
      ${this.known?.may[check.id]
        ? html`<div>
              <button
                aria-expanded=${open}
                @click=${() => {
                  this.opened = open ? null : check.id;
                }}
              >
                <ha-icon icon=${open ? "mdi:chevron-up" : "mdi:chevron-down"}></ha-icon>
                ${t(open ? "checks.close" : "checks.look")}
              </button>
            </div>
            ${open ? this.form(check) : nothing}`
        : nothing}
    </li>`;
  }

  private worklist(due: Check[]) {
    const { t } = this.context;
    if (!due.length) return nothing;
    // Until somebody chooses, the first that they may do.
    const open = this.opened === undefined ? due.find((check) => this.known?.may[check.id])?.id : this.opened;
    return html`<section aria-label=${t("checks.due")}>
      <h2>${t("checks.due")}</h2>
      <ha-card>
        <ul>
          ${repeat(
            due,
            (check) => check.id,
            (check) => this.dueRow(check, check.id === open),
          )}
        </ul>
      </ha-card>
    </section>`;
  }

  private form(check: Check) {
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
      ${this.worklist(byUrgency(due))}
      ${this.group(
        t("checks.later"),
        checks.filter((check) => !check.due),
      )}
    </div>`;
  }
}
