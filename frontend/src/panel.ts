import { LitElement, type PropertyValues, css, html, nothing } from "lit";

import { AGAIN, Client, type Info, type PageName, ServerError } from "./api";
import { type Context, PANEL_PATH } from "./base";
import type { Hass, Route } from "./hass";
import { styles } from "./styles";
import { errorText, load, textsOf } from "./texts";
import { Clock } from "./time";

/** At most one reading of everything in this time, however often the server says that something changed. */
const PAUSE = 1000;
/** The pages with a place in the head, and what leads to them. */
const TABS: Record<PageName, string> = {
  cases: "mdi:folder-multiple",
  checks: "mdi:clipboard-check",
  board: "mdi:monitor-eye",
  settings: "mdi:cctv",
  ledger: "mdi:book-lock",
  people: "mdi:account-group",
};

/** Which of them an address belongs to. */
const PAGE_OF: Partial<Record<string, PageName>> = {
  case: "cases",
  mask: "cases",
  new: "cases",
  check: "checks",
  checks: "checks",
  board: "board",
  settings: "settings",
  acceptance: "settings",
  ledger: "ledger",
  people: "people",
  cases: "cases",
};

/** The address within the panel: its place in the head, the name of the page, what it is about, and which part of that. */
interface Here {
  page: PageName;
  name: string;
  id: string;
  part: string;
}

/** The whole page: who may see it, where one is, and when to read again. */
export class NiizaCctvPanel extends LitElement {
  static override properties = {
    hass: { attribute: false },
    narrow: { type: Boolean },
    route: { attribute: false },
    context: { state: true },
    failure: { state: true },
    changes: { state: true },
  };

  static override styles = [
    styles,
    css`
      :host {
        background: var(--primary-background-color);
        min-block-size: 100%;
      }
      header {
        align-items: center;
        background: var(--app-header-background-color, var(--primary-color));
        border-block-end: var(--app-header-border-bottom, none);
        color: var(--app-header-text-color, var(--text-primary-color));
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        inset-block-start: 0;
        min-block-size: var(--header-height, 56px);
        padding-inline: 8px 16px;
        position: sticky;
        z-index: 3;
      }
      header .title {
        font-size: 1.25rem;
        margin-inline-end: auto;
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      nav a {
        align-items: center;
        border-block-end: 3px solid transparent;
        color: inherit;
        display: inline-flex;
        gap: 8px;
        min-block-size: 48px;
        padding-inline: 12px;
        text-decoration: none;
      }
      nav a[aria-current] {
        border-block-end-color: currentColor;
        font-weight: 500;
      }
      @media (max-width: 700px) {
        header .title {
          font-size: 1.1rem;
        }
        nav {
          display: grid;
          flex: 1 0 100%;
          grid-auto-columns: 1fr;
          grid-auto-flow: column;
        }
        nav a {
          flex-direction: column;
          font-size: 0.8rem;
          gap: 0;
          justify-content: center;
          line-height: 1.3;
          min-block-size: 52px;
          padding-inline: 2px;
          text-align: center;
        }
      }
      header :focus-visible {
        outline-color: currentColor;
        outline-offset: -4px;
      }
      /* The board has a heading of its own. */
      .heard {
        block-size: 1px;
        clip-path: inset(50%);
        inline-size: 1px;
        margin: 0;
        overflow: hidden;
        position: absolute;
      }
      .notice {
        margin: 16px auto 0;
        max-width: 1100px;
        padding-inline: 16px;
      }
      .notice .lines {
        white-space: pre-line;
      }
      .notice button {
        white-space: nowrap;
      }
    `,
  ];

  /** The content hash under which this code was loaded. */
  static bundle = "";

  declare hass: Hass;
  declare narrow: boolean;
  declare route: Route | undefined;
  declare private context: Context | undefined;
  declare private failure: string;
  declare private changes: number;

  private language = "";
  private client: Client | undefined;
  private unsubscribe: (() => Promise<void>) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastRead = 0;
  /** Set when this person may not see the page: asking again by itself would only fill the ledger with refusals. */
  private refused: ServerError | undefined;

