import { css, html, nothing } from "lit";

import type { ByHand, Clip, Sealed, State, WithdrawalStep } from "./api";
import { Part } from "./base";
import { type Errand, withdrawalButtons, withdrawalNote } from "./case-cut";
import { maskPath } from "./case-mask";
import { comingNotes, sealedEarly } from "./clip-notes";
import { clockList } from "./clock-shown";
import type { Marked } from "./cut-form";
import { offsetText } from "./settings-shown";
import { exceptionText, failureText, gapList, riskChip, spanText } from "./shown";
import { signingList } from "./signing-shown";
import { styles } from "./styles";
import { textOr } from "./texts";
import { duration } from "./time";

const ICONS: Record<Clip["state"], string> = {
  requested: "mdi:progress-download",
  sealed: "mdi:lock-check",
  failed: "mdi:alert-circle",
  cancelled: "mdi:cancel",
  withdrawn: "mdi:file-remove",
  removed: "mdi:delete-empty",
};

/** Where a clip can be watched: as it was preserved, or on the camera's card. */
export type PlayerName = "sealed" | "card";

/** Footage that was purged is shown no longer, not even while somebody watches. */
const PLAYERS: Record<Clip["state"], readonly PlayerName[]> = {
  requested: ["card"],
  sealed: ["sealed", "card"],
  failed: ["card"],
  cancelled: ["card"],
  withdrawn: [],
  removed: [],
};

/** What was taken by hand does not lie here, and some cameras cannot be asked at all. */
function playersOf(clip: Clip): readonly PlayerName[] {
  if (!clip.by_hand) return PLAYERS[clip.state];
  return clip.by_hand.network === "none" ? [] : ["card"];
}

/** One passage of a case: what became of it, what kept it away, and a look at it. */
export class NiizaCctvCaseClip extends Part {
  static override properties = {
    ...Part.properties,
    clip: { attribute: false },
    caseState: { type: String },
    takesClips: { type: Boolean },
    paused: { type: Boolean },
    playing: { type: String },
    covered: { type: Boolean },
  };

  static override styles = [
    styles,
    css`
      :host {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        display: grid;
        gap: 8px;
        padding: 16px;
      }
      details summary {
        cursor: pointer;
        min-block-size: 40px;
      }
    `,
  ];

  declare clip: Clip;
  declare caseState: State;
  /** Whether this person may ask for footage in its case now. */
  declare takesClips: boolean;
  /** Whether the page is doing something: nothing else is begun meanwhile. */
  declare paused: boolean;
  /** Which of its players is open; of all clips of a page one at a time. */
  declare playing: PlayerName | "";
  /** Whether a question lies over the page. */
  declare covered: boolean;

  constructor() {
    super();
    this.covered = false;
    this.takesClips = false;
    this.paused = false;
    this.playing = "";
  }

  private tell(name: "cancelled" | "retried" | "sealed-early"): void {
    this.dispatchEvent(new CustomEvent(name));
  }

  private cancel(): void {
    const question = this.clip.by_hand ? "by_hand.withdraw_question" : "clip.cancel_question";
    if (window.confirm(this.context.t(question, { camera: this.clip.camera_name }))) this.tell("cancelled");
  }

  private sealEarly(): void {
    const question = this.context.t("clip.seal_early_question", { camera: this.clip.camera_name });
    if (window.confirm(question)) this.tell("sealed-early");
  }

  private play(player: PlayerName | ""): void {
    this.dispatchEvent(new CustomEvent<PlayerName | "">("played", { detail: player }));
  }

  /** Whoever sees a case may see what it preserved, an approver above all; the card is for viewers. */
  private players(): readonly PlayerName[] {
    if (this.caseState === "purged") return [];
    const viewer = this.context.info.roles.includes("viewer");
    return playersOf(this.clip).filter((player) => player === "sealed" || viewer);
  }

  /** Whether it is still to come, or was given up. */
  private waits(): boolean {
    return this.clip.state === "requested" || this.clip.state === "failed";
  }

  /** The whole of it to begin with: what is needed is narrowed in the form. */
  private cut(): void {
    const { clip, start, end } = this.clip;
    const detail: Marked = { clip, start, end };
    this.dispatchEvent(new CustomEvent<Marked>("cut-marked", { detail, bubbles: true, composed: true }));
  }

  private withdraw(step: WithdrawalStep): void {
    const { api } = this.context;
    const { clip } = this.clip;
    const detail = { name: clip, run: () => api.withdrawClip(clip, step) };
    this.dispatchEvent(new CustomEvent<Errand>("errand", { detail, bubbles: true, composed: true }));
  }

  private cancellable(): boolean {
    return this.clip.offers.includes("cancel_clip");
  }

  private retriable(): boolean {
    const { by_hand: byHand, sealed_early: early, state } = this.clip;
    // The camera may give more when it is back.
    const incomplete = state === "failed" || state === "cancelled" || (state === "sealed" && Boolean(early));
    return this.takesClips && !byHand && incomplete;
  }

