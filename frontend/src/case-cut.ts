import { css, html, nothing } from "lit";

import type { Cut, SealedCut, WithdrawalStep } from "./api";
import { Part } from "./base";
import { exceptionText, spanText } from "./shown";
import { signingList } from "./signing-shown";
import { styles } from "./styles";
import type { Texts } from "./texts";

/** Something that the page does for one of its parts, and then reads the case again. */
export interface Errand {
  name: string;
  run: () => Promise<unknown>;
}

/** Buttons about taking a sealed clip or cut out of its case, and who asked for that. */
export interface Withdrawable {
  item: string;
  steps: readonly WithdrawalStep[];
  withdrawal: { by: { name: string }; at: string } | null;
}

const ICONS: Record<WithdrawalStep, string> = {
  request: "mdi:file-remove-outline",
  confirm: "mdi:account-check",
  decline: "mdi:undo",
};
const LABELS = { request: "cut.withdraw", confirm: "cut.confirm", decline: "cut.decline" } as const;
const QUESTIONS: Partial<Record<WithdrawalStep, "cut.withdraw_question" | "cut.confirm_question">> = {
  request: "cut.withdraw_question",
  confirm: "cut.confirm_question",
};

/** Draw them; `act` is called once the person is sure. */
export function withdrawalButtons(
  t: Texts,
  { item, steps }: Withdrawable,
  paused: boolean,
  act: (step: WithdrawalStep) => void,
) {
  return steps.map((step) => {
    const question = QUESTIONS[step];
    return html`<button
      class=${step === "confirm" ? "danger" : "flat"}
      ?disabled=${paused}
      @click=${() => {
        if (!question || window.confirm(t(question, { item }))) act(step);
      }}
    >
      <ha-icon icon=${ICONS[step]}></ha-icon>${t(LABELS[step])}
    </button>`;
  });
}

/** One part of a clip: what was asked for, what became of it, what else is in its file. */
export class NiizaCctvCaseCut extends Part {
  static override properties = {
    ...Part.properties,
    cut: { attribute: false },
    cameraName: { type: String },
    paused: { type: Boolean },
    covered: { type: Boolean },
    playing: { type: Boolean },
  };

  static override styles = [
    styles,
    css`
      :host {
        border-inline-start: 4px solid var(--divider-color);
        display: grid;
        gap: 8px;
        padding-inline-start: 16px;
      }
    `,
  ];

  declare cut: Cut;
  declare cameraName: string;
  declare paused: boolean;
  /** Whether a question lies over the page. */
  declare covered: boolean;
  declare playing: boolean;

  constructor() {
    super();
    this.cameraName = "";
    this.paused = false;
    this.covered = false;
    this.playing = false;
  }

  private errand(run: () => Promise<unknown>): void {
    const detail = { name: this.cut.cut, run };
    this.dispatchEvent(new CustomEvent<Errand>("errand", { detail, bubbles: true, composed: true }));
  }

  private facts(sealed: SealedCut) {
    const { t, clock } = this.context;
    const { pictures, hidden_pictures: hidden } = sealed;
    const kept = sealed.encoded_anew
      ? t("cut.not_original")
      : hidden
        ? t("cut.hidden", { count: hidden })
        : t("cut.nothing_hidden");
    return html`<p class="small">
        ${t("cut.facts", {
          pictures,
          first: clock.at(sealed.first_picture),
          last: clock.at(sealed.last_picture),
        })}
        <strong>${kept}</strong>
      </p>
      ${signingList(t, clock, sealed.signing)}
      <details>
        <summary class="small">${t("clip.hashes")}</summary>
        <dl class="small">
          ${[sealed.file, sealed.viewing_copy].map((file) =>
            file
              ? html`<dt>${file.name}</dt>
                  <dd class="mono">${t("clip.size", { mb: (file.size / 1e6).toFixed(1) })} ${file.sha256}</dd>`
              : nothing,
          )}
        </dl>
      </details>`;
  }

  private buttons() {
    const { t, api } = this.context;
    const { cut } = this;
    return html`<div class="row">
      ${cut.state === "sealed"
        ? html`<button
            aria-expanded=${this.playing}
            @click=${() => {
              this.playing = !this.playing;
            }}
          >
            <ha-icon icon=${this.playing ? "mdi:close" : "mdi:play-box-lock"}></ha-icon>${t(
              this.playing ? "watch.close" : "cut.watch",
            )}
          </button>`
        : nothing}
      ${cut.offers.includes("cancel_clip")
        ? html`<button
            ?disabled=${this.paused}
            @click=${() => {
              this.errand(() => api.cancelClip(cut.cut));
            }}
          >
            <ha-icon icon="mdi:cancel"></ha-icon>${t("cut.cancel")}
          </button>`
        : nothing}
      ${withdrawalButtons(
        t,
        { item: cut.cut, steps: cut.withdrawal_steps, withdrawal: cut.withdrawal },
        this.paused,
        (step) => {
          this.errand(() => api.withdrawClip(cut.cut, step));
        },
      )}
    </div>`;
  }

  protected override render() {
    const { t, clock, hass } = this.context;
    const { cut } = this;
    return html`<div class="row spread">
        <h4>${t(cut.encode_anew ? "cut.copy" : "cut.name", { cut: cut.cut })}</h4>
        <span class="chip ${cut.state === "failed" ? "risk" : ""}">${t(`cut.${cut.state}`)}</span>
      </div>
      <p>${spanText(t, clock, cut)}</p>
      ${cut.state === "requested"
        ? html`<progress max="100" .value=${cut.percent ?? 0} aria-label=${t("cut.requested")}></progress>`
        : nothing}
      ${cut.error
        ? html`<ha-alert alert-type="warning">${exceptionText(hass, cut.error, this.cameraName)}</ha-alert>`
        : nothing}
      ${cut.sealed ? this.facts(cut.sealed) : nothing} ${withdrawalNote(this.context, cut.withdrawal, cut.state)}
      ${this.buttons()}
      ${this.playing && cut.state === "sealed"
        ? html`<niiza-cctv-sealed
            .context=${this.context}
            .clip=${cut.cut}
            .cameraName=${this.cameraName}
            .covered=${this.covered}
          ></niiza-cctv-sealed>`
        : nothing}`;
  }
}

/** That somebody wants it out of the case, while nobody decided. */
export function withdrawalNote(
  { t, clock }: Part["context"],
  withdrawal: Withdrawable["withdrawal"],
  state: string,
) {
  return withdrawal && state === "sealed"
    ? html`<ha-alert alert-type="warning"
        >${t("cut.withdrawal", { person: withdrawal.by.name, at: clock.at(withdrawal.at) })}</ha-alert
      >`
    : nothing;
}