  constructor() {
    super();
    this.narrow = false;
    this.failure = "";
    this.changes = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.client) void this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopListening();
  }

  private stopListening(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    // One of a connection that is gone cannot be ended, and need not be.
    this.unsubscribe?.().catch(() => undefined);
    this.unsubscribe = undefined;
  }

  /** Without being asked to: nobody reloads a page on which something is typed. */
  private tryAgain(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    // What brings page or connection back begins anew.
    if (!this.isConnected || !this.hass.connected || this.refused) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.begin();
    }, AGAIN);
  }

  /** Home Assistant gives a new `hass` with every state of every entity; hardly any concerns this page. */
  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    if (changed.size > 1 || !changed.has("hass")) return true;
    const before = changed.get("hass");
    return (
      before?.language !== this.hass.language ||
      before.connected !== this.hass.connected ||
      before.panels !== this.hass.panels
    );
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("hass")) return;
    const before = changed.get("hass");
    if (!this.client || this.language !== this.hass.language) {
      this.language = this.hass.language;
      this.client ??= new Client(this.hass.connection);
      void this.begin();
    } else if (before && !before.connected && this.hass.connected && !this.refused) {
      // It went with the connection.
      this.unsubscribe = undefined;
      void this.begin();
    }
  }

  private async begin(): Promise<void> {
    try {
      await load(this.hass);
      if (this.refused) {
        this.failed(this.refused);
        return;
      }
      await this.readInfo();
      if (!this.isConnected || this.unsubscribe || this.isRefused()) return;
      this.unsubscribe = await this.client?.changes(() => {
        this.somethingChanged();
      });
      this.endIfGone();
    } catch (error) {
      this.failed(error);
      this.tryAgain();
    }
  }

  private isRefused(): boolean {
    return this.refused !== undefined;
  }

  /** The panel, or the right to see it, may have been taken away while it was subscribing. */
  private endIfGone(): void {
    if (!this.isConnected || this.refused) this.stopListening();
  }

  private somethingChanged(): void {
    if (this.timer !== undefined) return;
    const wait = Math.max(0, this.lastRead + PAUSE - Date.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.readInfo();
    }, wait);
  }

  private async readInfo(): Promise<void> {
    if (!this.client) return;
    this.lastRead = Date.now();
    try {
      const info: Info = await this.client.info();
      this.context = {
        hass: this.hass,
        t: textsOf(this.hass),
        api: this.client,
        clock: new Clock(this.hass.language, info.time_zone),
        info,
      };
      this.failure = "";
      this.changes += 1;
    } catch (error) {
      this.failed(error);
      this.tryAgain();
    }
  }

  private failed(error: unknown): void {
    // Rights that were taken away must take the page away too.
    if (error instanceof ServerError && error.refusesPerson) {
      this.context = undefined;
      this.refused = error;
      this.stopListening();
    }
    const t = textsOf(this.hass);
    this.failure = this.context
      ? t("common.stale", { error: errorText(this.hass, t, error) })
      : errorText(this.hass, t, error);
  }

  /** Whether Home Assistant by now serves another version than the one that runs here. */
  private outdated(): boolean {
    const served = this.hass.panels["niiza-cctv"]?.config?.bundle;
    return typeof served === "string" && served !== NiizaCctvPanel.bundle;
  }

  private here(): Here | undefined {
    const pages = this.context?.info.pages ?? [];
    const [name = pages[0] ?? "", id = "", part = ""] = (this.route?.path ?? "").split("/").filter(Boolean);
    const page = PAGE_OF[name] ?? pages[0];
    return page && pages.includes(page) ? { page, name, id: decodeURIComponent(id), part: decodeURIComponent(part) } : undefined;
  }

  private page(context: Context, here: Here) {
    const { changes } = this;
    switch (here.name) {
      case "case":
        return html`<niiza-cctv-case .context=${context} .changes=${changes} .caseId=${here.id}></niiza-cctv-case>`;
      case "mask":
        return html`<niiza-cctv-mask-editor
          .context=${context}
          .changes=${changes}
          .caseId=${here.id}
          .item=${here.part}
        ></niiza-cctv-mask-editor>`;
      case "new":
        return html`<niiza-cctv-new .context=${context}></niiza-cctv-new>`;
      case "check":
        return html`<niiza-cctv-check .context=${context} .changes=${changes} .checkId=${here.id}></niiza-cctv-check>`;
      case "acceptance":
        return html`<niiza-cctv-acceptance
          .context=${context}
          .changes=${changes}
          .camera=${here.id}
        ></niiza-cctv-acceptance>`;
      case "settings":
        if (here.id)
          return html`<niiza-cctv-settings-confirm
            .context=${context}
            .changes=${changes}
            .token=${here.id}
          ></niiza-cctv-settings-confirm>`;
    }
    return this.tab(context, here.page);
  }

  private tab(context: Context, page: PageName) {
    const { changes } = this;
    switch (page) {
      case "cases":
        return html`<niiza-cctv-cases .context=${context} .changes=${changes}></niiza-cctv-cases>`;
      case "checks":
        return html`<niiza-cctv-checks .context=${context} .changes=${changes}></niiza-cctv-checks>`;
      case "board":
        // The dashboard's own, which is loaded with every page.
        return html`<div class="page">
          <h1 class="heard">${context.t("nav.board")}</h1>
          <niiza-cctv-board .hass=${this.hass}></niiza-cctv-board>
        </div>`;
      case "settings":
        return html`<niiza-cctv-settings .context=${context} .changes=${changes}></niiza-cctv-settings>`;
      case "ledger":
        return html`<niiza-cctv-ledger .context=${context} .changes=${changes}></niiza-cctv-ledger>`;
      case "people":
        return html`<niiza-cctv-people .context=${context} .changes=${changes}></niiza-cctv-people>`;
    }
  }

  /** What a person is told who came to a page that is not there for them. */
  private notHere({ t, info }: Context) {
    const [first] = info.pages;
    return html`<div class="notice">
      <ha-alert alert-type="info">${t("common.not_here")}</ha-alert>
      ${first ? html`<p><a class="button" href="${PANEL_PATH}/${first}">${t(`nav.${first}`)}</a></p>` : nothing}
    </div>`;
  }

  private navigation(pages: PageName[], here: Here | undefined) {
    const t = textsOf(this.hass);
    if (pages.length < 2) return nothing;
    return html`<nav aria-label=${t("nav.title")}>
      ${pages.map(
        (page) =>
          html`<a href="${PANEL_PATH}/${page}" aria-current=${here?.page === page ? "page" : nothing}
            ><ha-icon icon=${TABS[page]}></ha-icon><span>${t(`nav.${page}`)}</span></a
          >`,
      )}
    </nav>`;
  }

  private outdatedNotice() {
    const t = textsOf(this.hass);
    return html`<ha-alert alert-type="info"
      >${t("common.outdated")}
      <button
        slot="action"
        @click=${() => {
          location.reload();
        }}
      >
        ${t("common.reload")}
      </button></ha-alert
    >`;
  }

  /** Put away what this person was told: their own list, nobody else's. */
  private async dismiss(tag: string): Promise<void> {
    try {
      await this.client?.dismissNotice(tag);
      await this.readInfo();
    } catch (error) {
      this.failed(error);
    }
  }

  private told({ info, clock, t }: Context) {
    return info.notices.map(
      ({ tag, title, message, path, at }) =>
        html`<ha-alert alert-type="info" .title=${title}
          ><span class="lines">${message}</span> <a href=${path}>${t("common.open")}</a> <span class="small">${clock.at(at)}</span>
          <button slot="action" @click=${() => void this.dismiss(tag)}>${t("common.put_away")}</button></ha-alert
        >`,
    );
  }

  private notices() {
    const t = textsOf(this.hass);
    return html`<div class="notice" role="status">
      ${this.context ? this.told(this.context) : nothing}
      ${this.outdated() ? this.outdatedNotice() : nothing}
      ${this.failure ? html`<ha-alert alert-type="error">${this.failure}</ha-alert>` : nothing}
      ${this.failure && !this.context && !this.refused
        ? html`<p>
            <button @click=${() => void this.begin()}>${t("common.again")}</button>
          </p>`
        : nothing}
      ${this.context && !this.context.info.ledger.available
        ? html`<ha-alert alert-type="error">${t("common.ledger_down")}</ha-alert>`
        : nothing}
    </div>`;
  }

  protected override render() {
    const { context } = this;
    const here = this.here();
    return html`
      <header>
        <ha-menu-button .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>
        <div class="title">${textsOf(this.hass)("nav.title")}</div>
        ${this.navigation(context?.info.pages ?? [], here)}
      </header>
      ${this.notices()}
      <main>${context ? (here ? this.page(context, here) : this.notHere(context)) : nothing}</main>
    `;
  }
}
