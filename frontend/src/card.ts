/** What the dashboard's cards have in common: when they are drawn, and what they say while nothing can be shown. */

import { LitElement, type PropertyValues, css, html, nothing } from "lit";

import { DOMAIN } from "./api";
import type { BoardCamera, BoardSection } from "./api-types";
import { Feed, type FeedShown } from "./feed";
import type { CardHass } from "./hass";
import { type Texts, errorText, load, textsOf } from "./texts";
import { Clock } from "./time";

/** Home Assistant's pages on which an administrator mends what keeps a card from showing anything. */
const INTEGRATIONS = "/config/integrations/dashboard";
const INTEGRATION = `/config/integrations/integration/${DOMAIN}`;

/** "Since" and "ago" grow older while nothing happens. */
const AGES_EVERY = 20_000;

export const cardStyles = css`
  :host {
    --grave: #b3261e;
    --serious: #8a4b00;
    --minor: #00599c;
    --unknown: #555b61;
    --fine: #1b6e2d;
    color: var(--primary-text-color);
    display: block;
    font-family: var(--ha-font-family-body, sans-serif);
    font-size: 1rem;
    line-height: 1.5;
  }
  * {
    box-sizing: border-box;
  }
  ha-card {
    display: block;
    overflow: hidden;
  }
  h2,
  h3,
  p,
  ul {
    font-weight: inherit;
    list-style: none;
    margin: 0;
    padding: 0;
  }
  ha-icon {
    --mdc-icon-size: 1.25em;
    flex: none;
  }
  a.step,
  button {
    align-items: center;
    background: transparent;
    border: 1px solid currentColor;
    border-radius: 10px;
    color: var(--primary-text-color);
    cursor: pointer;
    display: inline-flex;
    font: inherit;
    font-weight: 500;
    gap: 6px;
    justify-content: center;
    min-block-size: 44px;
    padding: 4px 14px;
    text-align: start;
    text-decoration: none;
  }
  a.step:hover,
  button:hover:not(:disabled) {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
  }
  button:disabled {
    cursor: default;
  }
  :focus-visible {
    outline: 3px solid var(--primary-text-color);
    outline-offset: 2px;
  }
  .says {
    align-items: start;
    display: flex;
    gap: 10px;
    padding: 16px;
  }
  .says div {
    display: grid;
    gap: 8px;
    justify-items: start;
  }
  .hidden {
    block-size: 1px;
    clip-path: inset(50%);
    inline-size: 1px;
    overflow: hidden;
    position: absolute;
    white-space: nowrap;
  }
`;

/** A card of a dashboard that shows the section's cameras. */
export abstract class Card extends LitElement {
  static override styles = [cardStyles];
  static override properties = {
    hass: { attribute: false },
    shown: { state: true },
    now: { state: true },
    ready: { state: true },
  };