  // --- what is shown -------------------------------------------------------------------------------------------

  private chip() {
    const { t } = this.context;
    const { by_hand: byHand, state } = this.clip;
    const [icon, text] =
      byHand && state === "sealed"
        ? ["mdi:usb-flash-drive", t("by_hand.taken")]
        : [ICONS[state], t(`clip.${state}`)];
    return html`<span class="chip ${state === "failed" ? "risk" : ""}"><ha-icon icon=${icon}></ha-icon>${text}</span>`;
  }

  private progress() {
    const { t } = this.context;
    const { progress, state, camera_name: camera } = this.clip;
    if (!progress || state !== "requested") return nothing;
    const percent = Math.floor(progress.percent);
    const words = [
      textOr(t, `progress.${progress.state}`, progress.state),
      progress.state === "queued" && progress.place > 0 ? t("progress.place", { place: progress.place }) : "",
      progress.remaining === null ? "" : t("progress.remaining", { time: duration(progress.remaining) }),
    ].filter(Boolean);
    return html`<div>
      <progress max="100" .value=${progress.percent} aria-label=${t("progress.label", { camera })}>${percent}%</progress>
      <div class="row spread small"><span>${words.join("・")}</span><span>${percent}%</span></div>
    </div>`;
  }

  /** Why it is not here; in passing once its retrieval goes on. */
  private trouble(key: string) {
    const { t, hass } = this.context;
    const { camera_name: camera, attempts, progress, state } = this.clip;
    const error = exceptionText(hass, key, camera);
    if (state === "requested" && (progress?.state === "retrieving" || progress?.state === "writing"))
      return html`<p class="small soft">${t("clip.setback", { error })}</p>`;
    return html`<ha-alert alert-type="warning"
      >${failureText(t, key, camera) ?? t("clip.error", { error, attempts })}</ha-alert
    >`;
  }

  private overwriting(at: string) {
    const { t, clock } = this.context;
    return html`<p class="row small">${t("find.overwritten_at", { at: clock.at(at) })} ${riskChip(t, at)}</p>`;
  }

  private sealed(sealed: Sealed) {
    const { t, clock } = this.context;
    return html`
      <p class="small">
        ${t("clip.facts", {
          width: sealed.width,
          height: sealed.height,
          codec: sealed.codec.toUpperCase(),
          pictures: sealed.pictures,
          first: clock.at(sealed.first_picture),
          last: clock.at(sealed.last_picture),
        })}
        ${sealed.damaged ? t("clip.damaged", { count: sealed.damaged }) : nothing}
        ${sealed.signed_by_camera && !sealed.signing ? t("clip.signed") : nothing}
        ${sealed.viewing_copy_due ? t("clip.copying") : nothing}
      </p>
      ${sealed.gaps.length
        ? gapList(t, clock, sealed.gaps)
        : html`<p class="small with-icon"><ha-icon icon="mdi:check-circle"></ha-icon>${t("find.complete")}</p>`}
      ${signingList(t, clock, sealed.signing, sealed.read_on)} ${clockList(t, clock, sealed.clocks)} ${this.hashes(sealed)}
    `;
  }

  private hashes({ master, viewing_copy: copy }: Sealed) {
    const { t } = this.context;
    return html`<details>
      <summary class="small">${t("clip.hashes")}</summary>
      <dl class="small">
        ${[master, copy].map((file) =>
          file
            ? html`<dt>${file.name}</dt>
                <dd class="mono">${t("clip.size", { mb: (file.size / 1e6).toFixed(1) })} ${file.sha256}</dd>`
            : nothing,
        )}
      </dl>
    </details>`;
  }

  /** What two people wrote down of footage that they took at the station. */
  private byHand(taken: ByHand) {
    const { t } = this.context;
    return html`
      <p class="small">${t("by_hand.not_here")}</p>
      ${taken.network === "none"
        ? nothing
        : html`<ha-alert alert-type=${taken.network === "up" ? "warning" : "info"}
            >${t(taken.network === "up" ? "by_hand.was_up" : "by_hand.was_down")}</ha-alert
          >`}
      <dl class="small">
        ${this.byHandRows(taken).map(([name, text]) =>
          text
            ? html`<dt>${name}</dt>
                <dd class=${name === "SHA-256" ? "mono" : ""}>${text}</dd>`
            : nothing,
        )}
      </dl>
    `;
  }

  private byHandRows(taken: ByHand): [string, string][] {
    const { t } = this.context;
    const { clock_offset: offset, second_person: second } = taken;
    return [
      [t("by_hand.people"), t("by_hand.two", { person: this.clip.asked_by.name, second: second.name })],
      [t("fields.medium"), taken.medium],
      [t("fields.medium_serial"), taken.medium_serial],
      ["SHA-256", taken.sha256 ?? t("by_hand.no_hash")],
      [t("by_hand.clock"), offset === null ? t("by_hand.clock_not_read") : offsetText(t, offset)],
      [t("fields.note"), taken.note],
    ];
  }

