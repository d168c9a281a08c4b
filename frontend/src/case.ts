import { type PropertyValues, css, html, nothing } from "lit";

import type { ByHand, Case, Clip, Outcome, Released, Step } from "./api";
import { PANEL_PATH, Page, copy } from "./base";
import type { NiizaCctvByHand } from "./by-hand";
import { draft, forget, keep } from "./drafts";
import { type NiizaCctvPassage, NO_PASSAGE, type PassageTyped, isStarted, passageOf } from "./passage";
import { type Act, AT_RISK_HOURS, OPEN, type Offer, hoursLeft, nextStep, offers, outcomes } from "./rules";
import { offsetText } from "./settings-shown";
import { STATE_ICONS, exceptionText, failureText, gapList, riskChip } from "./shown";
import { describeStep } from "./steps";
import { styles } from "./styles";
import { textOr } from "./texts";
import { duration } from "./time";

/** The usual way of a case; what ends otherwise leaves it. */
const WAY = ["received", "preserved", "approved", "released", "handed_over", "purged"] as const;

const ICONS: Record<Act, string> = {
  add_clip: "mdi:movie-plus",
  register_footage: "mdi:usb-flash-drive",
  approve: "mdi:check-decagram",
  reject: "mdi:close-octagon",
  release: "mdi:package-variant-closed-check",
  hand_over: "mdi:handshake",
  conclude: "mdi:flag-checkered",
  purge: "mdi:delete",
};

const CLIP_ICONS: Record<Clip["state"], string> = {
  requested: "mdi:progress-download",
  sealed: "mdi:lock-check",
  failed: "mdi:alert-circle",
  cancelled: "mdi:cancel",
  removed: "mdi:delete-empty",
};

type Player = "sealed" | "card";

/** The players of a clip: what was taken by hand does not lie here, and some cameras cannot be asked at all. */
function playersOf(clip: Clip): readonly Player[] {
  if (!clip.by_hand) return PLAYERS[clip.state];
  return clip.by_hand.network === "none" ? [] : ["card"];
}

/** Where a clip can be watched; footage that was purged is shown no longer, not even while somebody watches. */
const PLAYERS: Record<Clip["state"], readonly Player[]> = {
  requested: ["card"],
  sealed: ["sealed", "card"],
  failed: ["card"],
  cancelled: ["card"],
  removed: [],
};

/** What the question shows, so that nothing else is approved. */
const digests = (shown: Case | undefined): Record<string, string> =>
  Object.fromEntries(
    (shown?.passages ?? []).flatMap((clip) =>
      clip.state === "sealed" && clip.digest ? [[clip.clip, clip.digest]] : [],
    ),
  );

/** One case: where it is, what comes next and by whom, its footage, its papers and everything that was done. */
export class NiizaCctvCase extends Page {
  static override properties = {
    ...Page.properties,
    caseId: { type: String },
    shown: { state: true },
    asking: { state: true },
    typed: { state: true },
    passage: { state: true },
    released: { state: true },
    downloaded: { state: true },
    copied: { state: true },
    watched: { state: true },
  };

  static override styles = [
    styles,
    css`
      .way {
        counter-reset: step;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .way li {
        align-items: center;
        border-block-start: 4px solid var(--divider-color);
        color: var(--secondary-text-color);
        display: flex;
        flex: 1 1 100px;
        gap: 8px;
        padding-block-start: 8px;
      }
      .way li.past {
        border-color: var(--success-color);
      }
      .way li[aria-current] {
        border-color: var(--primary-color);
        color: var(--primary-text-color);
        font-weight: 500;
      }
      .here {
        font-size: 1.35rem;
        margin-block: 20px 4px;
      }
      .next {
        font-size: 1.1rem;
      }
      .offers {
        margin-block-start: 16px;
      }
      .offers p {
        margin-block-start: 6px;
      }
      .offers {
        display: grid;
        gap: 12px;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 240px), 1fr));
      }
      .offers button {
        inline-size: 100%;
      }
      .clips {
        display: grid;
        gap: 16px;
      }
      .clips > li {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        display: grid;
        gap: 8px;
        padding: 16px;
      }
      .passphrase {
        border: 2px solid var(--primary-color);
        border-radius: 12px;
        font-size: 1.4rem;
        padding: 12px 16px;
        user-select: all;
      }
      .history {
        border-inline-start: 2px solid var(--divider-color);
        display: grid;
        gap: 14px;
        margin-inline-start: 6px;
        padding-inline-start: 20px;
      }
      .history li {
        position: relative;
      }
      .history li::before {
        background: var(--card-background-color);
        block-size: 10px;
        border: 2px solid var(--secondary-text-color);
        border-radius: 50%;
        content: "";
        inline-size: 10px;
        inset-block-start: 7px;
        inset-inline-start: -28px;
        position: absolute;
      }
      .history li.refused::before {
        background: var(--error-color);
        border-color: var(--error-color);
        border-radius: 0;
      }
      .form {
        display: grid;
        gap: 16px;
      }
      .form .row {
        justify-content: flex-end;
      }
      details summary {
        cursor: pointer;
        min-block-size: 40px;
      }
    `,
  ];

