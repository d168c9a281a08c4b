import { type PropertyValues, css, html, nothing } from "lit";

import { type SettingDone, type SettingsRequest, changeSetting } from "./api";
import { PANEL_PATH, Page } from "./base";
import { helpId, labelled, reportFields } from "./fields";
import { valuesText } from "./settings-shown";
import { styles } from "./styles";
import { type Key, UserError } from "./texts";

/**
 * One change of a camera, before it is done and after.
 *
 * The settings password is no state, though everything else that is typed is: a property would outlive the field that it
 * was typed into, in whatever keeps this element, and be shown to whatever looks at its properties. It lives in its field
 * only, and is gone as soon as it was sent or the page is left.
 */
export class NiizaCctvSettingsConfirm extends Page {
  static override properties = {
    ...Page.properties,
    token: { type: String },
    request: { state: true },
    done: { state: true },
    username: { state: true },
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
  /** Of whoever may change this camera's settings. */
  declare private username: string;

  constructor() {
    super();
    this.token = "";
    this.username = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.clearPassword();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("token")) {
      this.clearPassword();
      this.username = "";
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

  private passwordField(): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>("#camera-secret");
  }

  private clearPassword(): void {
    const field = this.hasUpdated ? this.passwordField() : null;
    if (field) field.value = "";
  }

  private async submit(event: Event): Promise<void> {
    event.preventDefault();
    const password = this.passwordField();
    if (!reportFields(event.target as HTMLFormElement) || !password) return;
    this.done = undefined;
    await this.attempt("send", async () => {
      const sent = changeSetting(this.context.hass, this.token, this.username.trim(), password.value);
      this.clearPassword();
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

  private outcomeWords(done: SettingDone, good: boolean): Key {
    if (good) return done.changed ? "settings.done" : "settings.done_already";
    return done.done === null ? "settings.nobody_knows" : "settings.not_done";
  }

  private outcome(done: SettingDone) {
    const { t } = this.context;
    const good = done.done === true && done.verified;
    return html`<ha-card id="outcome" tabindex="-1">
      <h2 class="with-icon">
        <ha-icon icon=${good ? "mdi:check-decagram" : "mdi:alert-octagon"}></ha-icon>${t(this.outcomeWords(done, good))}
      </h2>
      <ha-alert alert-type=${good ? "success" : "error"} role="status">${done.message}</ha-alert>
      ${this.values(done, false)}
      ${done.remains.map((one) => html`<ha-alert alert-type="info">${one.text}</ha-alert>`)}
      ${done.recorded ? nothing : html`<ha-alert alert-type="warning">${t("settings.recorded_later")}</ha-alert>`}
    </ha-card>`;
  }

  private usernameInput(sending: boolean) {
    const { t } = this.context;
    const field = {
      name: "camera-user",
      label: t("settings.username"),
      help: t("settings.username_help"),
      required: true,
    };
    return labelled(
      t,
      field,
      html`<input
        id="camera-user"
        type="text"
        maxlength="64"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        required
        ?disabled=${sending}
        aria-describedby=${helpId(field)}
        .value=${this.username}
        @input=${(event: Event) => {
          this.username = (event.target as HTMLInputElement).value;
        }}
      />`,
    );
  }

  private passwordInput(sending: boolean) {
    const { t } = this.context;
    return labelled(
      t,
      { name: "camera-secret", label: t("settings.password"), required: true },
      html`<input
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
      />`,
    );
  }

  private form({ expires, tries_left: tries }: SettingsRequest) {
    const { t, clock } = this.context;
    const sending = this.busy === "send";
    return html`<form autocomplete="off" novalidate @submit=${this.submit}>
      <p>${t("settings.password_help")}</p>
      ${this.usernameInput(sending)} ${this.passwordInput(sending)} ${this.errorAlert()}
      <button type="submit" class="main" ?disabled=${Boolean(this.busy)}>
        <ha-icon icon="mdi:lock-open-check"></ha-icon>${t(sending ? "settings.sending" : "settings.send")}
      </button>
      <p class="soft small" role="status">
        ${t(sending ? "settings.sending_help" : "settings.expires", { at: clock.at(expires), tries })}
      </p>
    </form>`;
  }

  private question(request: SettingsRequest) {
    const { t } = this.context;
    return html`<ha-card>
      <h2>${t(`settings.ask_${request.setting}`)}</h2>
      ${this.values(request, true)}
      ${request.already ? html`<ha-alert alert-type="info">${t("settings.already")}</ha-alert>` : nothing}
      ${request.warnings.map((one) => html`<ha-alert alert-type="warning">${one.text}</ha-alert>`)}
      ${this.form(request)}
    </ha-card>`;
  }

  /** While nothing was read, or nothing could be. */
  private unknown() {
    if (this.unread) return this.errorAlert(this.unread);
    return html`<p role="status">${this.context.t("common.loading")}</p>`;
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
      ${request || done ? nothing : this.unknown()}
    </div>`;
  }
}
