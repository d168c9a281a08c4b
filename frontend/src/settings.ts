import { css, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { AllSettings, CameraSettings, SettingsRequest } from "./api";
import { PANEL_PATH, Page, navigate } from "./base";
import { helpId, labelled, reportFields, typedValue } from "./fields";
import { modeText, offsetText, sizeText } from "./settings-shown";
import { exceptionText } from "./shown";
import { styles } from "./styles";

/** For how long a resolution is raised unless somebody says otherwise, and at most. */
const HOURS = "24";
const LONGEST_HOURS = 336;

/** What the cameras are set to, and the three things that may be changed. Nothing is changed before its confirmation. */
export class NiizaCctvSettings extends Page {
  static override properties = {
    ...Page.properties,
    known: { state: true },
    opened: { state: true },
    asked: { state: true },
    resolution: { state: true },
    hours: { state: true },
    clockBy: { state: true },
    server: { state: true },
  };

  static override styles = [
    styles,
    css`
      .page {
        max-width: 860px;
      }
      .open {
        border: 0;
        inline-size: 100%;
        justify-content: space-between;
        padding-inline: 0;
        text-align: start;
      }
      .open h2 {
        margin: 0;
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      form {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 12px;
        margin-block-start: 20px;
        padding-block-start: 20px;
      }
      form p {
        margin: 0;
      }
      form > button {
        justify-self: start;
      }
      .hours input:not([type="radio"]) {
        inline-size: 7rem;
      }
      @media (max-width: 600px) {
        form > button {
          justify-self: stretch;
        }
      }
    `,
  ];

  declare private known: AllSettings | undefined;
  /** The camera that is looked at closely. */
  declare private opened: string;
  /** What that camera itself answered. */
  declare private asked: CameraSettings | undefined;
  declare private resolution: "everyday" | "evidence";
  declare private hours: string;
  declare private clockBy: "ntp" | "here";
  /** By which a camera's clock is to be set. */
  declare private server: string;

  constructor() {
    super();
    this.opened = new URLSearchParams(location.search).get("camera") ?? "";
    this.resolution = "everyday";
    this.hours = HOURS;
    this.clockBy = "ntp";
    this.server = "";
  }

  protected override async read(): Promise<void> {
    const first = this.known === undefined;
    this.known = await this.context.api.cameraSettings();
    if (first && this.opened) void this.ask(this.opened);
  }

  private toggle(camera: string): void {
    this.error = "";
    this.opened = this.opened === camera ? "" : camera;
    if (this.opened) void this.ask(camera);
  }

  private async ask(camera: string): Promise<void> {
    this.asked = undefined;
    await this.attempt("ask", async () => {
      const { cameras } = await this.context.api.cameraSettings(camera);
      const [answer] = cameras;
      if (answer?.camera !== this.opened) return;
      this.asked = answer;
      this.resolution = answer.resolution.within_limit === false || answer.raised ? "everyday" : "evidence";
      this.hours = HOURS;
      const { ntp } = answer.clock;
      this.server = ntp && ntp !== "dhcp" ? ntp : "";
    });
  }

  /** Ask for a change, and lead to its confirmation. */
  private async request(event: Event, name: string, work: () => Promise<SettingsRequest>): Promise<void> {
    event.preventDefault();
    if (!reportFields(event.target as HTMLFormElement)) return;
    await this.attempt(name, async () => {
      const { link } = await work();
      navigate(link.slice(PANEL_PATH.length + 1));
    });
  }

  // --- one camera ----------------------------------------------------------------------------------------------

  private chip(good: boolean | null, words: [string, string, string]) {
    const [yes, no, unknown] = words;
    return html`<span class="chip ${good === false ? "risk" : good === null ? "done" : ""}"
      ><ha-icon icon=${good === null ? "mdi:help-circle" : good ? "mdi:check-circle" : "mdi:alert-circle"}></ha-icon>${good === null ? unknown : good ? yes : no}</span
    >`;
  }

  private chips(one: CameraSettings) {
    const { t } = this.context;
    const silent = one.audio.disabled ?? null;
    return html`<p class="chips">
      ${this.chip(silent === false && one.audio.allowed ? true : silent, [
        silent ? t("settings.audio_off") : t("settings.audio_allowed"),
        t("settings.audio_on"),
        t("settings.audio_unknown"),
      ])}
      ${this.chip(one.resolution.within_limit, [
        sizeText(t, one.resolution.now),
        t("settings.size_high", { size: sizeText(t, one.resolution.now) }),
        t("settings.size_unknown"),
      ])}
      ${this.chip(one.clock.problem === null ? null : !one.clock.problem, [
        t("settings.clock_right"),
        offsetText(t, one.clock.offset),
        t("settings.clock_unknown"),
      ])}
    </p>`;
  }

  private raised(one: CameraSettings) {
    const { t, clock } = this.context;
    const { raised } = one;
    if (!raised) return nothing;
    const values = {
      at: clock.at(raised.until),
      size: sizeText(t, raised.after),
      person: raised.by?.name ?? t("history.nobody"),
    };
    return html`<ha-alert alert-type=${raised.over ? "warning" : "info"}
      >${t(raised.over ? "settings.raised_over" : "settings.raised", values)}
      ${raised.certain ? nothing : t("settings.raised_uncertain")}</ha-alert
    >`;
  }

  private button(name: string, icon: string, text: string) {
    const { t } = this.context;
    return html`<button type="submit" ?disabled=${Boolean(this.busy)}>
      <ha-icon icon=${icon}></ha-icon>${this.busy === name ? t("settings.asking") : text}
    </button>`;
  }

  private audio(one: CameraSettings) {
    const { t, clock, api } = this.context;
    const { disabled, allowed, on_card_until: until } = one.audio;
    const on = allowed ? "settings.audio_allowed" : "settings.audio_on";
    return html`<form
      @submit=${(event: Event) => void this.request(event, "audio", () => api.switchAudioOff(one.camera))}
    >
      <h3>${t("settings.audio")}</h3>
      <p>${t(disabled === null ? "settings.audio_unknown" : disabled ? "settings.audio_off" : on)}</p>
      ${until ? html`<p class="soft">${t("settings.on_card_until", { at: clock.at(until) })}</p>` : nothing}
      ${this.button("audio", "mdi:microphone-off", t("settings.do_audio"))}
    </form>`;
  }

  private choice(name: string, checked: boolean, text: string, choose: () => void) {
    return html`<label class="choice"
      ><input type="radio" name=${name} .checked=${checked} @change=${choose} />${text}</label
    >`;
  }

  private sizeChoice(mode: "everyday" | "evidence", { resolution }: CameraSettings) {
    const { t } = this.context;
    const text = t(`settings.${mode}`, { size: sizeText(t, resolution[mode]) });
    return this.choice("resolution", this.resolution === mode, text, () => {
      this.resolution = mode;
    });
  }

  private hoursField() {
    const { t } = this.context;
    const field = {
      name: "hours",
      className: "hours",
      label: t("settings.hours"),
      help: t("settings.hours_help", { longest: LONGEST_HOURS }),
    };
    return labelled(
      t,
      field,
      html`<input
        id="hours"
        type="number"
        inputmode="numeric"
        min="1"
        max=${LONGEST_HOURS}
        step="1"
        required
        aria-describedby=${helpId(field)}
        .value=${typedValue(this.hours)}
        @input=${(event: Event) => {
          this.hours = (event.target as HTMLInputElement).value;
        }}
      />`,
    );
  }

  private async requestSize(event: Event, camera: string): Promise<void> {
    const hours = this.resolution === "evidence" ? Number(this.hours) : undefined;
    await this.request(event, "resolution", () =>
      this.context.api.setResolution(camera, this.resolution, hours),
    );
  }

  private size(one: CameraSettings) {
    const { t } = this.context;
    const { now, recorded } = one.resolution;
    return html`<form novalidate @submit=${(event: Event) => void this.requestSize(event, one.camera)}>
      <h3>${t("settings.resolution")}</h3>
      <p>
        ${t("settings.size_now", { size: sizeText(t, now) })}
        ${recorded === false ? html`<span class="soft small">${t("settings.size_assumed")}</span>` : nothing}
      </p>
      <fieldset>
        <legend>${t("settings.resolution_to")}</legend>
        <div class="choices">${this.sizeChoice("everyday", one)} ${this.sizeChoice("evidence", one)}</div>
      </fieldset>
      ${this.resolution === "evidence" ? this.hoursField() : nothing}
      ${this.button("resolution", "mdi:image-size-select-large", t("settings.do_resolution"))}
    </form>`;
  }

  private clockChoice(by: "ntp" | "here") {
    const text = this.context.t(by === "ntp" ? "settings.clock_ntp" : "settings.clock_here");
    return this.choice("clock", this.clockBy === by, text, () => {
      this.clockBy = by;
    });
  }

  private serverField() {
    const { t } = this.context;
    const field = { name: "ntp", label: t("settings.ntp"), help: t("settings.ntp_help"), required: true };
    return labelled(
      t,
      field,
      html`<input
        id="ntp"
        type="text"
        inputmode="url"
        maxlength="253"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        required
        aria-describedby=${helpId(field)}
        .value=${this.server}
        @input=${(event: Event) => {
          this.server = (event.target as HTMLInputElement).value;
        }}
      />`,
    );
  }

  private async requestClock(event: Event, camera: string): Promise<void> {
    const server = this.clockBy === "ntp" ? this.server.trim() : "";
    await this.request(event, "clock", () => this.context.api.setClock(camera, server));
  }

  private clock(one: CameraSettings) {
    const { t } = this.context;
    const { mode, ntp, offset } = one.clock;
    return html`<form novalidate @submit=${(event: Event) => void this.requestClock(event, one.camera)}>
      <h3>${t("settings.clock")}</h3>
      <p>${t("settings.clock_now", { mode: modeText(t, mode, ntp), offset: offsetText(t, offset) })}</p>
      <fieldset>
        <legend>${t("settings.clock_to")}</legend>
        <div class="choices">${this.clockChoice("ntp")} ${this.clockChoice("here")}</div>
      </fieldset>
      ${this.clockBy === "ntp" ? this.serverField() : nothing}
      ${this.button("clock", "mdi:clock-edit", t("settings.do_clock"))}
    </form>`;
  }

  private closeLook(one: CameraSettings) {
    const { t, hass } = this.context;
    if (this.busy === "ask") return html`<p role="status">${t("settings.asking")}</p>`;
    const { asked } = this;
    if (!asked) return nothing;
    return html`
      ${asked.error
        ? html`<ha-alert alert-type="warning">${exceptionText(hass, asked.error, one.name)}</ha-alert>`
        : nothing}
      ${this.known?.may
        ? html`${this.audio(asked)} ${this.size(asked)} ${this.clock(asked)}`
        : html`<p class="soft">${t("settings.may_not")}</p>`}
    `;
  }

  private camera(one: CameraSettings) {
    const opened = this.opened === one.camera;
    return html`<ha-card>
      <button
        type="button"
        class="open"
        aria-expanded=${opened}
        @click=${() => {
          this.toggle(one.camera);
        }}
      >
        <h2 class="with-icon"><ha-icon icon="mdi:cctv"></ha-icon>${one.name}</h2>
        <ha-icon icon=${opened ? "mdi:chevron-up" : "mdi:chevron-down"}></ha-icon>
      </button>
      ${this.chips(one)} ${this.raised(one)}
      ${opened ? html`${this.closeLook(one)} ${this.errorAlert()}` : nothing}
    </ha-card>`;
  }

  protected override render() {
    const { t } = this.context;
    const cameras = this.known?.cameras ?? [];
    return html`<div class="page">
      <h1 tabindex="-1">${t("settings.heading")}</h1>
      <p>${t("settings.help")}</p>
      ${this.errorAlert(this.unread)}
      ${this.known ? nothing : html`<p role="status">${t("common.loading")}</p>`}
      ${repeat(
        cameras,
        (one) => one.camera,
        (one) => this.camera(one),
      )}
      ${this.known && !cameras.length ? html`<p class="soft">${t("settings.none")}</p>` : nothing}
    </div>`;
  }
}