  private watchButton(player: PlayerName) {
    const { t } = this.context;
    const playing = this.playing === player;
    const sealed = player === "sealed";
    return html`<button
      aria-expanded=${playing}
      @click=${() => {
        this.play(playing ? "" : player);
      }}
    >
      <ha-icon icon=${playing ? "mdi:close" : sealed ? "mdi:play-box-lock" : "mdi:play"}></ha-icon>${t(
        playing ? "watch.close" : sealed ? "watch.open_sealed" : "watch.open_card",
      )}
    </button>`;
  }

  private buttons(players: readonly PlayerName[]) {
    const { t } = this.context;
    return html`<div class="row">
      ${players.map((player) => this.watchButton(player))}
      ${this.clip.offers.includes("seal_early")
        ? html`<button ?disabled=${this.paused} @click=${this.sealEarly}>
            <ha-icon icon="mdi:movie-check"></ha-icon>${t("clip.seal_early")}
          </button>`
        : nothing}
      ${this.cancellable()
        ? html`<button ?disabled=${this.paused} @click=${this.cancel}>
            <ha-icon icon="mdi:cancel"></ha-icon>${t(this.clip.by_hand ? "by_hand.withdraw" : "clip.cancel")}
          </button>`
        : nothing}
      ${this.retriable()
        ? html`<button
            ?disabled=${this.paused}
            @click=${() => {
              this.tell("retried");
            }}
          >
            <ha-icon icon="mdi:refresh"></ha-icon>${t("clip.retry")}
          </button>`
        : nothing}
      ${this.clip.offers.includes("cut_clip")
        ? html`<button ?disabled=${this.paused} @click=${this.cut}>
            <ha-icon icon="mdi:content-cut"></ha-icon>${t("cut.cut")}
          </button>`
        : nothing}
      ${this.maskLink()}
      ${withdrawalButtons(
        t,
        { item: this.clip.clip, steps: this.clip.withdrawal_steps, withdrawal: this.clip.withdrawal },
        this.paused,
        (step) => {
          this.withdraw(step);
        },
      )}
    </div>`;
  }

  /** To the page on which boxes are drawn. */
  private maskLink() {
    const { clip, offers } = this.clip;
    if (!offers.includes("mask_clip")) return nothing;
    return html`<a class="button" href=${maskPath(clip, clip)}
      ><ha-icon icon="mdi:account-eye"></ha-icon>${this.context.t("mask.open")}</a
    >`;
  }

  private masks() {
    return this.clip.masks.map(
      (mask) =>
        html`<niiza-cctv-case-mask
          .context=${this.context}
          .mask=${mask}
          .clip=${this.clip}
          .paused=${this.paused}
          .covered=${this.covered}
        ></niiza-cctv-case-mask>`,
    );
  }

  private cuts() {
    return this.clip.cuts.map(
      (cut) =>
        html`<niiza-cctv-case-cut
          .context=${this.context}
          .cut=${cut}
          .cameraName=${this.clip.camera_name}
          .paused=${this.paused}
          .covered=${this.covered}
        ></niiza-cctv-case-cut>`,
    );
  }

  private player() {
    const { clip } = this;
    switch (this.playing) {
      case "sealed":
        return html`<niiza-cctv-sealed
          .context=${this.context}
          .clip=${clip.clip}
          .cameraName=${clip.camera_name}
          .cuttable=${clip.offers.includes("cut_clip")}
          .covered=${this.covered}
        ></niiza-cctv-sealed>`;
      case "card":
        return html`<niiza-cctv-watch
          .context=${this.context}
          .camera=${clip.camera}
          .cameraName=${clip.camera_name}
          .start=${clip.start}
          .end=${clip.end}
          .kept=${clip.state === "sealed"}
        ></niiza-cctv-watch>`;
      case "":
        return nothing;
    }
  }

  protected override render() {
    const { t, clock } = this.context;
    const { clip } = this;
    const players = this.players();
    return html`
      <div class="row spread">
        <h3>${clip.camera_name}</h3>
        ${this.chip()}
      </div>
      <p>${spanText(t, clock, clip)}</p>
      ${this.progress()} ${comingNotes(this.context, clip)} ${sealedEarly(this.context, clip)}
      ${clip.error && this.waits() ? this.trouble(clip.error) : nothing}
      ${clip.overwritten_at && this.waits() ? this.overwriting(clip.overwritten_at) : nothing}
      ${clip.sealed ? this.sealed(clip.sealed) : nothing} ${clip.by_hand ? this.byHand(clip.by_hand) : nothing}
      ${withdrawalNote(this.context, clip.withdrawal, clip.state)} ${this.buttons(players)}
      ${players.some((player) => player === this.playing) ? this.player() : nothing} ${this.cuts()} ${this.masks()}
    `;
  }
}
