import { type PropertyValues, css, html, nothing } from "lit";
import { type Ref, createRef, ref } from "lit/directives/ref.js";

import type { Case, Clip, Outcome, ReleaseItem, Released } from "./api";
import { besideCut, besideMask, besideRequested, requestPaper, unwatchedWarning } from "./approval";
import { Part } from "./base";
import { type NiizaCctvByHand, footageOf, writtenOf } from "./by-hand";
import { reviewLink } from "./case-mask";
import { decisionWords } from "./decision";
import { type NiizaCctvDecisionForm, proposalOf, reasonsOf, typedOf } from "./decision-form";
import { draft, forget, keep } from "./drafts";
import { fieldHelp, fieldLabel, reportFields, requiredMark, textArea, textField } from "./fields";
import { sealedEarly } from "./clip-notes";
import { packingShown } from "./package-shown";
import { type NiizaCctvPassage, NO_PASSAGE, type PassageTyped, isStarted, passageOf } from "./passage";
import { approvedItem, itemFacts, itemName, waitingItems } from "./release-items";
import { type Act, isDecided } from "./rules";
import { ACT_ICONS, GRAVE, doText } from "./shown";
import { styles } from "./styles";
import { textOr } from "./texts";
import { duration } from "./time";
import { secondsMissing } from "./watched-shown";

/** A step with everything filled in, for the page to carry out: the form may be closed while that takes its time. */
export interface Submission {
  act: Act;
  carryOut: () => Promise<Released | undefined>;
}

/** Long and with a picture in them: part of the page, not a dialog on it. */
const ON_PAGE: ReadonlySet<Act> = new Set<Act>(["add_clip", "register_footage", "propose"]);

const sealedOf = (shown: Case): Clip[] => shown.passages.filter((clip) => clip.state === "sealed");

/** What is asked before a step of a case, and the step itself. */
export class NiizaCctvCaseStep extends Part {
  static override properties = {
    ...Part.properties,
    shown: { attribute: false },
    act: { type: String },
    item: { type: String },
    running: { type: String },
    failure: { type: String },
    typed: { state: true },
    passage: { state: true },
    asked: { state: true },
    playing: { state: true },
  };

  static override styles = [
    styles,
    css`
      .form {
        display: grid;
        gap: 16px;
      }
      .form > .row {
        justify-content: flex-end;
      }
      .paper,
      .form > li {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        padding: 12px 16px;
      }
      .paper h3 {
        margin-block-end: 8px;
      }
      .beside {
        margin-block: 8px;
      }
      /* Nothing that somebody typed, of which lines are kept. */
      .beside dd {
        white-space: normal;
      }
    `,
  ];

  declare shown: Case;
  declare act: Act;
  /** The clip or cut that is approved; empty: the first that waits. */
  declare item: string;
  /** What the page is doing: nothing else is begun meanwhile. */
  declare running: string;
  /** Why it could not be done. */
  declare failure: string;
  declare private typed: Partial<Record<string, string>>;
  declare private passage: PassageTyped;
  /** The proposed decision that this person was asked about; another one is looked at first. */
  declare private asked: string;
  /** The masked clip that plays in the question. */
  declare private playing: string;
  /** A part with fields of its own, which only it can find wrong. */
  private readonly fields: Ref<NiizaCctvPassage | NiizaCctvByHand | NiizaCctvDecisionForm> = createRef();