  declare caseId: string;
  declare private shown: Case | undefined;
  /** The step that is being asked about, in its dialog. */
  declare private asking: Act | "";
  declare private typed: Partial<Record<string, string>>;
  declare private passage: PassageTyped;
  /** Kept here only: the passphrase is shown this one time and stored nowhere. */
  declare private released: Released | undefined;
  declare private downloaded: boolean;
  declare private copied: string;
  /** What plays: its player and its clip. */
  declare private watched: string;

  constructor() {
    super();
    this.caseId = "";
    this.asking = "";
    this.typed = {};
    this.passage = NO_PASSAGE;
    this.downloaded = false;
    this.copied = "";
    this.watched = "";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("caseId")) {
      this.shown = undefined;
      this.released = undefined;
      this.asking = "";
      void this.refresh();
    }
    super.willUpdate(changed);
  }

  protected override async read(): Promise<void> {
    const id = this.caseId;
    const shown = await this.context.api.getCase(id);
    if (id === this.caseId) this.shown = shown;
  }

  // --- what is asked before a step -----------------------------------------------------------------------------

  private draftName(act: Act): string {
    return `case/${this.caseId}/${act}`;
  }

  private ask(act: Act): void {
    this.error = "";
    this.asking = act;
    const saved = draft(this.draftName(act));
    if (act === "add_clip") {
      this.passage = { ...NO_PASSAGE, ...saved };
      return;
    }
    this.typed = saved;
    if (act !== "hand_over") return;
    this.typed.recipient ??= this.shown?.request.requester ?? "";
    const taken = this.shown?.only_by_hand
      ? this.shown.passages.find((clip) => clip.state === "sealed")?.by_hand
      : null;
    // It is the medium itself that is handed over.
    this.typed.medium ??= taken?.medium ?? "";
    this.typed.medium_serial ??= taken?.medium_serial ?? "";
  }

  private setField(name: string, value: string): void {
    if (!this.asking) return;
    this.typed = { ...this.typed, [name]: value };
    keep(this.draftName(this.asking), this.typed);
  }

  private dismiss(): void {
    this.asking = "";
    this.error = "";
  }

  private async submit(event: Event, act: Act): Promise<void> {
    event.preventDefault();
    if (!(event.target as HTMLFormElement).reportValidity()) return;
    const text = (name: string) => this.typed[name]?.trim() ?? "";
    const { api } = this.context;
    const id = this.caseId;
    const done = await this.attempt(act, async () => {
      switch (act) {
        case "add_clip": {
          const part = this.renderRoot.querySelector<NiizaCctvPassage>("#passage");
          const passage = passageOf(this.passage);
          if (!part?.check() || !passage) return;
          await api.exportClip(id, passage);
          break;
        }
        case "register_footage": {
          const part = this.renderRoot.querySelector<NiizaCctvByHand>("#by-hand");
          const footage = part?.read();
          if (!footage) return;
          await api.registerFootage(id, footage);
          break;
        }
        case "approve":
          await api.approve(id, text("note"), digests(this.shown));
          break;
        case "reject":
          await api.reject(id, text("reason"));
          break;
        case "release":
          this.released = await api.release(id, this.typed.encrypt === "yes");
          this.downloaded = false;
          this.copied = "";
          break;
        case "hand_over":
          await api.handOver(id, text("recipient"), text("medium"), text("medium_serial"));
          break;
        case "conclude":
          await api.conclude(id, text("outcome") as Outcome, text("reasons"));
          break;
        case "purge":
          await api.purge(id);
          break;
      }
      forget(this.draftName(act));
      this.asking = "";
      await this.refresh();
    });
    if (done && act === "release" && this.released) {
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("#package")?.focus();
    }
  }

  private async cancelClip(clip: Clip): Promise<void> {
    const question = clip.by_hand ? "by_hand.withdraw_question" : "clip.cancel_question";
    if (!window.confirm(this.context.t(question, { camera: clip.camera_name }))) return;
    await this.attempt(clip.clip, async () => {
      await this.context.api.cancelClip(clip.clip);
      await this.refresh();
    });
  }

  private async retryClip(clip: Clip): Promise<void> {
    await this.attempt(clip.clip, async () => {
      // The passage holds its margin already. What failed is given up first, or it would stand in the way of an approval.
      if (clip.state === "failed") await this.context.api.cancelClip(clip.clip);
      await this.context.api.exportClip(this.caseId, {
        cameras: [clip.camera],
        start: clip.start,
        end: clip.end,
        margin: 0,
      });
      await this.refresh();
    });
  }

  private line(name: string, required = true, help = "") {
    const { t } = this.context;
    return html`<div class="field">
      <label for=${name}
        >${textOr(t, `fields.${name}`, name)}
        ${required ? html`<span class="mark">${t("common.required")}</span>` : nothing}</label
      >
      ${help ? html`<span class="soft small" id="${name}-help">${help}</span>` : nothing}
      <input
        id=${name}
        type="text"
        maxlength="200"
        autocomplete="off"
        ?required=${required}
        aria-describedby=${help ? `${name}-help` : nothing}
        .value=${this.typed[name] ?? ""}
        @input=${(event: Event) => {
          this.setField(name, (event.target as HTMLInputElement).value);
        }}
      />
    </div>`;
  }

  private long(name: string, required: boolean) {
    const { t } = this.context;
    return html`<div class="field">
      <label for=${name}
        >${textOr(t, `fields.${name}`, name)}
        ${required ? html`<span class="mark">${t("common.required")}</span>` : nothing}</label
      >
      <textarea
        id=${name}
        maxlength="1000"
        ?required=${required}
        .value=${this.typed[name] ?? ""}
        @input=${(event: Event) => {
          this.setField(name, (event.target as HTMLTextAreaElement).value);
        }}
      ></textarea>
    </div>`;
  }

  private questions(act: Act, shown: Case) {
    const { t, info } = this.context;
    switch (act) {
      case "add_clip":
        return html`<niiza-cctv-passage
          id="passage"
          .context=${this.context}
          .typed=${this.passage}
          .caseId=${shown.case}
          .required=${true}
          @typed=${(event: CustomEvent<PassageTyped>) => {
            this.passage = event.detail;
            keep(this.draftName("add_clip"), isStarted(this.passage) ? { ...this.passage } : {});
          }}
        ></niiza-cctv-passage>`;
      case "register_footage":
        return html`<niiza-cctv-by-hand
          id="by-hand"
          .context=${this.context}
          .typed=${this.typed}
          @typed=${(event: CustomEvent<[string, string]>) => {
            this.setField(...event.detail);
          }}
        ></niiza-cctv-by-hand>`;
      case "approve":
        return html`<ul>
            ${shown.passages
              .filter((clip) => clip.state === "sealed")
              .map(
                (clip) =>
                  html`<li>
                    <strong>${clip.camera_name}</strong> ${this.span(clip)}<br />
                    ${clip.by_hand ? html`<span class="small">${t("by_hand.not_here")}</span><br />` : nothing}
                    <span class="small mono"
                      >${clip.by_hand && !clip.by_hand.sha256 ? t("by_hand.entry_hash") : "SHA-256"} ${clip.digest}</span
                    >
                  </li>`,
              )}
          </ul>
          ${this.long("note", false)}`;
      case "reject":
        return this.long("reason", true);
      case "release":
        return html`<fieldset class="form">
          <legend>${t("release.form")}</legend>
          ${(["no", "yes"] as const).map(
            (value) =>
              html`<label class="choice"
                ><input
                  type="radio"
                  name="encrypt"
                  .checked=${(this.typed.encrypt ?? "no") === value}
                  @change=${() => {
                    this.setField("encrypt", value);
                  }}
                />${t(value === "yes" ? "release.encrypted" : "release.plain")}</label
              >`,
          )}
        </fieldset>`;
      case "hand_over":
        return html`${this.line("recipient")} ${this.line("medium", true, t("help.medium"))}
        ${this.line("medium_serial", true, t("help.medium_serial"))}`;
      case "conclude":
        return html`<fieldset>
            <legend>${t("fields.outcome")} <span class="mark">${t("common.required")}</span></legend>
            <div class="choices">
              ${outcomes(shown, info).map(
                (outcome) =>
                  html`<label class="choice"
                    ><input
                      type="radio"
                      name="outcome"
                      required
                      .checked=${this.typed.outcome === outcome}
                      @change=${() => {
                        this.setField("outcome", outcome);
                      }}
                    />${t(`outcomes.${outcome}`)}</label
                  >`,
              )}
            </div>
          </fieldset>
          ${this.long("reasons", true)}`;
      case "purge":
        return nothing;
    }
  }

  private question(act: Act, shown: Case) {
    const { t } = this.context;
    const form = html`<form class="form" @submit=${(event: Event) => void this.submit(event, act)}>
      <p>${t(`ask.${act}`)}</p>
      ${this.questions(act, shown)} ${this.errorAlert()}
      <div class="row">
        <button type="button" class="flat" ?disabled=${Boolean(this.busy)} @click=${this.dismiss}>
          ${t("common.back")}
        </button>
        <button type="submit" class=${act === "purge" || act === "reject" ? "danger" : "main"} ?disabled=${Boolean(this.busy)}>
          <ha-icon icon=${ICONS[act]}></ha-icon>
          ${t(this.busy === act ? (act === "release" ? "release.making" : "common.working") : `do.${act}`)}
        </button>
      </div>
    </form>`;
    const heading = t(`do.${act}`);
    // Long and with a picture in it: part of the page.
    if (act === "add_clip" || act === "register_footage")
      return html`<ha-card><h2>${heading}</h2>${form}</ha-card>`;
    return html`<niiza-cctv-dialog .heading=${heading} @dismissed=${this.dismiss}>${form}</niiza-cctv-dialog>`;
  }

  // --- what is shown -------------------------------------------------------------------------------------------

  private span(clip: { start: string; end: string }) {
    const { t, clock } = this.context;
    return t("clip.span", { start: clock.at(clip.start), end: clock.at(clip.end) });
  }

  private way(shown: Case) {
    const { t } = this.context;
    const here = (WAY as readonly string[]).indexOf(shown.state);
    if (here < 0) return nothing;
    return html`<ol class="way" aria-label=${t("case.way")}>
      ${WAY.map(
        (state, index) =>
          html`<li class=${index < here ? "past" : ""} aria-current=${index === here ? "step" : nothing}>
            <ha-icon icon=${index < here ? "mdi:check" : STATE_ICONS[state]}></ha-icon>
            <span>${t(`states.${state}`)}</span>
          </li>`,
      )}
    </ol>`;
  }

  private offer({ act, why }: Offer, first: boolean, again: boolean) {
    const { t } = this.context;
    const style = act === "purge" || act === "reject" ? "danger" : first ? "main" : "";
    return html`<div>
      <button
        class=${why ? "" : style}
        ?disabled=${why !== null}
        aria-describedby=${why ? `why-${act}` : nothing}
        @click=${() => {
          this.ask(act);
        }}
      >
        <ha-icon icon=${ICONS[act]}></ha-icon>${t(act === "release" && again ? "do.release_again" : `do.${act}`)}
      </button>
      ${why ? html`<p class="small soft" id="why-${act}">${t(why)}</p>` : nothing}
    </div>`;
  }

  private next(shown: Case) {
    const { t, clock, info } = this.context;
    const offered = offers(shown, info);
    const left = hoursLeft(shown.overwritten_at, new Date());
    return html`<ha-card>
      ${this.way(shown)}
      <h2 class="with-icon here">
        <ha-icon icon=${STATE_ICONS[shown.state]}></ha-icon>${t(`states.${shown.state}`)}
      </h2>
      <p class="next">${t(nextStep(shown, info))}</p>
      ${shown.overwritten_at && OPEN.has(shown.state)
        ? html`<p class="row">
            ${t("case.overwritten_at", { at: clock.at(shown.overwritten_at) })}
            ${left !== null && left < AT_RISK_HOURS ? riskChip(t, left) : nothing}
          </p>`
        : nothing}
      ${shown.kept_until
        ? html`<p class="soft">
            ${t(OPEN.has(shown.state) ? "case.expires" : "case.removed_at", { at: clock.at(shown.kept_until) })}
          </p>`
        : nothing}
      <div class="offers">${offered.map((one, index) => this.offer(one, index === 0, shown.state === "released"))}</div>
      ${this.asking ? nothing : this.errorAlert()}
    </ha-card>`;
  }

  private package(released: Released) {
    const { t, clock } = this.context;
    return html`<ha-card id="package" tabindex="-1" role="region" aria-labelledby="package-heading">
      <h2 id="package-heading">${t("release.heading")}</h2>
      ${released.passphrase
        ? html`<ha-alert alert-type="warning">${t("release.passphrase_warning")}</ha-alert>
            <p></p>
            <p class="passphrase mono" aria-label=${t("release.passphrase")}>${released.passphrase}</p>
            <p class="row">
              <button @click=${() => void this.copyPassphrase(released.passphrase ?? "")}>
                <ha-icon icon="mdi:content-copy"></ha-icon>${t("release.copy")}
              </button>
              <span role="status">${this.copied}</span>
            </p>`
        : nothing}
      ${this.downloaded
        ? html`<p>${t("release.downloaded")}</p>`
        : html`<p class="row">
            <a
              class="button main"
              href=${released.link}
              download
              @click=${() => {
                // It works once; the click itself still follows it.
                setTimeout(() => {
                  this.downloaded = true;
                });
              }}
              ><ha-icon icon="mdi:download"></ha-icon>${t("release.download", { name: released.file.name })}</a
            >
            <span>${t("release.once", { at: clock.at(released.expires) })} ${t("release.anyone")}</span>
          </p>`}
      <dl class="small">
        <dt>SHA-256</dt>
        <dd class="mono">${released.file.sha256}</dd>
      </dl>
    </ha-card>`;
  }

  private async copyPassphrase(passphrase: string): Promise<void> {
    const { t } = this.context;
    this.copied = (await copy(passphrase)) ? t("release.copied") : t("release.not_copied");
  }

  private progress(clip: Clip) {
    const { t } = this.context;
    const { progress } = clip;
    if (!progress || clip.state !== "requested") return nothing;
    const percent = Math.floor(progress.percent);
    const words = [
      textOr(t, `progress.${progress.state}`, progress.state),
      progress.state === "queued" && progress.place > 0 ? t("progress.place", { place: progress.place }) : "",
      progress.remaining === null ? "" : t("progress.remaining", { time: duration(progress.remaining) }),
    ].filter(Boolean);
    return html`<div>
      <progress max="100" .value=${progress.percent} aria-label=${t("progress.label", { camera: clip.camera_name })}>
        ${percent}%
      </progress>
      <div class="row spread small"><span>${words.join("・")}</span><span>${percent}%</span></div>
    </div>`;
  }

  private clip(clip: Clip, shown: Case) {
    const { t, clock, info } = this.context;
    const exporter = info.roles.includes("exporter");
    const left = hoursLeft(clip.overwritten_at, new Date());
    // Whoever sees a case may see what it preserved, an approver above all; the card is for viewers.
    const players = (shown.state === "purged" ? [] : playersOf(clip)).filter(
      (player) => player === "sealed" || info.roles.includes("viewer"),
    );
    const changeable = OPEN.has(shown.state) && shown.state !== "released" && exporter;
    const waits = clip.state === "requested" || clip.state === "failed";
    return html`<li>
      <div class="row spread">
        <h3>${clip.camera_name}</h3>
        <span class="chip ${clip.state === "failed" ? "risk" : ""}"
          >${clip.by_hand && clip.state === "sealed"
            ? html`<ha-icon icon="mdi:usb-flash-drive"></ha-icon>${t("by_hand.taken")}`
            : html`<ha-icon icon=${CLIP_ICONS[clip.state]}></ha-icon>${t(`clip.${clip.state}`)}`}</span
        >
      </div>
      <p>${this.span(clip)}</p>
      ${this.progress(clip)}
      ${clip.error && waits
        ? this.trouble(clip, clip.error)
        : nothing}
      ${clip.overwritten_at && waits
        ? html`<p class="row small">
            ${t("find.overwritten_at", { at: clock.at(clip.overwritten_at) })}
            ${left !== null && left < AT_RISK_HOURS ? riskChip(t, left) : nothing}
          </p>`
        : nothing}
      ${clip.sealed ? this.sealed(clip) : nothing} ${clip.by_hand ? this.byHand(clip, clip.by_hand) : nothing}
      <div class="row">
        ${players.map((player) => this.watchButton(clip, player))}
        ${changeable && (waits || (clip.by_hand && clip.state === "sealed" && shown.state !== "approved"))
          ? html`<button ?disabled=${Boolean(this.busy)} @click=${() => void this.cancelClip(clip)}>
              <ha-icon icon="mdi:cancel"></ha-icon>${t(clip.by_hand ? "by_hand.withdraw" : "clip.cancel")}
            </button>`
          : nothing}
        ${changeable && !clip.by_hand && (clip.state === "failed" || clip.state === "cancelled")
          ? html`<button ?disabled=${Boolean(this.busy)} @click=${() => void this.retryClip(clip)}>
              <ha-icon icon="mdi:refresh"></ha-icon>${t("clip.retry")}
            </button>`
          : nothing}
      </div>
      ${players.includes("sealed") && this.watched === `sealed/${clip.clip}`
        ? html`<niiza-cctv-sealed
            .context=${this.context}
            .clip=${clip.clip}
            .cameraName=${clip.camera_name}
          ></niiza-cctv-sealed>`
        : nothing}
      ${players.includes("card") && this.watched === `card/${clip.clip}`
        ? html`<niiza-cctv-watch
            .context=${this.context}
            .camera=${clip.camera}
            .cameraName=${clip.camera_name}
            .start=${clip.start}
            .end=${clip.end}
            .kept=${clip.state === "sealed"}
          ></niiza-cctv-watch>`
        : nothing}
    </li>`;
  }

  private watchButton(clip: Clip, player: Player) {
    const { t } = this.context;
    const name = `${player}/${clip.clip}`;
    const watching = this.watched === name;
    return html`<button
      aria-expanded=${watching}
      @click=${() => {
        this.watched = watching ? "" : name;
      }}
    >
      <ha-icon icon=${watching ? "mdi:close" : player === "sealed" ? "mdi:play-box-lock" : "mdi:play"}></ha-icon>${t(
        watching ? "watch.close" : player === "sealed" ? "watch.open_sealed" : "watch.open_card",
      )}
    </button>`;
  }

  /** Why a clip is not here; in passing once its retrieval goes on. */
  private trouble(clip: Clip, key: string) {
    const { t, hass } = this.context;
    const error = exceptionText(hass, key, clip.camera_name);
    const state = clip.state === "requested" ? clip.progress?.state : undefined;
    if (state === "retrieving" || state === "writing")
      return html`<p class="small soft">${t("clip.setback", { error })}</p>`;
    return html`<ha-alert alert-type="warning"
      >${failureText(t, key, clip.camera_name) ?? t("clip.error", { error, attempts: clip.attempts })}</ha-alert
    >`;
  }

  /** What two people wrote down of footage that they took at the station. */
  private byHand(clip: Clip, taken: ByHand) {
    const { t } = this.context;
    const { clock_offset: offset } = taken;
    const rows: [string, string][] = [
      [t("by_hand.people"), t("by_hand.two", { person: clip.asked_by.name, second: taken.second_person.name })],
      [t("fields.medium"), taken.medium],
      [t("fields.medium_serial"), taken.medium_serial],
      ["SHA-256", taken.sha256 ?? t("by_hand.no_hash")],
      [t("by_hand.clock"), offset === null ? t("by_hand.clock_not_read") : offsetText(t, offset)],
      [t("fields.note"), taken.note],
    ];
    return html`
      <p class="small">${t("by_hand.not_here")}</p>
      ${taken.network === "none"
        ? nothing
        : html`<ha-alert alert-type=${taken.network === "up" ? "warning" : "info"}
            >${t(taken.network === "up" ? "by_hand.was_up" : "by_hand.was_down")}</ha-alert
          >`}
      <dl class="small">
        ${rows
          .filter(([, text]) => text)
          .map(
            ([name, text]) =>
              html`<dt>${name}</dt>
                <dd class=${name === "SHA-256" ? "mono" : ""}>${text}</dd>`,
          )}
      </dl>
    `;
  }

  private sealed(clip: Clip) {
    const { t, clock } = this.context;
    const { sealed } = clip;
    if (!sealed) return nothing;
    const files = [sealed.master, sealed.viewing_copy].filter((file) => file !== null);
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
        ${sealed.signed_by_camera ? t("clip.signed") : nothing}
      </p>
      ${sealed.gaps.length
        ? gapList(t, clock, sealed.gaps)
        : html`<p class="small with-icon"><ha-icon icon="mdi:check-circle"></ha-icon>${t("find.complete")}</p>`}
      <details>
        <summary class="small">${t("clip.hashes")}</summary>
        <dl class="small">
          ${files.map(
            (file) =>
              html`<dt>${file.name}</dt>
                <dd class="mono">${t("clip.size", { mb: (file.size / 1e6).toFixed(1) })} ${file.sha256}</dd>`,
          )}
        </dl>
      </details>
    `;
  }

  private step(step: Step) {
    const { t, clock } = this.context;
    const lines = describeStep(this.context, step, {
      case: this.caseId,
      camera: (name) => this.shown?.passages.find((one) => one.clip === name)?.camera_name,
    });
    return html`<li class=${step.action === "refused" ? "refused" : ""}>
      <div class="row">
        <strong>${textOr(t, `history.${step.action}`, step.action)}</strong>
        <span>${step.person?.name ?? t("history.nobody")}</span>
      </div>
      <time class="soft small" datetime=${step.at}>${clock.at(step.at)}</time>
      ${lines.map((text) => html`<div class="small">${text}</div>`)}
    </li>`;
  }

  protected override render() {
    const { t } = this.context;
    const { shown } = this;
    if (!shown)
      return html`<div class="page">
        <h1 tabindex="-1">${this.caseId}</h1>
        ${this.unread ? this.errorAlert(this.unread) : html`<p role="status">${t("common.loading")}</p>`}
        <p><a href="${PANEL_PATH}/cases">${t("case.back")}</a></p>
      </div>`;
    return html`<div class="page">
      <p><a class="with-icon" href="${PANEL_PATH}/cases"><ha-icon icon="mdi:arrow-left"></ha-icon>${t("case.back")}</a></p>
      <h1 tabindex="-1">${t("case.heading", { case: shown.case, kind: t(`kinds.${shown.kind}`) })}</h1>
      ${this.errorAlert(this.unread)} ${this.next(shown)}
      ${this.released && OPEN.has(shown.state) ? this.package(this.released) : nothing}
      ${this.asking ? this.question(this.asking, shown) : nothing}
      <ha-card>
        <h2>${t("case.footage")}</h2>
        ${shown.passages.length
          ? html`<ul class="clips">
              ${shown.passages.map((clip) => this.clip(clip, shown))}
            </ul>`
          : html`<p class="soft">${t("case.no_footage")}</p>`}
      </ha-card>
      <ha-card>
        <h2>${t("case.request")}</h2>
        <dl>
          ${Object.entries(shown.request)
            .filter(([, value]) => value)
            .map(
              ([name, value]) =>
                html`<dt>${textOr(t, `fields.${name}`, name)}</dt>
                  <dd>${value}</dd>`,
            )}
        </dl>
      </ha-card>
      <ha-card>
        <h2>${t("case.history")}</h2>
        <ol class="history">
          ${shown.history.map((step) => this.step(step))}
        </ol>
      </ha-card>
    </div>`;
  }
}
