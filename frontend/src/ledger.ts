import { css, html, nothing } from "lit";

import type { Entry, Link, Span, Verified } from "./api";
import type { StrayShown } from "./api-types";
import { PANEL_PATH, Page } from "./base";
import { printAnchor } from "./print";
import { spanText } from "./shown";
import { describeStep } from "./steps";
import { styles } from "./styles";
import { textOr } from "./texts";

/** The ledger: its head to be printed as an anchor, whether it is whole, and a copy to take along. */
export class NiizaCctvLedger extends Page {
  static override properties = {
    ...Page.properties,
    verified: { state: true },
    verifiedAt: { state: true },
    link: { state: true },
    entries: { state: true },
    folders: { state: true },
  };
  static override styles = [
    styles,
    css`
      .entries {
        list-style: none;
        margin: 0 0 16px;
        padding: 0;
      }
      .entries li {
        padding: 8px 0;
        border-bottom: 1px solid var(--divider-color);
      }
      .entries .row {
        gap: 0 12px;
      }
      .entries li.refused strong {
        color: var(--niiza-error-letters);
      }
    `,
  ];

  declare private verified: Verified | undefined;
  declare private verifiedAt: Date | undefined;
  declare private link: Link | undefined;
  declare private entries: Entry[];
  declare private folders: StrayShown[];

  constructor() {
    super();
    this.entries = [];
    this.folders = [];
  }

  /** The newest entries; older ones that were asked for stay below them. */
  protected override async read(): Promise<void> {
    const { entries, folders } = await this.context.api.ledgerPage();
    const oldest = entries.at(-1)?.number ?? 0;
    this.folders = folders;
    this.entries = [...entries, ...this.entries.filter((entry) => entry.number < oldest)];
  }

  private async older(): Promise<void> {
    await this.attempt("older", async () => {
      const before = this.entries.at(-1)?.number;
      if (before === undefined) return;
      this.entries = [...this.entries, ...(await this.context.api.ledgerPage(before)).entries];
    });
  }

  private entry(entry: Entry) {
    const { t, clock } = this.context;
    const passage = entry.details.passage as Span | undefined;
    return html`<li class=${entry.action === "refused" ? "refused" : ""}>
      <div class="row">
        <strong class="with-icon"
          >${entry.action === "refused" ? html`<ha-icon icon="mdi:cancel"></ha-icon>` : nothing}${textOr(t, `history.${entry.action}`, entry.action)}</strong
        >
        <span>${entry.person?.name ?? t("history.nobody")}</span>
        ${entry.case
          ? html`<a href="${PANEL_PATH}/case/${entry.case}">${entry.case}</a>`
          : html`<span>${entry.camera ?? ""}</span>`}
      </div>
      <div class="soft small">${entry.number} · <time datetime=${entry.at}>${clock.at(entry.at)}</time></div>
      ${passage
        ? html`<div class="small">${spanText(t, clock, passage)}</div>`
        : nothing}
      ${describeStep(this.context, entry, { case: entry.case ?? "", camera: () => entry.camera ?? undefined }).map(
        (text) => html`<div class="small">${text}</div>`,
      )}
    </li>`;
  }

  private async verify(): Promise<void> {
    this.verified = undefined;
    await this.attempt("verify", async () => {
      this.verified = await this.context.api.verifyLedger();
      this.verifiedAt = new Date();
    });
  }

  private async export(form: "csv" | "jsonl"): Promise<void> {
    this.link = undefined;
    await this.attempt(form, async () => {
      this.link = await this.context.api.exportLedger(form);
    });
  }

  private print(): void {
    const { t, clock, info } = this.context;
    printAnchor(t("ledger.anchor_heading"), [
      [t("ledger.number"), String(info.ledger.number)],
      [t("ledger.hash"), info.ledger.hash],
      [t("ledger.printed_at"), clock.at(new Date())],
      [t("ledger.printed_by"), info.user.name],
      [t("ledger.keep"), t("ledger.anchor_help")],
    ]);
  }

  private verdict() {
    const { t, clock } = this.context;
    if (!this.verified || !this.verifiedAt) return nothing;
    const { broken, entries, reason } = this.verified;
    const at = clock.at(this.verifiedAt);
    return broken === null
      ? html`<ha-alert alert-type="success">${t("ledger.whole", { entries, at })}</ha-alert>`
      : html`<ha-alert alert-type="error">${t("ledger.broken", { number: broken, reason, at })}</ha-alert>`;
  }

