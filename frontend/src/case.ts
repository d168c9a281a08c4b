import { type PropertyValues, css, html, nothing } from "lit";

import type { Case, Clip, Released, Step } from "./api";
import { PANEL_PATH, Page } from "./base";
import type { PlayerName } from "./case-clip";
import type { Errand } from "./case-cut";
import type { Submission } from "./case-step";
import type { Marked } from "./cut-form";
import { packageWords, packingShown } from "./package-shown";
import { decideBy, decisionCard } from "./decision";
import { fieldLabel } from "./fields";
import { type Act, OPEN, type Offer, isDecided, nextStep, offers, stageOf, wayOf } from "./rules";
import { ACT_ICONS, GRAVE, STATE_ICONS, doText, riskChip, stageText } from "./shown";
import { describeStep } from "./steps";
import { styles } from "./styles";
import type { WatchedCounted } from "./sealed";
import { textOr } from "./texts";

/** One case: where it is, what comes next and by whom, its footage, its papers and everything that was done. */
export class NiizaCctvCase extends Page {
  static override properties = {
    ...Page.properties,
    caseId: { type: String },
    shown: { state: true },
    asking: { state: true },
    released: { state: true },
    playing: { state: true },
    item: { state: true },
    marked: { state: true },
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
        display: grid;
        gap: 12px;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 240px), 1fr));
        margin-block-start: 16px;
      }
      .offers p {
        margin-block-start: 6px;
      }
      .offers button {
        inline-size: 100%;
      }
      h3 {
        margin-block: 16px 4px;
      }
      .clips {
        display: grid;
        gap: 16px;
      }
      .history {
        border-inline-start: 2px solid var(--divider-color);
        display: grid;
        gap: 14px;
        margin-inline-start: 6px;
        padding-inline-start: 20px;
      }
      .history li {
        /* Hashes are longer than a phone is wide. */
        overflow-wrap: anywhere;
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
    `,
  ];

  declare caseId: string;
  declare private shown: Case | undefined;
  /** The step that is being asked about. */
  declare private asking: Act | "";
  /** Kept here only: the passphrase is shown this one time and stored nowhere. */
  declare private released: Released | undefined;
  /** What plays: one player of one clip. */
  /** The clip or cut that is being approved; empty: the first that waits. */
  declare private item: string;
  /** What is about to be cut. */
  declare private marked: Marked | undefined;
  declare private playing: { clip: string; player: PlayerName } | undefined;

  constructor() {
    super();
    this.caseId = "";
    this.asking = "";
    this.item = "";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("caseId")) {
      this.shown = undefined;
      this.released = undefined;
      this.asking = "";
      this.marked = undefined;
      void this.refresh();
    }
    super.willUpdate(changed);
  }

  protected override async read(): Promise<void> {
    const id = this.caseId;
    const shown = await this.context.api.getCase(id);
    if (id === this.caseId) this.shown = shown;
  }

  private ask(act: Act | "", item = ""): void {
    this.error = "";
    this.item = item;
    this.asking = act;
  }

  /** Do something for a part of the page, and show what became of it. */
  private async runErrand({ name, run }: Errand): Promise<void> {
    const done = await this.attempt(name, async () => {
      await run();
      await this.refresh();
    });
    if (done && name === "cut_clip") this.marked = undefined;
  }

  private mark(marked: Marked | undefined): void {
    this.error = "";
    this.marked = marked;
  }

  private async carryOut({ act, carryOut }: Submission): Promise<void> {
    await this.attempt(act, async () => {
      const released = await carryOut();
      if (released) this.released = released;
      this.asking = "";
      await this.refresh();
    });
  }

  private async cancelClip(clip: Clip): Promise<void> {
    await this.attempt(clip.clip, async () => {
      await this.context.api.cancelClip(clip.clip);
      await this.refresh();
    });
  }

  private async sealEarly(clip: Clip): Promise<void> {
    await this.attempt(clip.clip, async () => {
      await this.context.api.sealEarly(clip.clip);
      await this.refresh();
    });
  }

  private async retryClip(clip: Clip): Promise<void> {
    const { api } = this.context;
    await this.attempt(clip.clip, async () => {
      // What failed is given up first, or it would stand in the way of an approval.
      if (clip.state === "failed") await api.cancelClip(clip.clip);
      const { camera, start, end } = clip;
      // The passage holds its margin already.
      await api.exportClip(this.caseId, { cameras: [camera], start, end, margin: 0 });
      await this.refresh();
    });
  }

  private way(shown: Case) {
    const { t, info } = this.context;
    const way = wayOf(shown, info);
    const here = way.indexOf(stageOf(shown, info));
    if (here < 0) return nothing;
    return html`<ol class="way" aria-label=${t("case.way")}>
      ${way.map(
        (stage, index) =>
          html`<li class=${index < here ? "past" : ""} aria-current=${index === here ? "step" : nothing}>
            <ha-icon icon=${index < here ? "mdi:check" : STATE_ICONS[stage]}></ha-icon>
            <span>${stageText(t, stage)}</span>
          </li>`,
      )}
    </ol>`;
  }

  private offer({ act, why }: Offer, first: boolean, shown: Case) {
    const { t, info } = this.context;
    // What was proposed, or decided, is not to be made anew as a matter of course.
    const goesOn = first && !(act === "propose" && shown.decision);
    const style = GRAVE.has(act) ? "danger" : goesOn ? "main" : "";
    return html`<div>
      <button
        class=${why ? "" : style}
        ?disabled=${why !== null}
        aria-describedby=${why ? `why-${act}` : nothing}
        @click=${() => {
          this.ask(act);
        }}
      >
        <ha-icon icon=${ACT_ICONS[act]}></ha-icon>${doText(t, act, shown, isDecided(shown, info))}
      </button>
      ${why ? html`<p class="small soft" id="why-${act}">${t(why)}</p>` : nothing}
    </div>`;
  }

  private deadlines(shown: Case) {
    const { t, clock } = this.context;
    const open = OPEN.has(shown.state);
    return html`${shown.overwritten_at && open
      ? html`<p class="row">
          ${t("case.overwritten_at", { at: clock.at(shown.overwritten_at) })} ${riskChip(t, shown.overwritten_at)}
        </p>`
      : nothing}
    ${shown.questions ? html`<ha-alert alert-type="warning">${t("case.silent")}</ha-alert>` : nothing}
    ${shown.kept_until
      ? html`<p class="soft">
          ${t(open ? "case.expires" : "case.removed_at", { at: clock.at(shown.kept_until) })}
        </p>`
      : nothing}`;
  }

  private next(shown: Case) {
    const { t, info } = this.context;
    const stage = stageOf(shown, info);
    return html`<ha-card>
      ${this.way(shown)}
      <h2 class="with-icon here">
        <ha-icon icon=${STATE_ICONS[stage]}></ha-icon>${stageText(t, stage)}
      </h2>
      <p class="next">${t(nextStep(shown, info))}</p>
      ${decideBy(this.context, shown, new Date())} ${this.deadlines(shown)}
      <div class="offers">
        ${offers(shown, info).map((one, index) => this.offer(one, index === 0, shown))}
      </div>
      ${this.asking || this.marked ? nothing : this.errorAlert()}
    </ha-card>`;
  }

  private package(shown: Case) {
    const { t } = this.context;
    // Where its own question stands on the page, it shows that itself.
    if (shown.packing && this.asking !== "release")
      return html`<ha-card><h2>${t("package.making")}</h2>${packingShown(this.context, shown.packing, this.busy === "release")}</ha-card>`;
    if (!this.released) return packageWords(this.context, shown, new Date());
    if (!OPEN.has(shown.state)) return nothing;
    return html`<niiza-cctv-case-package
      .context=${this.context}
      .released=${this.released}
    ></niiza-cctv-case-package>`;
  }

  /** So that the approval's question says what was watched up to now. */
  private counted({ clip, watched }: WatchedCounted): void {
    if (!this.shown) return;
    const passages = this.shown.passages.map((one) =>
      one.clip === clip
        ? { ...one, watched }
        : {
            ...one,
            cuts: one.cuts.map((cut) => (cut.cut === clip ? { ...cut, watched } : cut)),
            masks: one.masks.map((mask) => (mask.mask === clip ? { ...mask, watched } : mask)),
          },
    );
    this.shown = { ...this.shown, passages };
  }

  private step(shown: Case) {
    if (!this.asking) return nothing;
    return html`<niiza-cctv-case-step
      .context=${this.context}
      .shown=${shown}
      .act=${this.asking}
      .item=${this.item}
      .running=${this.busy}
      .failure=${this.error}
      @watched-counted=${(event: CustomEvent<WatchedCounted>) => {
        this.counted(event.detail);
      }}
      @submitted=${(event: CustomEvent<Submission>) => void this.carryOut(event.detail)}
      @dismissed=${() => {
        this.ask("");
      }}
    ></niiza-cctv-case-step>`;
  }

  private cutting() {
    if (!this.marked) return nothing;
    return html`<niiza-cctv-cut-form
      .context=${this.context}
      .marked=${this.marked}
      .running=${this.busy}
      .failure=${this.error}
      @submitted=${(event: CustomEvent<Errand>) => void this.runErrand(event.detail)}
      @dismissed=${() => {
        this.mark(undefined);
      }}
    ></niiza-cctv-cut-form>`;
  }

  /** From the first preserved clip on; what is over is told by the history. */
  private leaving(shown: Case) {
    if (isDecided(shown, this.context.info)) return decisionCard(this.context, shown);
    if (!shown.release_items.length && !shown.offers.includes("choose_for_release")) return nothing;
    return html`<niiza-cctv-case-release
      .context=${this.context}
      .shown=${shown}
      .paused=${Boolean(this.busy)}
      @approving=${(event: CustomEvent<string>) => {
        this.ask("approve", event.detail);
      }}
    ></niiza-cctv-case-release>`;
  }

  private clip(clip: Clip, shown: Case) {
    return html`<li>
      <niiza-cctv-case-clip
        @watched-counted=${(event: CustomEvent<WatchedCounted>) => {
          this.counted(event.detail);
        }}
        .context=${this.context}
        .clip=${clip}
        .caseState=${shown.state}
        .takesClips=${shown.offers.includes("request_clips")}
        .paused=${Boolean(this.busy)}
        .covered=${Boolean(this.asking || this.marked)}
        .playing=${this.playing?.clip === clip.clip ? this.playing.player : ""}
        @cancelled=${() => void this.cancelClip(clip)}
        @sealed-early=${() => void this.sealEarly(clip)}
        @retried=${() => void this.retryClip(clip)}
        @played=${({ detail: player }: CustomEvent<PlayerName | "">) => {
          this.playing = player ? { clip: clip.clip, player } : undefined;
        }}
      ></niiza-cctv-case-clip>
    </li>`;
  }

  private footage(shown: Case) {
    const { t } = this.context;
    return html`<ha-card>
      <h2>${t("case.footage")}</h2>
      ${shown.passages.length
        ? html`<ul class="clips">
            ${shown.passages.map((clip) => this.clip(clip, shown))}
          </ul>`
        : html`<p class="soft">${t("case.no_footage")}</p>`}
    </ha-card>`;
  }

  private papers(shown: Case) {
    const { t, info } = this.context;
    const decided = isDecided(shown, info);
    return html`<ha-card>
      <h2>${t("case.request")}</h2>
      <dl>
        ${Object.entries(shown.request).map(([name, value]) =>
          value
            ? html`<dt>${fieldLabel(t, name, decided)}</dt>
                <dd>${value}</dd>`
            : nothing,
        )}
      </dl>
    </ha-card>`;
  }

  private history(shown: Case) {
    return html`<ha-card>
      <h2>${this.context.t("case.history")}</h2>
      <ol class="history">
        ${shown.history.map((step) => this.historyEntry(step, shown))}
      </ol>
    </ha-card>`;
  }

  private historyEntry(step: Step, shown: Case) {
    const { t, clock } = this.context;
    const lines = describeStep(this.context, step, {
      case: this.caseId,
      camera: (name) => shown.passages.find((one) => one.clip === name)?.camera_name,
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

  /** While nothing was read, or nothing could be. */
  private unknown() {
    const { t } = this.context;
    return html`<div class="page">
      <h1 tabindex="-1">${this.caseId}</h1>
      ${this.unread ? this.errorAlert(this.unread) : html`<p role="status">${t("common.loading")}</p>`}
      <p><a href="${PANEL_PATH}/cases">${t("case.back")}</a></p>
    </div>`;
  }

  protected override render() {
    const { t } = this.context;
    const { shown } = this;
    if (!shown) return this.unknown();
    return html`<div
      class="page"
      @errand=${(event: CustomEvent<Errand>) => void this.runErrand(event.detail)}
      @cut-marked=${(event: CustomEvent<Marked>) => {
        this.mark(event.detail);
      }}
    >
      <p><a class="with-icon" href="${PANEL_PATH}/cases"><ha-icon icon="mdi:arrow-left"></ha-icon>${t("case.back")}</a></p>
      <h1 tabindex="-1">${t("case.heading", { case: shown.case, kind: t(`kinds.${shown.kind}`) })}</h1>
      ${this.errorAlert(this.unread)} ${this.next(shown)} ${this.package(shown)} ${this.step(shown)}
      ${this.cutting()} ${this.leaving(shown)} ${this.footage(shown)} ${this.papers(shown)} ${this.history(shown)}
    </div>`;
  }
}