  constructor() {
    super();
    this.item = "";
    this.running = "";
    this.failure = "";
    this.typed = {};
    this.passage = NO_PASSAGE;
    this.asked = "";
    this.playing = "";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("act")) this.begin();
  }

  private draftName(): string {
    return `case/${this.shown.case}/${this.act}`;
  }

  /** Start with what was typed before, or with what is known. */
  private begin(): void {
    const saved = draft(this.draftName());
    this.passage = { ...NO_PASSAGE, ...(this.act === "add_clip" ? saved : {}) };
    this.typed = { ...this.known(), ...saved };
    this.asked = this.shown.decision?.digest ?? "";
    this.playing = "";
  }

  /** What need not be typed: what was proposed before, or who asked. */
  private known(): Partial<Record<string, string>> {
    const { decision, outcomes } = this.shown;
    if (this.act === "propose") return decision ? typedOf(decision) : {};
    if (this.act === "conclude" && this.decided()) return { outcome: outcomes[0] ?? "" };
    return this.act === "hand_over" ? this.recipient() : {};
  }

  private decided(): boolean {
    return isDecided(this.shown, this.context.info);
  }

  /** Whether it was proposed anew while this question stood on the page. */
  private hasChanged(): boolean {
    return this.act === "approve" && (this.shown.decision?.digest ?? "") !== this.asked;
  }

  private recipient(): Partial<Record<string, string>> {
    const { request, only_by_hand: byHand } = this.shown;
    // It is the medium itself that is handed over.
    const taken = byHand ? sealedOf(this.shown)[0]?.by_hand : null;
    return {
      recipient: request.requester ?? "",
      medium: taken?.medium ?? "",
      medium_serial: taken?.medium_serial ?? "",
    };
  }

  private setField(name: string, value: string): void {
    this.typed = { ...this.typed, [name]: value };
    keep(this.draftName(), this.typed);
  }

  private setPassage(passage: PassageTyped): void {
    this.passage = passage;
    keep(this.draftName(), isStarted(passage) ? { ...passage } : {});
  }

  private text(name: string): string {
    return this.typed[name]?.trim() ?? "";
  }

  private submit(event: Event): void {
    event.preventDefault();
    const whole = this.fields.value?.reportValidity() !== false;
    if (!reportFields(event.target as HTMLFormElement) || !whole) return;
    const detail = { act: this.act, carryOut: () => this.carryOut() };
    this.dispatchEvent(new CustomEvent<Submission>("submitted", { detail }));
  }

  private async carryOut(): Promise<Released | undefined> {
    const name = this.draftName();
    const released = await this.send();
    forget(name);
    return released;
  }

  private async send(): Promise<Released | undefined> {
    const { api } = this.context;
    const { case: id } = this.shown;
    switch (this.act) {
      case "release":
        return api.release(id, this.typed.encrypt === "yes");
      case "add_clip": {
        const passage = passageOf(this.passage);
        if (passage) await api.exportClip(id, passage);
        break;
      }
      case "register_footage":
        await api.registerFootage(id, footageOf(this.typed), writtenOf(this.typed));
        break;
      case "propose":
        await api.proposeDecision(id, proposalOf(this.typed), reasonsOf(this.typed));
        break;
      case "approve":
        await api.approve(id, this.text("note"), this.toApprove().map(approvedItem), this.asked);
        break;
      case "reject":
        await api.reject(id, this.text("reason"));
        break;
      case "hand_over":
        await api.handOver(id, this.text("recipient"), this.text("medium"), this.text("medium_serial"));
        break;
      case "conclude":
        await api.conclude(id, this.text("outcome") as Outcome, this.text("reasons"));
        break;
      case "keep_open":
        await api.keepOpen(id);
        break;
      case "purge":
        await api.purge(id);
        break;
    }
    return undefined;
  }

  private dismiss(): void {
    this.dispatchEvent(new CustomEvent("dismissed"));
  }

  // --- what is asked -------------------------------------------------------------------------------------------

  private field(name: string, required: boolean) {
    return {
      name,
      label: fieldLabel(this.context.t, name, this.decided()),
      required,
      value: this.typed[name] ?? "",
      setValue: (value: string) => {
        this.setField(name, value);
      },
    };
  }

  private textField(name: string, help = "") {
    return textField(this.context.t, { ...this.field(name, true), help });
  }

  private textArea(name: string, required: boolean) {
    return textArea(this.context.t, this.field(name, required));
  }

  private questions() {
    const { t } = this.context;
    switch (this.act) {
      case "add_clip":
        return this.passageQuestions();
      case "register_footage":
        return this.byHandQuestions();
      case "approve":
        return html`${requestPaper(this.context, this.shown)} ${this.proposal()}
          ${this.toApprove().map((item) => this.itemToApprove(item))} ${unwatchedWarning(this.context, this.watchable())}
          ${this.textArea("note", false)}`;
      case "propose":
        return this.decisionQuestions();
      case "reject":
        return this.textArea("reason", true);
      case "release":
        return html`<fieldset class="form">
          <legend>${t("release.form")}</legend>
          ${this.encryptChoice("no")} ${this.encryptChoice("yes")}
        </fieldset>`;
      case "hand_over":
        return html`${this.textField("recipient", fieldHelp(t, "recipient", this.decided()))} ${this.textField("medium", fieldHelp(t, "medium", this.decided()))}
        ${this.textField("medium_serial", t("help.medium_serial"))}`;
      case "conclude":
        // What was decided is all that may be said of it.
        return this.decided() ? this.proposal() : html`${this.outcomeChoices()} ${this.textArea("reasons", true)}`;
      case "keep_open":
      case "purge":
        return nothing;
    }
  }

  private passageQuestions() {
    return html`<niiza-cctv-passage
      ${ref(this.fields)}
      .context=${this.context}
      .typed=${this.passage}
      .caseId=${this.shown.case}
      .required=${true}
      @typed=${(event: CustomEvent<PassageTyped>) => {
        this.setPassage(event.detail);
      }}
    ></niiza-cctv-passage>`;
  }

  private byHandQuestions() {
    return html`<niiza-cctv-by-hand
      ${ref(this.fields)}
      .context=${this.context}
      .typed=${this.typed}
      @typed=${(event: CustomEvent<[string, string]>) => {
        this.setField(...event.detail);
      }}
    ></niiza-cctv-by-hand>`;
  }

  private decisionQuestions() {
    return html`<niiza-cctv-decision-form
      ${ref(this.fields)}
      .context=${this.context}
      .shown=${this.shown}
      .typed=${this.typed}
      @typed=${(event: CustomEvent<[string, string]>) => {
        this.setField(...event.detail);
      }}
    ></niiza-cctv-decision-form>`;
  }

  /** What was proposed, as it is approved and carried out. */
  private proposal() {
    const { t } = this.context;
    const { decision } = this.shown;
    if (!decision) return nothing;
    const heading = t(decision.approved_by ? "decision.heading_decided" : "decision.heading");
    return html`${this.hasChanged()
        ? html`<ha-alert alert-type="warning">${t("decision.changed")}</ha-alert>
            <div class="row">
              <button
                type="button"
                @click=${() => {
                  this.asked = decision.digest;
                }}
              >
                ${t("decision.look_again")}
              </button>
            </div>`
        : nothing}
      <section class="paper" aria-label=${heading}>
        <h3>${heading}</h3>
        ${decisionWords(this.context, decision)}
      </section>`;
  }

  /** One at a time: each is a decision of its own. All of what was proposed, which is one; none where nothing leaves. */
  private toApprove(): ReleaseItem[] {
    if (this.shown.decision) return this.shown.release_items;
    const waiting = waitingItems(this.shown);
    return (this.item ? waiting.filter((one) => one.item === this.item) : waiting).slice(0, 1);
  }

  /** Clips and cuts, with how much of each was watched. */
  private watchable(): Pick<Clip, "watched">[] {
    const asked = this.toApprove().map((one) => one.item);
    return sealedOf(this.shown).flatMap((clip) => [
      ...(asked.includes(clip.clip) ? [clip] : []),
      ...clip.cuts.filter((cut) => asked.includes(cut.cut)),
    ]);
  }

  /** Of the masked clips that are approved. */
  private secondsMissing(): number {
    if (this.act !== "approve") return 0;
    const asked = this.toApprove().map((one) => one.item);
    return this.shown.passages
      .flatMap(({ masks }) => masks)
      .filter(({ mask }) => asked.includes(mask))
      .reduce((sum, { watched }) => sum + (watched ? secondsMissing(watched) : 0), 0);
  }

  private itemToApprove(item: ReleaseItem) {
    const { t } = this.context;
    const { passages } = this.shown;
    const clip = passages.find((one) => one.clip === item.item);
    const source = passages.find((one) => one.clip === item.clip);
    const cut = source?.cuts.find((one) => one.cut === item.item);
    const mask = source?.masks.find((one) => one.mask === item.item);
    const taken = clip?.by_hand;
    return html`<div>
      <h3>${itemName(this.context, item)}</h3>
      ${taken ? html`<p class="small">${t("by_hand.not_here")}</p>` : nothing}
      ${clip ? besideRequested(this.context, clip) : nothing}
      ${itemFacts(this.context, item, Boolean(taken && !taken.sha256), !clip)}
      ${cut && source ? besideCut(this.context, cut, source) : nothing}
      ${mask ? html`${besideMask(this.context, mask)} ${this.player(mask.mask, item.camera_name)}` : nothing}
      ${source ? sealedEarly(this.context, source) : nothing}
      ${mask && source ? reviewLink(this.context, source.clip, item.item) : nothing}
    </div>`;
  }

  /** What is disclosed is watched beside the words that it belongs to. */
  private player(mask: string, cameraName: string) {
    const { t } = this.context;
    const playing = this.playing === mask;
    return html`<div class="row">
        <button
          type="button"
          aria-expanded=${playing}
          @click=${() => {
            this.playing = playing ? "" : mask;
          }}
        >
          <ha-icon icon=${playing ? "mdi:close" : "mdi:play-box-lock"}></ha-icon>${t(playing ? "watch.close" : "cut.watch")}
        </button>
      </div>
      ${playing
        ? html`<niiza-cctv-sealed .context=${this.context} .clip=${mask} .cameraName=${cameraName} .through=${true}></niiza-cctv-sealed>`
        : nothing}`;
  }

  private encryptChoice(value: "no" | "yes") {
    return html`<label class="choice"
      ><input
        type="radio"
        name="encrypt"
        .checked=${(this.typed.encrypt ?? "no") === value}
        @change=${() => {
          this.setField("encrypt", value);
        }}
      />${this.context.t(value === "yes" ? "release.encrypted" : "release.plain")}</label
    >`;
  }

  private outcomeChoices() {
    const { t } = this.context;
    return html`<fieldset>
      <legend>${t("fields.outcome")} ${requiredMark(t)}</legend>
      <div class="choices">
        ${this.shown.outcomes.map(
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
    </fieldset>`;
  }

  private buttons() {
    const { t } = this.context;
    const { act, running } = this;
    const working = act === "release" ? "release.making" : "common.working";
    const { packing } = this.shown;
    const missing = this.secondsMissing();
    return html`${missing
        ? html`<ha-alert alert-type="warning" id="missing"
            >${t("approval.through", { time: duration(missing) })}</ha-alert
          >`
        : nothing}
      ${act === "release" && running === act && packing ? packingShown(this.context, packing, true) : nothing}
      <div class="row">
      <button type="button" class="flat" ?disabled=${Boolean(running)} @click=${this.dismiss}>${t("common.back")}</button>
      <button
        type="submit"
        class=${GRAVE.has(act) ? "danger" : "main"}
        ?disabled=${Boolean(running) || this.hasChanged() || missing > 0}
        aria-describedby=${missing ? "missing" : nothing}
      >
        <ha-icon icon=${ACT_ICONS[act]}></ha-icon>
        ${running === act ? t(working) : this.heading()}
      </button>
    </div>`;
  }

  private heading(): string {
    // A package that is made again is released all the same.
    const { decision } = this.shown;
    return doText(this.context.t, this.act, { state: "approved", decision }, this.decided());
  }

  protected override render() {
    const { t } = this.context;
    const heading = this.heading();
    const form = html`<form class="form" novalidate @submit=${this.submit}>
      <p>${textOr(t, `ask.${this.act}${this.decided() ? "_decision" : ""}`, t(`ask.${this.act}`))}</p>
      ${this.questions()} ${this.errorAlert(this.failure)} ${this.buttons()}
    </form>`;
    return ON_PAGE.has(this.act) || (this.act === "approve" && this.decided())
      ? html`<ha-card><h2>${heading}</h2>${form}</ha-card>`
      : html`<niiza-cctv-dialog .heading=${heading} @dismissed=${this.dismiss}>${form}</niiza-cctv-dialog>`;
  }
}
