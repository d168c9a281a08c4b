import { css, html, nothing } from "lit";

import type { Appointment, RoleName } from "./api";
import { Page } from "./base";
import { exceptionText } from "./shown";
import { styles } from "./styles";
import type { Key } from "./texts";

const ROLES: readonly RoleName[] = ["viewer", "exporter", "approver", "tablet"];

type Decision = "confirm" | "decline";

/** Who holds which role, and who waits for a second person. */
export class NiizaCctvPeople extends Page {
  static override properties = {
    ...Page.properties,
    appointments: { state: true },
    mayDecline: { state: true },
    alone: { state: true },
    asked: { state: true },
  };
  static override styles = [
    styles,
    css`
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        border-bottom: 1px solid var(--divider-color);
        padding: 8px 0;
      }
      li:last-child {
        border: 0;
      }
      ul + h3,
      p + h3 {
        margin-block-start: 16px;
      }
    `,
  ];

  declare private appointments: Appointment[];
  declare private mayDecline: boolean;
  /** Whether somebody waits whom nobody may confirm. */
  declare private alone: boolean;
  /** What is asked about before it is done. */
  declare private asked: { appointment: Appointment; decision: Decision } | undefined;

  constructor() {
    super();
    this.appointments = [];
    this.mayDecline = false;
    this.alone = false;
  }

  protected override async read(): Promise<void> {
    const people = await this.context.api.people();
    this.appointments = people.appointments;
    this.mayDecline = people.may_decline;
    this.alone = people.nobody_may_confirm;
  }

  private async decide(): Promise<void> {
    const { asked } = this;
    this.asked = undefined;
    if (!asked) return;
    await this.attempt("decide", async () => {
      const { api } = this.context;
      const { number } = asked.appointment;
      await (asked.decision === "confirm"
        ? api.confirmAppointment(number)
        : api.declineAppointment(number));
      await this.refresh();
    });
  }

  private roleName(role: RoleName): string {
    return this.context.t(`people.role_${role}` as Key);
  }

  private origin(one: Appointment): string {
    const { t, clock } = this.context;
    const at = clock.at(one.named_at);
    if (one.inherited) return t("people.inherited", { at });
    return one.named_by
      ? t("people.named_by", { person: one.named_by.name, at })
      : t("people.named_outside", { at });
  }

  private person(one: Appointment) {
    const { t } = this.context;
    return html`<div class="row">
        <strong>${one.user.name}</strong>
        ${one.active ? nothing : html`<span class="soft">${t("people.inactive")}</span>`}
      </div>
      <div class="soft small">${this.origin(one)}</div>
      ${one.confirmed_by
        ? html`<div class="soft small">${t("people.confirmed_by", { person: one.confirmed_by.name })}</div>`
        : nothing}`;
  }

  private waiting(one: Appointment) {
    const { t, hass } = this.context;
    const disabled = Boolean(this.busy) || !this.context.info.ledger.available;
    return html`<li>
      <div>${this.roleName(one.role)}</div>
      ${this.person(one)}
      ${one.why_not
        ? html`<p class="soft small" id="why-${one.number}">${exceptionText(hass, one.why_not, "")}</p>`
        : nothing}
      <div class="row">
        <button
          class="main"
          ?disabled=${disabled || !one.may_confirm}
          aria-describedby=${one.why_not ? `why-${one.number}` : nothing}
          @click=${() => {
            this.asked = { appointment: one, decision: "confirm" };
          }}
        >
          <ha-icon icon="mdi:account-check"></ha-icon>${t("people.confirm")}
        </button>
        <button
          ?disabled=${disabled || !this.mayDecline}
          @click=${() => {
            this.asked = { appointment: one, decision: "decline" };
          }}
        >
          <ha-icon icon="mdi:account-cancel"></ha-icon>${t("people.decline")}
        </button>
      </div>
    </li>`;
  }

  private pending() {
    const { t } = this.context;
    const waiting = this.appointments.filter((one) => !one.in_effect);
    return html`<ha-card>
      <h2>${t("people.pending_heading")}</h2>
      ${this.alone ? html`<ha-alert alert-type="warning">${t("people.alone")}</ha-alert>` : nothing}
      ${waiting.length
        ? html`<ul>
            ${waiting.map((one) => this.waiting(one))}
          </ul>`
        : html`<p class="soft">${t("people.nobody_waits")}</p>`}
    </ha-card>`;
  }

  private held() {
    const { t } = this.context;
    return html`<ha-card>
      <h2>${t("people.held_heading")}</h2>
      ${ROLES.map((role) => {
        const holders = this.appointments.filter((one) => one.in_effect && one.role === role);
        // Tablets have entries of their own, beside which a list that is empty says nothing.
        if (role === "tablet" && !holders.length) return nothing;
        return html`<h3>${this.roleName(role)}</h3>
          ${holders.length
            ? html`<ul>
                ${holders.map((one) => html`<li>${this.person(one)}</li>`)}
              </ul>`
            : html`<p class="soft">${t("people.none")}</p>`}`;
      })}
    </ha-card>`;
  }

  private question() {
    const { t } = this.context;
    if (!this.asked) return nothing;
    const { appointment, decision } = this.asked;
    const values = { person: appointment.user.name, role: this.roleName(appointment.role) };
    return html`<niiza-cctv-dialog
      heading=${t(`people.${decision}`)}
      @dismissed=${() => {
        this.asked = undefined;
      }}
    >
      <p>${t(`people.${decision}_question`, values)}</p>
      <div class="row">
        <button class="main" @click=${() => void this.decide()}>${t(`people.${decision}`)}</button>
        <button
          @click=${() => {
            this.asked = undefined;
          }}
        >
          ${t("common.back")}
        </button>
      </div>
    </niiza-cctv-dialog>`;
  }

  protected override render() {
    const { t } = this.context;
    return html`<div class="page">
      <h1 tabindex="-1">${t("people.heading")}</h1>
      <p>${t("people.help")}</p>
      ${this.errorAlert(this.unread)} ${this.pending()} ${this.held()} ${this.errorAlert()} ${this.question()}
    </div>`;
  }
}
