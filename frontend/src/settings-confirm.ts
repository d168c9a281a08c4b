import { type PropertyValues, css, html, nothing } from "lit";

import { type SettingDone, type SettingsRequest, changeSetting } from "./api";
import { PANEL_PATH, Page } from "./base";
import { valuesText } from "./settings-shown";
import { styles } from "./styles";
import { UserError } from "./texts";

/**
 * One change of a camera, before it is done and after.
 *
 * The settings password lives in its field only: no draft, no property, and it is gone as soon as it was sent or the page is
 * left.
 */
export class NiizaCctvSettingsConfirm extends Page {
  static override properties = {
    ...Page.properties,
    token: { type: String },
    request: { state: true },
    done: { state: true },
  };

  static override styles = [
    styles,
    css`
      .page {
        max-width: 760px;
      }
      form {
        display: grid;
        gap: 16px;
      }
      form button {
        min-block-size: 56px;
      }
      ha-alert {
        display: block;
        margin-block-end: 8px;
      }
      dl {
        margin-block-end: 16px;
      }
      .after {
        font-weight: 500;
      }
    `,
  ];

  declare token: string;
  declare private request: SettingsRequest | undefined;
  declare private done: SettingDone | undefined;

  constructor() {
    super();
    this.token = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.clear();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("token")) {
      this.clear();
      this.request = undefined;
      this.done = undefined;
      void this.refresh();
    }
    super.willUpdate(changed);
  }

  protected override async read(): Promise<void> {
    // What was done has no request any more.
    if (this.done?.done) return;
    const { token } = this;
    try {
      const request = await this.context.api.settingsRequest(token);
      if (token === this.token) this.request = request;
    } catch (error) {
      if (token === this.token) this.request = undefined;
      throw error;
    }
  }

  private field(name: string): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>(name);
  }

  private clear(): void {
    if (!this.hasUpdated) return;
    const password = this.field("#camera-secret");
    if (password) password.value = "";
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const [username, password] = [this.field("#camera-user"), this.field("#camera-secret")];
    if (!(event.target as HTMLFormElement).reportValidity() || !username || !password) return;
    const { hass } = this.context;
    this.done = undefined;
    await this.attempt("send", async () => {
      const sent = changeSetting(hass, this.token, username.value.trim(), password.value);
      this.clear();
      const answer = await sent.catch(() => {
        throw new UserError("settings.no_answer");
      });
      if ("done" in answer) this.done = answer;
      else this.error = answer.message;
    });
    await this.refresh();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#outcome")?.focus();
  }

  private values(rows: Pick<SettingDone, "before" | "after" | "until">, asked: boolean) {
    const { t, clock } = this.context;
    return html`<dl>
      <dt>${t(asked ? "settings.before" : "fields.before")}</dt>
      <dd>${valuesText(t, rows.before, true)}</dd>
      ${rows.after
        ? html`<dt>${t(asked ? "settings.after_asked" : "settings.after_read")}</dt>
            <dd class="after">${valuesText(t, rows.after)}</dd>`
        : nothing}
      ${rows.until
        ? html`<dt>${t("settings.until")}</dt>
            <dd>${clock.at(rows.until)}</dd>`
        : nothing}
    </dl>`;
  }

  private outcome(done: SettingDone) {
    const { t } = this.context;
    const good = done.done === true && done.verified;
    return html`<ha-card id="outcome" tabindex="-1">
      <h2 class="with-icon">
        <ha-icon icon=${good ? "mdi:check-decagram" : "mdi:alert-octagon"}></ha-icon>${t(
          good ? (done.changed ? "settings.done" : "settings.done_already") : done.done === null ? "settings.nobody_knows" : "settings.not_done",
        )}
      </h2>
      <ha-alert alert-type=${good ? "success" : "error"} role="status">${done.message}</ha-alert>
      ${this.values(done, false)}
      ${done.remains.map((one) => html`<ha-alert alert-type="info">${one.text}</ha-alert>`)}
      ${done.recorded ? nothing : html`<ha-alert alert-type="warning">${t("settings.recorded_later")}</ha-alert>`}
    </ha-card>`;
  }

  private question(request: SettingsRequest) {
    const { t, clock } = this.context;
    const sending = this.busy === "send";
    return html`<ha-card>
      <h2>${t(`settings.ask_${request.setting}`)}</h2>
      ${this.values(request, true)}
      ${request.already ? html`<ha-alert alert-type="info">${t("settings.already")}</ha-alert>` : nothing}
      ${request.warnings.map((one) => html`<ha-alert alert-type="warning">${one.text}</ha-alert>`)}
      <form autocomplete="off" @submit=${this.submit}>
        <p>${t("settings.password_help")}</p>
        <div class="field">
          <label for="camera-user"
            >${t("settings.username")} <span class="mark">${t("common.required")}</span></label
          >
          <span class="soft small" id="camera-user-help">${t("settings.username_help")}</span>
          <input
            id="camera-user"
            type="text"
            maxlength="64"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            required
            ?disabled=${sending}
            aria-describedby="camera-user-help"
          />
        </div>
        <div class="field">
          <label for="camera-secret"
            >${t("settings.password")} <span class="mark">${t("common.required")}</span></label
          >
          <input
            id="camera-secret"
            type="password"
            maxlength="256"
            autocomplete="new-password"
            autocapitalize="none"
            spellcheck="false"
            data-1p-ignore
            data-lpignore="true"
            data-bwignore
            required
            ?disabled=${sending}
          />
        </div>
        ${this.errorAlert()}
        <button type="submit" class="main" ?disabled=${Boolean(this.busy)}>
          <ha-icon icon="mdi:lock-open-check"></ha-icon>${t(sending ? "settings.sending" : "settings.send")}
        </button>
        <p class="soft small" role="status">
          ${t(sending ? "settings.sending_help" : "settings.expires", {
            at: clock.at(request.expires),
            tries: request.tries_left,
          })}
        </p>
      </form>
    </ha-card>`;
  }

  protected override render() {
    const { t } = this.context;
    const { request, done } = this;
    const name = request?.camera_name;
    return html`<div class="page">
      <p><a class="with-icon" href="${PANEL_PATH}/settings"><ha-icon icon="mdi:arrow-left"></ha-icon>${t("settings.back")}</a></p>
      <h1 tabindex="-1">${name ? t("settings.of", { camera: name }) : t("settings.heading")}</h1>
      ${done ? this.outcome(done) : nothing}
      ${request && !done?.done ? this.question(request) : nothing}
      ${request || done ? nothing : this.unread ? this.errorAlert(this.unread) : html`<p role="status">${t("common.loading")}</p>`}
    </div>`;
  }
}