  declare hass: CardHass;
  declare protected shown: FeedShown | undefined;
  declare protected now: Date;
  /** Whether the texts have come. */
  declare protected ready: boolean;
  private language = "";
  private stop: (() => void) | undefined;
  private ages: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.now = new Date();
    this.ready = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.ages = setInterval(() => {
      this.now = new Date();
    }, AGES_EVERY);
    this.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.ages);
    this.stop?.();
    this.stop = undefined;
  }

  /** Home Assistant gives a new `hass` with every state of every entity; hardly any concerns a card. */
  protected override shouldUpdate(changed: PropertyValues<this>): boolean {
    if (changed.size > 1 || !changed.has("hass")) return true;
    const before = changed.get("hass");
    return (
      before?.language !== this.hass.language ||
      before.connected !== this.hass.connected ||
      // A new one brings the texts that were asked for.
      before.localize !== this.hass.localize
    );
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("hass")) return;
    if (this.language !== this.hass.language) {
      this.language = this.hass.language;
      void this.read();
    }
    this.follow();
  }

  private async read(): Promise<void> {
    try {
      await load(this.hass);
    } finally {
      // Without texts their keys are shown: better than nothing at all.
      this.ready = true;
    }
  }

  private follow(): void {
    // The element has no `hass` before Home Assistant gives it one.
    if (!(this.hass as CardHass | undefined) || !this.isConnected || this.stop) return;
    const feed = Feed.of(this.hass);
    this.shown = feed.shown;
    this.stop = feed.listen(() => {
      this.shown = feed.shown;
      this.now = new Date();
    });
  }

  protected get t(): Texts {
    return textsOf(this.hass);
  }

  protected get clock(): Clock {
    return clockOf(this.hass, this.shown?.section);
  }

  /** Why nothing can be shown, in words; undefined where something can. */
  protected silence(): string | undefined {
    const { shown, t } = this;
    if (!shown || shown.state === "reading") return t("board.reading");
    if (shown.state === "loaded") return undefined;
    if (shown.state === "refused")
      return shown.refusal ? errorText(this.hass, t, shown.refusal) : t("board.refused");
    return t(`board.${shown.state}`);
  }

  /** That the page has lost Home Assistant, so nothing on it is of now. */
  protected lost() {
    const { shown } = this;
    if (!shown || shown.connected) return nothing;
    const at = shown.at ? this.clock.at(shown.at) : "–";
    return html`<div class="says lost" role="alert">
      <ha-icon icon="mdi:lan-disconnect"></ha-icon><span>${this.t("board.disconnected", { at })}</span>
    </div>`;
  }

  protected says(text: string) {
    const icon = this.shown?.state === "reading" ? "mdi:timer-sand" : "mdi:alert";
    return html`<div class="says" role="status">
      <ha-icon icon=${icon}></ha-icon>
      <div>
        <p>${text}</p>
        ${this.mending()}
      </div>
    </div>`;
  }

  /** What an administrator can do where nothing can be shown; everybody else can only ask one. */
  protected mending(): unknown {
    const { shown, t } = this;
    if (!shown || !this.hass.user?.is_admin) return nothing;
    const step = (label: string, path: string) => html`<a class="step" href=${path}>${label}</a>`;
    switch (shown.state) {
      case "refused":
        return html`<p>${t("board.refused_admin")}</p>
          ${step(t("board.step_roles"), INTEGRATION)}`;
      case "not_loaded":
        return step(t("board.step_reason"), INTEGRATION);
      case "removed":
        return step(t("board.step_set_up"), INTEGRATIONS);
      case "loaded":
        return shown.cameras.length ? nothing : step(t("board.step_add_camera"), INTEGRATION);
      default:
        return nothing;
    }
  }

  /** Whether another card beside this one says why nothing can be shown. */
  protected isSilent(): boolean {
    return false;
  }

  protected abstract content(): unknown;

  protected override render(): unknown {
    if (!this.ready) return html`<ha-card></ha-card>`;
    const silence = this.silence();
    if (this.isSilent() && (silence !== undefined || !this.shown?.cameras.length)) return nothing;
    return html`<ha-card>${this.lost()}${silence === undefined ? this.content() : this.says(silence)}</ha-card>`;
  }
}

const clocks = new Map<string, Clock>();

/** The section's clock in the reader's language; made once, for making one takes milliseconds. */
export function clockOf({ language }: CardHass, section: BoardSection | undefined): Clock {
  const zone = section?.time_zone ?? "Asia/Tokyo";
  const key = `${language} ${zone}`;
  const clock = clocks.get(key) ?? new Clock(language, zone);
  clocks.set(key, clock);
  return clock;
}

/** Which cameras a card was told to show: by device, by id, or by name as a person writes it; undefined means all. */
export function chosen(
  cameras: readonly BoardCamera[],
  named: string | readonly string[] | undefined,
): readonly BoardCamera[] {
  const wanted = typeof named === "string" ? [named] : (named ?? []);
  if (!wanted.length) return cameras;
  return cameras.filter(({ id, name, device_id }) =>
    wanted.some((one) => one === id || one === name || one === device_id),
  );
}

/** A length of time in its largest unit, as people say it. */
export function lengthOf(t: Texts, seconds: number): string {
  const whole = Math.max(0, Math.round(Math.abs(seconds)));
  if (whole < 60) return t("board.seconds", { count: whole });
  if (whole < 3600) return t("board.minutes", { count: Math.round(whole / 60) });
  if (whole < 172_800) return t("board.hours", { count: Math.round(whole / 3600) });
  return t("board.days", { count: Math.floor(whole / 86_400) });
}

export function ago(t: Texts, moment: string | Date, now: Date): string {
  return t("board.ago", { duration: lengthOf(t, (now.getTime() - new Date(moment).getTime()) / 1000) });
}

/** How a clock is off: "7分遅れ". */
export function offsetWords(t: Texts, seconds: number): string {
  return t(seconds < 0 ? "board.behind" : "board.ahead", { duration: lengthOf(t, seconds) });
}

/** The words of the pickers, which Home Assistant asks for before it has any of our translations. */
export function pickerWord(key: string): string {
  const hass = document.querySelector<HTMLElement & { hass?: { language?: string } }>("home-assistant")?.hass;
  const language = hass?.language ?? document.documentElement.lang;
  const words = language.startsWith("ja") ? __NIIZA_WORDS__.ja : __NIIZA_WORDS__.en;
  return words[key] ?? `${DOMAIN} ${key}`;
}