  private head() {
    const { t, info } = this.context;
    const { number, hash } = info.ledger;
    return html`<ha-card>
      <h2>${t("ledger.head")}</h2>
      <p>${t("ledger.head_help")}</p>
      <dl>
        <dt>${t("ledger.number")}</dt>
        <dd>${number}</dd>
        <dt>${t("ledger.hash")}</dt>
        <dd class="mono">${hash}</dd>
      </dl>
      <p></p>
      <div class="row">
        <button ?disabled=${!number} @click=${this.print}><ha-icon icon="mdi:printer"></ha-icon>${t("ledger.print")}</button>
      </div>
    </ha-card>`;
  }

  private verification() {
    const { t, info } = this.context;
    return html`<ha-card>
      <h2>${t("ledger.verify_heading")}</h2>
      <p>${t("ledger.verify_help")}</p>
      <div class="row">
        <button class="main" ?disabled=${Boolean(this.busy) || !info.ledger.available} @click=${this.verify}>
          <ha-icon icon="mdi:link-variant"></ha-icon>
          ${t(this.busy === "verify" ? "ledger.verifying" : "ledger.verify")}
        </button>
      </div>
      <div role="status">${this.verdict()}</div>
    </ha-card>`;
  }

  private exports() {
    const { t, info } = this.context;
    const exporter = info.roles.some((role) => role !== "viewer");
    const disabled = Boolean(this.busy) || !info.ledger.available || !exporter;
    return html`<ha-card>
      <h2>${t("ledger.export_heading")}</h2>
      <p>${t("ledger.export_help")}</p>
      <div class="row">
        ${(["csv", "jsonl"] as const).map(
          (form) =>
            html`<button
              ?disabled=${disabled}
              aria-describedby=${exporter ? nothing : "export-why"}
              @click=${() => void this.export(form)}
            >
              <ha-icon icon="mdi:file-export"></ha-icon>${t(form === "csv" ? "ledger.csv" : "ledger.jsonl")}
            </button>`,
        )}
      </div>
      ${exporter ? nothing : html`<p id="export-why" class="soft small">${t("why.not_ledger")}</p>`}
      <div role="status">${this.link ? this.download(this.link) : nothing}</div>
    </ha-card>`;
  }

  private download({ link, file, expires }: Link) {
    const { t, clock } = this.context;
    return html`<p class="row">
      <a class="button main" href=${link} download @click=${this.forgetLink}
        ><ha-icon icon="mdi:download"></ha-icon>${t("release.download", { name: file.name })}</a
      >
      <span class="small">${t("release.once", { at: clock.at(expires) })} ${t("release.anyone")}</span>
    </p>`;
  }

  private forgetLink(): void {
    // It works once; the click itself still follows it.
    setTimeout(() => {
      this.link = undefined;
    });
  }

  /** Footage that no case of this ledger knows: kept until an approver removes it. */
  private strays() {
    const { t } = this.context;
    if (!this.folders.length) return nothing;
    return html`<ha-card>
      <h2>${t("ledger.folders_heading")}</h2>
      <p>${t("ledger.folders_help")}</p>
      <ul class="folders">
        ${this.folders.map(
          ({ folder, files, size }) =>
            html`<li>${t("ledger.folder", { folder, files, size: (size / 1e6).toFixed(1) })}</li>`,
        )}
      </ul>
    </ha-card>`;
  }

  private newest() {
    const { t } = this.context;
    return html`<ha-card>
      <h2>${t("ledger.entries_heading")}</h2>
      ${this.errorAlert(this.unread)}
      <ol class="entries">
        ${this.entries.map((entry) => this.entry(entry))}
      </ol>
      ${(this.entries.at(-1)?.number ?? 1) > 1
        ? html`<button ?disabled=${Boolean(this.busy)} @click=${() => void this.older()}>${t("ledger.older")}</button>`
        : nothing}
    </ha-card>`;
  }

  protected override render() {
    return html`<div class="page">
      <h1 tabindex="-1">${this.context.t("ledger.heading")}</h1>
      ${this.head()} ${this.verification()} ${this.exports()} ${this.strays()} ${this.newest()} ${this.errorAlert()}
    </div>`;
  }
}
