import { css, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { DOMAIN, ServerError } from "./api";
import type { BoardCamera, FaultShown, NextStepShown, SectionFaultShown, Severity } from "./api-types";
import { Card, ago, cardStyles, chosen, lengthOf, offsetWords, pickerWord } from "./card";
import { errorText, textOr } from "./texts";

export interface BoardConfig {
  type: string;
  title?: string;
  cameras?: string[];
  compact?: boolean;
}

/** So many cameras are looked through without a field to search in. */
const SEARCHED_FROM = 9;
/** From so many on, a camera without faults is one line, whatever the card was told. */
const COMPACT_FROM = 13;
/** How long it is said that a button was pressed (ms). */
const SAID_FOR = 8000;

const ICONS: Record<Severity | "fine", string> = {
  grave: "mdi:alert-octagon",
  serious: "mdi:alert",
  minor: "mdi:calendar-alert",
  unknown: "mdi:help-circle",
  fine: "mdi:check-circle",
};
const STEP_ICONS: Record<string, string> = {
  refresh: "mdi:refresh",
  prove: "mdi:play-box-lock",
  settings: "mdi:cog",
  repair: "mdi:wrench",
  device: "mdi:cctv",
  check: "mdi:clipboard-check",
  ledger: "mdi:book-lock",
  section: "mdi:cog",
};
/** So long a page that has just opened may still scroll by itself (ms). */
const SETTLES_WITHIN = 4000;
/** For how long notices may be silenced here, in hours; the action takes any other. */
const MUTE_HOURS = [8, 24, 72, 168] as const;
const MUTE_REASONS = ["repair_ordered", "work_at_station", "taken_down", "other"] as const;
/** What is said at the end of a camera rather than at one of its faults. */
const MUTING = "mute";

/** How bad it is with a camera: as its worst fault, and not known where its card is not. */
export function severityOf(camera: BoardCamera): Severity | "fine" {
  const [worst] = camera.faults;
  if (worst) return worst.severity;
  if (camera.offline) return "fine";
  return camera.alive === null || camera.sd === null || camera.sd === "unproven" ? "unknown" : "fine";
}

/** Without the differences that nobody means who searches: Ａ, A and a are one. */
function plain(text: string): string {
  return text.normalize("NFKC").toLocaleLowerCase();
}

/** Those whose worst fault is worse first, as the server ranks faults; then those of which nothing is known; each by name. */
export function worstFirst(cameras: readonly BoardCamera[]): BoardCamera[] {
  const rank = (camera: BoardCamera) =>
    camera.faults[0]?.rank ?? (severityOf(camera) === "fine" ? Infinity : Number.MAX_SAFE_INTEGER);
  return cameras
    .map((camera) => ({ camera, place: rank(camera) }))
    .sort((one, other) => (one.place === other.place ? 0 : one.place - other.place))
    .map(({ camera }) => camera);
}

/** The camera that the page's address names: that of which a notice told. */
function named(): string | undefined {
  return new URLSearchParams(location.search).get("camera") ?? undefined;
}

/** Give the focus back to the button that opened a camera's form, before the form is gone. */
function leave(within: HTMLElement): void {
  within.closest("li")?.querySelector<HTMLElement>("button.mute")?.focus();
}

/** How all of the section's cameras stand, the worst first, each fault with what to do about it. */
export class NiizaCctvBoard extends Card {
  static override properties = {
    ...Card.properties,
    config: { state: true },
    wanted: { state: true },
    pressed: { state: true },
    stills: { state: true },
    muting: { state: true },
    named: { state: true },
  };

  static override styles = [
    cardStyles,
    css`
      :host {
        container-type: inline-size;
      }
      header {
        display: grid;
        gap: 8px;
        padding: 16px 16px 12px;
      }
      h2 {
        font-size: 1.3rem;
        font-weight: 500;
      }
      .sum {
        align-items: center;
        display: flex;
        gap: 8px;
      }
      .links {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      input[type="search"] {
        background: transparent;
        border: 1px solid currentColor;
        border-radius: 10px;
        color: inherit;
        font: inherit;
        inline-size: 100%;
        max-inline-size: 24rem;
        min-block-size: 44px;
        padding: 4px 12px;
      }
      input::placeholder {
        color: inherit;
        opacity: 0.8;
      }
      .cameras {
        display: grid;
        gap: 1px;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr));
      }
      .camera {
        border-block-start: 1px solid var(--divider-color);
        content-visibility: auto;
        contain-intrinsic-size: auto 120px;
        display: grid;
        align-content: start;
        gap: 8px;
        min-inline-size: 0;
        padding: 12px 16px;
      }
      .camera.bad {
        grid-column: 1 / -1;
      }
      .camera.named {
        content-visibility: visible;
        outline: 3px solid currentColor;
        outline-offset: -4px;
      }
      header .faults {
        padding-block: 4px;
      }
      .head {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
      }
      h3 {
        font-size: 1.1rem;
        font-weight: 500;
        overflow-wrap: anywhere;
      }
      .area {
        color: var(--primary-text-color);
        font-size: 0.9rem;
      }
      .badge,
      .chip.bad,
      .chip.sd {
        background: var(--unknown);
        border-color: transparent;
        color: #fff;
      }
      .badge {
        align-items: center;
        border-radius: 8px;
        display: inline-flex;
        flex: none;
        font-size: 0.9rem;
        font-weight: 500;
        gap: 4px;
        padding: 2px 8px;
      }
      .badge.grave,
      .chip.bad.grave,
      .chip.sd.grave {
        background: var(--grave);
      }
      .badge.serious,
      .chip.bad.serious {
        background: var(--serious);
      }
      .badge.minor,
      .chip.bad.minor {
        background: var(--minor);
      }
      .badge.fine,
      .chip.sd.fine {
        background: var(--fine);
      }
      .chips {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .chip {
        border: 1px solid var(--divider-color);
        border-radius: 8px;
        font-size: 0.9rem;
        padding: 1px 8px;
      }
      .chip.unknown {
        border-style: dashed;
        border-color: currentColor;
      }
      .chip.sd {
        font-weight: 500;
      }
      button.look {
        border-color: var(--divider-color);
        font-size: 0.9rem;
        min-block-size: 36px;
        padding: 1px 10px;
      }
      .chip.muted {
        align-items: center;
        border-color: currentColor;
        display: inline-flex;
        gap: 4px;
      }
      form {
        border: 1px solid var(--divider-color);
        border-radius: 10px;
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: end;
        padding: 12px;
      }
      form p {
        flex-basis: 100%;
      }
      form label {
        display: grid;
        font-size: 0.9rem;
        gap: 2px;
      }
      select {
        background: var(--card-background-color);
        border: 1px solid currentColor;
        border-radius: 10px;
        color: inherit;
        font: inherit;
        max-inline-size: 100%;
        min-block-size: 44px;
        padding: 4px 12px;
      }
      .still {
        max-inline-size: 40rem;
      }
      .faults {
        display: grid;
        gap: 8px;
      }
      .fault {
        align-items: center;
        border-inline-start: 4px solid var(--unknown);
        display: grid;
        gap: 4px 16px;
        grid-template-columns: minmax(0, 1fr) auto;
        padding-inline-start: 10px;
      }
      .fault.grave {
        border-color: var(--grave);
      }
      .fault.serious {
        border-color: var(--serious);
      }
      .fault.minor {
        border-color: var(--minor);
      }
      .what {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        font-weight: 500;
        gap: 4px 8px;
      }
      .fact {
        align-items: center;
        display: inline-flex;
        gap: 8px;
      }
      .since {
        font-size: 0.9rem;
        font-weight: 400;
      }
      .next {
        font-size: 0.95rem;
      }
      .said {
        font-size: 0.9rem;
        grid-column: 1 / -1;
      }
      .side {
        justify-self: end;
      }
      .foot {
        padding: 8px 16px 16px;
      }
      @container (max-width: 36rem) {
        .fault {
          grid-template-columns: minmax(0, 1fr);
        }
        .side {
          justify-self: start;
        }
      }
    `,
  ];

  declare protected config: BoardConfig;
  /** What is searched for. */
  declare protected wanted: string;
  /** What became of the button of a fault, by camera and fault; "" while it is being pressed. */
  declare protected pressed: ReadonlyMap<string, string>;
  /** The cameras of which a still is shown. */
  declare protected stills: ReadonlySet<string>;
  /** The camera whose notices are about to be silenced. */
  declare protected muting: string | undefined;
  /** The camera that the page's address names. */
  declare protected named: string | undefined;
  /** Whether it has been brought into sight: once, whoever looks on is not pulled back. */
  private pointed = false;
  private pointing: AbortController | undefined;

  constructor() {
    super();
    this.config = { type: "custom:niiza-cctv-board" };
    this.wanted = "";
    this.pressed = new Map();
    this.stills = new Set();
    this.muting = undefined;
    this.named = named();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("location-changed", this.moved);
    this.moved();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("location-changed", this.moved);
    this.pointing?.abort();
  }

  private readonly moved = (): void => {
    this.named = named();
    this.pointed = false;
  };

  protected override updated(): void {
    if (this.pointed || this.named === undefined) return;
    const row = this.renderRoot.querySelector<HTMLElement>(".camera.named");
    if (!row) return;
    this.pointed = true;
    row.querySelector<HTMLElement>("h3")?.focus({ preventScroll: true });
    this.bringIntoSight(row);
  }

  /** Again and again for a moment: a dashboard scrolls to its top once it is built. Not against whoever scrolls by hand. */
  private bringIntoSight(row: HTMLElement): void {
    this.pointing?.abort();
    const pointing = (this.pointing = new AbortController());
    const { signal } = pointing;
    const end = () => {
      pointing.abort();
    };
    for (const hand of ["wheel", "touchstart", "pointerdown", "keydown"])
      window.addEventListener(hand, end, { passive: true, signal });
    const look = () => {
      const { top } = row.getBoundingClientRect();
      if (top < 0 || top > window.innerHeight / 2) row.scrollIntoView({ block: "center" });
    };
    row.scrollIntoView({ block: "center" });
    const timer = setInterval(look, 250);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
    });
    setTimeout(end, SETTLES_WITHIN);
  }

  // --- What Home Assistant asks of a card ----------------------------------------------------------------------

  static getStubConfig(): Omit<BoardConfig, "type"> {
    return {};
  }

  static getConfigForm() {
    return {
      schema: [
        { name: "title", selector: { text: {} } },
        {
          name: "cameras",
          selector: { device: { multiple: true, filter: [{ integration: "niiza_cctv" }] } },
        },
        { name: "compact", selector: { boolean: {} } },
      ],
      computeLabel: ({ name }: { name: string }) => pickerWord(`option_${name}`),
    };
  }

  setConfig(config: BoardConfig): void {
    if (config.cameras !== undefined && !Array.isArray(config.cameras))
      throw new Error(pickerWord("option_cameras"));
    this.config = config;
  }

  getCardSize(): number {
    return 2 + 3 * (this.shown?.cameras.length ?? 4);
  }

  getGridOptions() {
    return { columns: "full", min_columns: 6 };
  }

  // --- What it does ----------------------------------------------------------------------------------------------

  private press(camera: BoardCamera, fault: FaultShown, entity: string): Promise<void> {
    return this.call(camera, fault.fault, "button", "press", { entity_id: entity });
  }

  /** By the hand of whoever looks: the server refuses everybody who may not. */
  private async mute(camera: BoardCamera, hours: number, reason: string): Promise<void> {
    this.muting = undefined;
    await this.call(camera, MUTING, DOMAIN, "mute_alerts", { camera: camera.id, hours, reason });
  }

  private async unmute(camera: BoardCamera): Promise<void> {
    await this.call(camera, MUTING, DOMAIN, "unmute_alerts", { camera: camera.id });
  }

  private async call(
    camera: BoardCamera,
    of: string,
    domain: string,
    service: string,
    data: Record<string, unknown>,
  ): Promise<void> {
    const key = `${camera.id} ${of}`;
    if (this.pressed.get(key) === "") return;
    this.say(key, "");
    // Silenced notices show themselves on the board.
    let said = of === MUTING ? undefined : this.t("board.pressed");
    try {
      await this.hass.callService(domain, service, data);
    } catch (error) {
      const cause = typeof error === "object" && error !== null ? error : { message: String(error) };
      said = errorText(this.hass, this.t, new ServerError(cause));
    }
    this.say(key, said);
    if (said === undefined) return;
    setTimeout(() => {
      this.say(key, undefined);
    }, SAID_FOR);
  }

  private say(key: string, said: string | undefined): void {
    const pressed = new Map(this.pressed);
    if (said === undefined) pressed.delete(key);
    else pressed.set(key, said);
    this.pressed = pressed;
  }

  private toggleStill(camera: BoardCamera): void {
    const stills = new Set(this.stills);
    if (!stills.delete(camera.id)) stills.add(camera.id);
    this.stills = stills;
  }

  // --- What it shows ---------------------------------------------------------------------------------------------

  protected override content(): unknown {
    const cameras = chosen(this.shown?.cameras ?? [], this.config.cameras);
    const text = plain(this.wanted.trim());
    const found = worstFirst(cameras.filter(({ name, area }) => plain(`${name} ${area ?? ""}`).includes(text)));
    return html`
      <header>
        <h2>${this.config.title ?? this.t("board.heading")}</h2>
        ${this.summary(cameras)} ${this.links()}
        ${cameras.length >= SEARCHED_FROM
          ? html`<input
              type="search"
              aria-label=${this.t("board.search")}
              placeholder=${this.t("board.search")}
              .value=${this.wanted}
              @input=${(event: Event) => {
                this.wanted = (event.target as HTMLInputElement).value;
              }}
            />`
          : nothing}
      </header>
      ${found.length || !cameras.length
        ? nothing
        : html`<p class="foot" role="status">${this.t("board.no_match", { text: this.wanted })}</p>`}
      <ul class="cameras">
        ${repeat(
          found,
          ({ id }) => id,
          (camera) => this.camera(camera, this.isCompact(cameras.length)),
        )}
      </ul>
    `;
  }

  private isCompact(count: number): boolean {
    return this.config.compact ?? count >= COMPACT_FROM;
  }

  private summary(cameras: readonly BoardCamera[]) {
    const { t } = this;
    if (!cameras.length) {
      // No camera is not one that is being looked at.
      const text = t(this.shown?.cameras.length ? "board.none_chosen" : "board.none");
      return html`<p class="sum" role="status"><ha-icon icon="mdi:information"></ha-icon><span>${text}</span></p>
        <div class="links">${this.mending()}</div>`;
    }
    const count = (...severities: string[]) =>
      cameras.filter((camera) => severities.includes(severityOf(camera))).length;
    const wrong = count("grave", "serious", "minor");
    const unknown = count("unknown");
    if (!wrong && !unknown) return this.sum("fine", t("board.all_well", { count: cameras.length }));
    const worst = (["grave", "serious", "minor"] as const).find((one) => count(one)) ?? "unknown";
    const texts = [
      ...(wrong ? [t("board.some_wrong", { count: cameras.length, wrong })] : []),
      ...(unknown ? [t("board.some_unknown", { unknown })] : []),
    ];
    return this.sum(worst, texts.join(" "));
  }

  private sum(severity: Severity | "fine", text: string) {
    return html`<p class="sum" role="status">
      <span class="badge ${severity}"
        ><ha-icon icon=${ICONS[severity]}></ha-icon>${this.t(`board.severity_${severity}`)}</span
      ><span>${text}</span>
    </p>`;
  }

  private links() {
    const { t } = this;
    const section = this.shown?.section;
    if (!section) return nothing;
    const { checks_due: due, checks_failed: failed, cases } = section;
    const casesText = cases
      ? [
          t("board.cases", { open: cases.open }),
          ...(cases.at_risk ? [t("board.cases_at_risk", { count: cases.at_risk })] : []),
        ].join(" ")
      : "";
    return html`
      ${section.faults.length
        ? html`<ul class="faults">
            ${section.faults.map((fault) => this.ofSection(fault))}
          </ul>`
        : nothing}
      ${section.panel
        ? html`<nav class="links">
            <a class="step" href="${section.panel}/checks"
              ><ha-icon icon="mdi:clipboard-check"></ha-icon>${t("board.checks", { due, failed })}</a
            >
            ${cases
              ? html`<a class="step" href=${cases.path}><ha-icon icon="mdi:folder-lock"></ha-icon>${casesText}</a>`
              : nothing}
          </nav>`
        : nothing}
    `;
  }

  /** What is wrong with the section itself. */
  private ofSection({ fault, severity, step }: SectionFaultShown) {
    const words = (kind: "fault" | "next") => textOr(this.t, `board.${kind}_${fault}`, fault);
    return this.line(severity, words("fault"), words("next"), this.wayOn(step));
  }

  private camera(camera: BoardCamera, compact: boolean) {
    const severity = severityOf(camera);
    const muted = this.mutedUntil(camera);
    const short = compact && (severity === "fine" || severity === "minor") && !muted;
    const isNamed = camera.id === this.named;
    return html`<li class="camera ${camera.faults.length ? "bad" : ""} ${isNamed ? "named" : ""}">
      <div class="head">
        <span class="badge ${severity}"
          ><ha-icon icon=${ICONS[severity]}></ha-icon>${this.t(`board.severity_${severity}`)}</span
        >
        <h3 tabindex=${isNamed ? -1 : nothing}>${camera.name}</h3>
        ${camera.area ? html`<span class="area">${camera.area}</span>` : nothing}
        ${short ? this.sd(camera) : nothing}
      </div>
      ${camera.faults.length
        ? html`<ul class="faults">
            ${camera.faults.map((fault) => this.fault(camera, fault))}
          </ul>`
        : nothing}
      ${short
        ? nothing
        : html`<div class="chips">
              ${muted
                ? html`<span class="chip muted"
                    ><ha-icon icon="mdi:bell-off"></ha-icon>${this.t("board.muted", { at: this.clock.short(muted) })}</span
                  >`
                : nothing}
              ${this.chips(camera)} ${this.stillButton(camera)} ${this.muteButton(camera, muted)}
            </div>
            ${this.muteForm(camera, muted)} ${this.still(camera)}`}
    </li>`;
  }

  private chip(text: string, kind = "", title = "") {
    return html`<span class="chip ${kind}" title=${title || nothing}>${text}</span>`;
  }

  /** The letters that staff know: green while recording is proved, red on an error, else neither. */
  private sd(camera: BoardCamera) {
    const { t } = this;
    if (camera.offline) return this.chip(t("board.sd_by_hand"));
    const sd = camera.sd ?? "unproven";
    const kind = sd === "recording" ? "fine" : sd === "unproven" ? "" : "grave";
    return this.chip(t(`board.sd_${sd}`), `sd ${kind}`);
  }

  private chips(camera: BoardCamera): unknown[] {
    const { t } = this;
    if (camera.offline)
      return [this.chip(t("board.alive_offline")), this.sd(camera), this.sign(camera)];
    return [this.sd(camera), this.alive(camera), this.audio(camera), this.kept(camera), this.time(camera), this.sign(camera), this.proof(camera)];
  }

  private alive({ alive, failed }: BoardCamera) {
    const { t } = this;
    if (alive === null) return this.chip(t("board.alive_unknown"), "unknown");
    if (alive) return this.chip(t("board.alive_yes"));
    return failed.includes("onvif")
      ? this.chip(t("board.alive_no"), "bad grave")
      : this.chip(t("board.alive_mail"), "bad serious");
  }

  private audio({ audio, audio_allowed }: BoardCamera) {
    const { t } = this;
    if (audio === null) return this.chip(t("board.audio_unknown"), "unknown");
    return audio
      ? this.chip(t("board.audio_on"), audio_allowed ? "" : "bad grave")
      : this.chip(t("board.audio_off"));
  }

  private kept({ kept }: BoardCamera) {
    const { t } = this;
    if (!kept) return this.chip(t("board.kept_unknown"), "unknown");
    const text = t("board.kept", { days: kept.days, standard: kept.standard_days });
    return this.chip(text, kept.status === "within" ? "" : "bad serious");
  }

  private time({ clock }: BoardCamera) {
    const { t } = this;
    if (!clock) return this.chip(t("board.clock_unknown"), "unknown");
    return clock.off
      ? this.chip(t("board.clock_off", { offset: offsetWords(t, clock.offset_seconds) }), "bad minor")
      : this.chip(t("board.clock_right"));
  }

  private sign({ sign }: BoardCamera) {
    const { t } = this;
    if (!sign) return this.chip(t("board.sign_unknown"), "unknown");
    if (sign.failed) return this.chip(t("board.sign_failed"), "bad serious");
    if (sign.due || !sign.confirmed_at) return this.chip(t("board.sign_due"), "bad minor");
    return this.chip(t("board.sign_fine", { at: this.clock.date(sign.confirmed_at) }));
  }

  private proof({ proof }: BoardCamera) {
    const { t } = this;
    if (!proof) return this.chip(t("board.proof_none"), "unknown");
    const text = t(`board.proof_${proof.outcome}`, { ago: ago(t, proof.at, this.now) });
    const kind = { decoded: "", not_possible: "unknown", no_data: "bad grave", undecodable: "bad grave" };
    return this.chip(text, kind[proof.outcome], this.clock.at(proof.at));
  }

  /** What fills the gaps of a fault's words. */
  private values({ name, last_contact }: BoardCamera, { values }: FaultShown) {
    const seconds = values.offset_seconds;
    return {
      camera: name,
      last: last_contact ? this.clock.at(last_contact) : "–",
      ...values,
      offset: typeof seconds === "number" ? offsetWords(this.t, seconds) : "",
    };
  }

  private fault(camera: BoardCamera, fault: FaultShown) {
    const { t, now } = this;
    const values = this.values(camera, fault);
    const words = (kind: "fault" | "next") =>
      textOr(t, `board.${kind}_${fault.fault}`, fault.fault, values);
    const since = fault.since
      ? t("board.since", {
          at: this.clock.short(fault.since),
          duration: lengthOf(t, (now.getTime() - new Date(fault.since).getTime()) / 1000),
        })
      : "";
    const contact =
      fault.fault === "dead" && camera.last_contact
        ? t("board.last_contact", { at: this.clock.short(camera.last_contact) })
        : "";
    const said = this.pressed.get(`${camera.id} ${fault.fault}`);
    return this.line(fault.severity, words("fault"), words("next"), this.step(camera, fault), {
      since: `${since} ${contact}`,
      said: said === "" ? t("board.pressing") : said,
    });
  }

  /** What is wrong, what to do, and where. */
  private line(
    severity: Severity,
    what: string,
    next: string,
    step: unknown,
    { since = "", said }: { since?: string; said?: string | undefined } = {},
  ) {
    return html`<li class="fault ${severity}">
      <div>
        <p class="what">
          <span class="hidden">${this.t(`board.severity_${severity}`)}</span>
          <span class="fact"><ha-icon icon=${ICONS[severity]}></ha-icon><span>${what}</span></span>
          <span class="since">${since}</span>
        </p>
        <p class="next">${next}</p>
      </div>
      ${step}
      <p class="said" role="status">${said}</p>
    </li>`;
  }

  private step(camera: BoardCamera, fault: FaultShown) {
    if (!fault.step) return nothing;
    const { kind, entity_id } = fault.step;
    const text = this.t(`board.step_${kind}`);
    const label = this.t("board.step_of", { camera: camera.name, step: text });
    if (!entity_id) return this.wayOn(fault.step, label);
    return html`<button
      type="button"
      class="side"
      aria-label=${label}
      ?disabled=${this.pressed.get(`${camera.id} ${fault.fault}`) === ""}
      @click=${() => void this.press(camera, fault, entity_id)}
    >
      ${this.stepIcon(kind)}${text}
    </button>`;
  }

  /** The way to where it is done; for whoever may not, whom to ask. */
  private wayOn({ kind, path }: NextStepShown, label?: string) {
    const text = this.t(`board.step_${kind}`);
    return path
      ? html`<a class="step side" href=${path} aria-label=${label ?? nothing}>${this.stepIcon(kind)}${text}</a>`
      : html`<span class="side">${text}</span>`;
  }

  private stepIcon(kind: string) {
    return html`<ha-icon icon=${STEP_ICONS[kind] ?? "mdi:arrow-right"}></ha-icon>`;
  }

  private stillButton(camera: BoardCamera) {
    if (!camera.entity_id) return nothing;
    const shown = this.stills.has(camera.id);
    const text = this.t(shown ? "board.still_close" : "board.still");
    return html`<button
      type="button"
      class="look"
      aria-expanded=${shown ? "true" : "false"}
      aria-label=${this.t("board.step_of", { camera: camera.name, step: text })}
      @click=${() => {
        this.toggleStill(camera);
      }}
    >
      <ha-icon icon="mdi:image"></ha-icon>${text}
    </button>`;
  }

  /** Until when nobody is told of a camera's faults; undefined once that is over. */
  private mutedUntil({ muted_until: until }: BoardCamera): string | undefined {
    return until !== null && new Date(until) > this.now ? until : undefined;
  }

  private muteButton(camera: BoardCamera, muted: string | undefined) {
    if (!this.shown?.section?.may_mute || camera.offline) return nothing;
    const said = this.pressed.get(`${camera.id} ${MUTING}`);
    const text = this.t(muted ? "board.unmute" : "board.mute");
    return html`<button
        type="button"
        class="look mute"
        aria-expanded=${muted ? nothing : this.muting === camera.id ? "true" : "false"}
        aria-label=${this.t("board.step_of", { camera: camera.name, step: text })}
        ?disabled=${said === ""}
        @click=${() => {
          if (muted) void this.unmute(camera);
          else this.muting = this.muting === camera.id ? undefined : camera.id;
        }}
      >
        <ha-icon icon=${muted ? "mdi:bell-ring" : "mdi:bell-off"}></ha-icon>${text}</button
      ><span role="status">${said === "" ? this.t("common.working") : said}</span>`;
  }

  /** For how long and why: both go into the ledger, with the name of who decides so. */
  private muteForm(camera: BoardCamera, muted: string | undefined) {
    if (this.muting !== camera.id || muted || !this.shown?.section?.may_mute) return nothing;
    const { t } = this;
    return html`<form
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        const form = event.currentTarget as HTMLFormElement;
        const typed = new FormData(form);
        leave(form);
        void this.mute(camera, Number(typed.get("hours")), typed.get("reason") as string);
      }}
    >
      <p>${t("board.mute_why", { camera: camera.name })}</p>
      <label
        >${t("board.mute_hours")}
        <select name="hours">
          ${MUTE_HOURS.map(
            (hours) =>
              html`<option value=${hours} ?selected=${hours === 24}>${lengthOf(t, hours * 3600)}</option>`,
          )}
        </select></label
      >
      <label
        >${t("board.mute_reason")}
        <select name="reason" required>
          <option value=""></option>
          ${MUTE_REASONS.map((reason) => html`<option value=${reason}>${this.reason(reason)}</option>`)}
        </select></label
      >
      <button type="submit">${t("board.mute")}</button>
      <button
        type="button"
        @click=${(event: Event) => {
          leave(event.currentTarget as HTMLElement);
          this.muting = undefined;
        }}
      >
        ${t("board.mute_close")}
      </button>
    </form>`;
  }

  private reason(reason: (typeof MUTE_REASONS)[number]): string {
    return this.hass.localize(`component.${DOMAIN}.selector.mute_reason.options.${reason}`) || reason;
  }

  private still(camera: BoardCamera) {
    return this.stills.has(camera.id)
      ? html`<niiza-cctv-tile
          class="still"
          .hass=${this.hass}
          .camera=${camera}
          .section=${this.shown?.section}
          mode="still"
        ></niiza-cctv-tile>`
      : nothing;
  }
}
