import { type PropertyValues, css, html, nothing } from "lit";

import type { Case, Clip, Mask, MaskAsked, MaskView, Proposal, Watched } from "./api";
import { PANEL_PATH, Page, navigate } from "./base";
import { type Kept, TrackDraft } from "./mask-draft";
import type { Look } from "./mask-form";
import { blackout } from "./mask-preview";
import { legend, scrubber, scrubberStyles } from "./mask-scrubber";
import { type NiizaCctvMaskStage, type Placed, type StageBox, isSame } from "./mask-stage";
import {
  type History,
  type Shape,
  type Sides,
  type Track,
  type Which,
  NOTHING,
  WHOLE,
  addHide,
  addReveal,
  begin,
  changed,
  confirmAll,
  deleteKey,
  dropProposed,
  guideAt,
  isRejected,
  keyAt,
  keysOf,
  mergeProposal,
  moved,
  pictureAt,
  proposedKeys,
  redone,
  reject,
  removeRange,
  resized,
  revealedStretches,
  setKey,
  setShape,
  standing,
  trackOf,
  undone,
  unreject,
} from "./mask-track";
import { styles } from "./styles";
import type { Key } from "./texts";
import { Teller, longEnough } from "./watched";
import { missingShown, watchedText } from "./watched-shown";

const SECOND = 1_000_000;
/** What one press of an arrow moves, in parts of the picture; the finer one with Alt. */
const STEP = 10_000;
const FINE = 1_000;
/** How far one picture of a run through is from the next (microseconds of the clip), and for how long at least it stands (ms). */
const RUN_STEP = 200_000;
const RUN_PAUSE = 150;
/** The real picture of what is masked is asked for once nobody moves on for so long (ms). */
const CALM = 350;
/** How often it is told which pictures of a masked clip somebody saw (ms). */
const TELL = 1_000;
/** So long may be proposed at once (seconds). */
const PROPOSED = [2, 5, 10] as const;
/** How many times as large the picture can be. */
const ZOOMS = [1, 1.5, 2, 3, 4, 6];
/** A link that ran out is renewed once in this time (ms); what fails sooner is said. */
const RENEWED = 5_000;
/** What is drawn by a key, where nobody points. */
const MIDDLE: Sides = [440_000, 300_000, 560_000, 700_000];

const KEPT_ICONS: Record<Kept, string> = {
  saved: "mdi:cloud-check",
  unsaved: "mdi:cloud-clock",
  saving: "mdi:cloud-upload",
  failed: "mdi:cloud-alert",
  conflict: "mdi:account-alert",
};

const KEYS: readonly (readonly [string, Key])[] = [
  ["← → ↑ ↓", "mask.key_move"],
  ["Shift + ← → ↑ ↓", "mask.key_size"],
  ["Alt + …", "mask.key_fine"],
  ["PageUp / PageDown", "mask.key_picture"],
  ["Shift + PageUp / PageDown", "mask.key_key"],
  ["+ / − / 0", "mask.key_zoom"],
  ["K", "mask.key_confirm"],
  ["P", "mask.key_propose"],
  ["Delete", "mask.key_delete"],
  ["Ctrl + Z / Ctrl + Y", "mask.key_undo"],
];

/** Of them those for who changes nothing. */
const LOOKING: readonly Key[] = ["mask.key_picture", "mask.key_key", "mask.key_zoom"];

/** What of a clip is revealed: drawn by one person, and looked at, by what was drawn, by another. */
export class NiizaCctvMaskEditor extends Page {
  static override properties = {
    ...Page.properties,
    caseId: { type: String },
    item: { type: String },
    shown: { state: true },
    view: { state: true },
    history: { state: true },
    place: { state: true },
    loaded: { state: true },
    selected: { state: true },
    drawing: { state: true },
    held: { state: true },
    seconds: { state: true },
    rejectFrom: { state: true },
    running: { state: true },
    said: { state: true },
    broken: { state: true },
    masked: { state: true },
    maskedLoaded: { state: true },
    kept: { state: true },
    look: { state: true },
    zoom: { state: true },
    watched: { state: true },
    uncounted: { state: true },
  };

  static override styles = [
    styles,
    scrubberStyles,
    css`
      .page {
        gap: 8px;
        max-width: 1700px;
        padding-block-start: 8px;
      }
      .head {
        align-items: baseline;
        gap: 4px 20px;
      }
      .tools {
        padding-block: 12px;
      }
      .tools.tools {
        gap: 4px;
      }
      h1 {
        font-size: 1.3rem;
      }
      .panes {
        display: grid;
        gap: 0 8px;
        grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
        margin-inline: -12px;
      }
      figure {
        margin: 0;
        min-inline-size: 0;
      }
      figcaption {
        padding-inline: 28px;
      }
      .side {
        align-content: start;
        display: grid;
        gap: 12px;
      }
      .side > :not(figure) {
        margin: 0 16px 0 28px;
      }
      .will {
        padding: 24px 28px 8px;
      }
      .will > div {
        background: #000;
        position: relative;
      }
      .will img {
        block-size: 100%;
        display: block;
        inline-size: 100%;
      }
      .will .blackout,
      .will .real {
        block-size: 100%;
        fill: #383838;
        inline-size: 100%;
        inset: 0;
        position: absolute;
      }
      .will .real {
        visibility: hidden;
      }
      .will .real.there {
        visibility: visible;
      }
      .tools {
        display: grid;
        gap: 12px;
      }
      .tools .row {
        gap: 8px;
      }
      .tools button {
        padding-inline: 12px;
      }
      .under {
        display: grid;
        gap: 4px;
        padding-inline: 16px;
      }
      .moving button {
        white-space: nowrap;
      }
      .moving.moving {
        gap: 4px;
        justify-content: center;
      }
      .zooming {
        margin-inline-start: 16px;
      }
      .zoom {
        font-variant-numeric: tabular-nums;
        min-inline-size: 3.2em;
        text-align: center;
      }
      .tools .time {
        font-variant-numeric: tabular-nums;
        line-height: 1.3;
        min-inline-size: 7.5em;
        text-align: center;
      }
      /* Beside Home Assistant's menu: on a line of its own, one step would look like another kind of step. */
      @media (max-width: 1500px) {
        .moving ha-icon {
          display: none;
        }
      }
      @media (max-width: 1100px) {
        .tools button {
          padding-inline: 8px;
        }
        .side > :not(figure) {
          margin-inline: 8px 0;
        }
      }
      .tools select {
        inline-size: auto;
      }
      .ranges button[aria-pressed="true"] {
        border-color: var(--primary-color);
        box-shadow: inset 0 0 0 2px var(--primary-color);
      }
      .said {
        min-block-size: 3.2em;
      }
      .seen-list {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .small-screen {
        display: none;
      }
      @media (max-width: 760px) {
        .panes {
          grid-template-columns: minmax(0, 1fr);
        }
        .small-screen {
          display: block;
        }
        .tools .time {
          flex: 1 0 100%;
          order: -1;
        }
      }
    `,
  ];

  declare caseId: string;
  /** The clip whose track is drawn, or the masked clip whose track is looked at. */
  declare item: string;
  declare private shown: Case | undefined;
  declare private view: MaskView | undefined;
  declare private history: History;
  /** Which picture is wanted, and which address stands on the page by now. */
  declare private place: number;
  declare private loaded: string;
  declare private selected: Which | undefined;
  /** What the next drag on the picture draws. */
  declare private drawing: Which["kind"] | "";
  /** A box that is held just now, wherever it is. */
  declare private held: Placed | undefined;
  declare private seconds: number;
  declare private rejectFrom: number | undefined;
  /** Up to where pictures are run through by themselves. */
  declare private running: number | undefined;
  /** What was done last, in words, for those who do not see it. */
  declare private said: string;
  declare private broken: boolean;
  /** Address of the real masked picture that is asked for, and of that which came. */
  declare private masked: string;
  declare private maskedLoaded: string;
  /** Grows when what is kept on the server changed. */
  declare private kept: number;
  /** What hidden parts are to look like. */
  declare private look: Look;
  declare private zoom: number;
  /** How much of a masked clip was watched here and elsewhere, as the server counted it. */
  declare private watched: Watched | undefined;
  declare private uncounted: string;
  private draft: TrackDraft | undefined;
  /** Of what `history` and `view` are. */
  private opened = "";
  private trackSha256: string | null = null;
  private renewedAt = 0;
  private wanted = "";
  private calmTimer: ReturnType<typeof setTimeout> | undefined;
  private runTimer: ReturnType<typeof setTimeout> | undefined;
  /** Of a masked clip the picture that was seen last, as long as it takes to see it. */
  private seenPlace: number | undefined;
  private seeTimer: ReturnType<typeof setTimeout> | undefined;
  private tellTimer: ReturnType<typeof setInterval> | undefined;
  private readonly teller = new Teller(
    async (mask, played) => {
      const watched = await this.context.api.tellWatched(mask, played);
      if (mask === this.item) this.watched = watched;
    },
    (error) => {
      this.uncounted = error === undefined ? "" : this.wording(error);
    },
  );
  /** Somebody is back at the page: what stands there is seen from now on. */
  private readonly back = () => {
    if (this.masked && this.maskedLoaded === this.masked) this.see();
  };
  private readonly leaving = () => {
    void this.draft?.save();
    void this.tell();
  };

  constructor() {
    super();
    this.caseId = "";
    this.item = "";
    this.history = begin(NOTHING);
    this.place = 0;
    this.loaded = "";
    this.drawing = "";
    this.seconds = 10;
    this.said = "";
    this.broken = false;
    this.masked = "";
    this.maskedLoaded = "";
    this.kept = 0;
    this.look = { fill: "solid", plate_at_us: undefined };
    this.zoom = 1;
    this.uncounted = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("pagehide", this.leaving);
    document.addEventListener("visibilitychange", this.back);
    this.tellTimer = setInterval(() => void this.tell(), TELL);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("pagehide", this.leaving);
    document.removeEventListener("visibilitychange", this.back);
    clearTimeout(this.calmTimer);
    clearTimeout(this.seeTimer);
    clearInterval(this.tellTimer);
    this.stop();
    this.leaving();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("item")) {
      const before = changed.get("item");
      if (before) void this.teller.tell(before, false);
      void this.refresh();
    }
    super.willUpdate(changed);
    this.wantMasked();
  }

  /** Ask for the real masked picture, once nobody has moved on for a while. */
  private wantMasked(): void {
    const wanted = this.maskedWanted();
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    this.masked = "";
    clearTimeout(this.calmTimer);
    clearTimeout(this.seeTimer);
    if (!wanted) return;
    if (this.isReview()) {
      // Each of them is to be seen.
      this.masked = wanted;
      return;
    }
    this.calmTimer = setTimeout(() => {
      this.masked = wanted;
    }, CALM);
  }

  // --- reading and keeping -------------------------------------------------------------------------------------

  protected override async read(): Promise<void> {
    const { caseId, item } = this;
    const { api } = this.context;
    const shown = await api.getCase(caseId);
    if (item !== this.item) return;
    this.shown = shown;
    const { clip, mask } = this.found();
    if (this.opened === item || !clip?.sealed) return;
    const view = await api.maskView(item);
    const draft = mask ? undefined : await TrackDraft.open(api, item, () => (this.kept += 1));
    const done = mask ? await api.maskTrack(item) : undefined;
    if (item !== this.item) return;
    this.opened = item;
    this.draft = draft;
    this.trackSha256 = done?.sha256 ?? null;
    const track = draft?.track ?? (done?.track ? trackOf(done.track) : NOTHING);
    this.history = begin(track);
    this.view = mask ? within(view, mask.passage_us) : view;
    this.watched = mask?.watched ?? undefined;
    this.seenPlace = undefined;
    this.select(track.reveal.length ? { kind: "reveal", index: 0 } : undefined);
    this.drawing = this.editable() && !track.reveal.length ? "reveal" : "";
    const first = track.reveal[0]?.keys[0]?.at_us;
    this.place = first === undefined ? 0 : pictureAt(this.view.pictures, first);
  }

  /** The clip, and the masked clip if it is one that is looked at. */
  private found(): { clip?: Clip; mask?: Mask } {
    for (const clip of this.shown?.passages ?? []) {
      if (clip.clip === this.item) return { clip };
      const mask = clip.masks.find((one) => one.mask === this.item);
      if (mask) return { clip, mask };
    }
    return {};
  }

  /** Whether it is a masked clip that is looked at: what is seen of it counts as watched. */
  private isReview(): boolean {
    return this.found().mask !== undefined;
  }

  /** Politeness only: the server decides who may draw. */
  private editable(): boolean {
    const { clip, mask } = this.found();
    return !mask && Boolean(clip?.offers.includes("mask_clip"));
  }

  private get track(): Track {
    return this.history.now;
  }

  private get at(): number {
    return this.view?.pictures[this.place] ?? 0;
  }

  private turn(history: History): void {
    this.history = history;
    this.draft?.change(history.now);
    const { selected } = this;
    if (selected && !keysOf(history.now, selected).length) this.select(undefined);
  }

  private commit(track: Track, step = ""): void {
    if (this.editable()) this.turn(changed(this.history, track, step));
  }

  private async loadTheirs(): Promise<void> {
    this.draft?.discard();
    this.opened = "";
    await this.refresh();
  }

  // --- which picture -------------------------------------------------------------------------------------------

  private source(place = this.place): string {
    const at = this.view?.pictures[place];
    return at === undefined ? "" : `${this.view?.base ?? ""}/source/${at}.jpg`;
  }

  /** Whether another picture stands on the page than the boxes belong to. */
  private waiting(): boolean {
    return this.loaded !== this.source();
  }

  /** From when to when the file of a masked clip shows a picture (s). */
  private shownFor(place: number): readonly [number, number] {
    const { pictures = [], end_us: end = 0 } = this.view ?? {};
    const first = pictures[0] ?? 0;
    const at = pictures[place] ?? first;
    return [(at - first) / SECOND, ((pictures[place + 1] ?? end) - first) / SECOND];
  }

  /** The masked picture has come: it was seen once it has stood long enough. */
  private see(): void {
    if (!this.isReview()) return;
    const { place, masked } = this;
    const shown = this.shownFor(place);
    clearTimeout(this.seeTimer);
    this.seeTimer = setTimeout(() => {
      if (place !== this.place || masked !== this.masked || document.visibilityState === "hidden") return;
      this.teller.played.stood(...shown);
      this.seenPlace = place;
      this.goOn();
    }, longEnough(...shown));
  }

  private isUnseen(): boolean {
    return this.isReview() && this.seenPlace !== this.place;
  }

  /** Tell the server which pictures of a masked clip were seen. */
  private async tell(): Promise<void> {
    if (this.isReview()) await this.teller.tell(this.item, this.watched?.missing_from != null);
  }

  /** Where the real masked picture is; empty while the server does not have what it would be made by. */
  private maskedWanted(): string {
    return this.held || !this.track.reveal.length ? "" : this.maskedAt(this.place);
  }

  private maskedAt(place: number): string {
    const { view, draft } = this;
    const at = view?.pictures[place];
    const sha256 = draft ? draft.sha256 : this.trackSha256;
    if (!view || at === undefined || !sha256) return "";
    const { fill, plate_at_us: plate } = this.look;
    const behind = plate === undefined ? fill : `${fill}&plate_at_us=${plate}`;
    return `${view.base}/masked/${at}.jpg?track=${sha256}&fill=${behind}`;
  }

  private go(place: number): void {
    const last = (this.view?.pictures.length ?? 1) - 1;
    this.place = Math.min(Math.max(place, 0), last);
  }

  private goTo(at: number): void {
    this.go(pictureAt(this.view?.pictures ?? [], at));
  }

  private step(places: number): void {
    this.stop();
    this.go(this.place + places);
  }

  private jump(by: number): void {
    this.stop();
    this.goTo(this.at + by);
  }

  /** To the key before or behind, of the selected range. */
  private toKey(direction: 1 | -1): void {
    this.stop();
    const { selected, at } = this;
    if (!selected) return;
    const times = keysOf(this.track, selected).map((key) => key.at_us);
    const next = direction > 0 ? times.find((time) => time > at) : times.findLast((time) => time < at);
    if (next !== undefined) this.goTo(next);
  }

  /** Show one picture after another, up to a time. */
  private run(until: number): void {
    this.running = until;
    this.goOn();
  }

  private goOn(): void {
    clearTimeout(this.runTimer);
    if (this.running === undefined || this.waiting() || this.isUnseen()) return;
    const review = this.isReview();
    this.runTimer = setTimeout(
      () => {
        const { at, place, running } = this;
        if (running === undefined) return;
        if (at >= running || place >= (this.view?.pictures.length ?? 1) - 1) this.stop();
        // Who approves sees every picture; else at least the next one: they may be further apart than a step.
        else if (review) this.go(place + 1);
        else this.go(Math.max(place + 1, pictureAt(this.view?.pictures ?? [], Math.min(at + RUN_STEP, running))));
      },
      // It has stood for one half of its time by now.
      review ? Math.min(longEnough(...this.shownFor(this.place)), RUN_PAUSE) : RUN_PAUSE,
    );
  }

  private stop(): void {
    clearTimeout(this.runTimer);
    this.running = undefined;
  }

  private onShown(src: string): void {
    this.loaded = src;
    this.broken = false;
    this.goOn();
    // Most go on to the next one.
    const next = this.place + 1;
    const review = this.isReview();
    if (!this.source(next) || (this.running !== undefined && !review)) return;
    new Image().src = this.source(next);
    if (review) new Image().src = this.maskedAt(next);
  }

  /** A link runs out after a while: a new one, once; then a person is told. */
  private async onUnshown(src: string): Promise<void> {
    if (src !== this.source()) return;
    this.stop();
    if (performance.now() - this.renewedAt < RENEWED && this.renewedAt) {
      this.broken = true;
      return;
    }
    await this.renew();
  }

  private async renew(): Promise<void> {
    this.renewedAt = performance.now();
    this.broken = false;
    const { item } = this;
    await this.attempt("renew", async () => {
      const view = await this.context.api.maskView(item);
      const { mask } = this.found();
      if (item === this.item) this.view = mask ? within(view, mask.passage_us) : view;
    });
  }

  private momentOf(at: number): Date {
    const stretch = this.view?.stretches.findLast(({ at_us }) => at_us <= at);
    if (!stretch) return new Date(NaN);
    return new Date(Date.parse(stretch.start) + (at - stretch.at_us) / 1000);
  }

  private timeOf(at: number): string {
    const moment = this.momentOf(at);
    return Number.isNaN(moment.getTime()) ? (at / SECOND).toFixed(1) : this.context.clock.timeOfDay(moment);
  }

  private zoomBy(steps: number): void {
    const place = Math.min(Math.max(ZOOMS.indexOf(this.zoom) + steps, 0), ZOOMS.length - 1);
    this.zoom = ZOOMS[place] ?? 1;
  }

  // --- what is done to the track -------------------------------------------------------------------------------

  private select(which: Which | undefined): void {
    this.selected = which;
    this.rejectFrom = undefined;
  }

  private stage(): NiizaCctvMaskStage | null {
    return this.renderRoot.querySelector("niiza-cctv-mask-stage");
  }

  private nameOf(which: Which): string {
    return this.context.t(which.kind === "reveal" ? "mask.name_reveal" : "mask.name_hide", { number: which.index + 1 });
  }

  private guide(which: Which): Sides | null {
    return guideAt(keysOf(this.track, which), this.at);
  }

  private boxes(): StageBox[] {
    const { track, at } = this;
    const all: Which[] = [
      ...track.reveal.map((_, index) => ({ kind: "reveal", index }) as const),
      ...track.hide.map((_, index) => ({ kind: "hide", index }) as const),
    ];
    return all.flatMap((which) => {
      const sides = this.guide(which);
      if (!sides) return [];
      const shape: Shape = which.kind === "reveal" ? (track.reveal[which.index]?.shape ?? "box") : "box";
      return [{ which, name: this.nameOf(which), shape, sides, standing: standing(track, which, at) }];
    });
  }

  /** The boxes as the picture beside shows them: with the one that is held where it is held. */
  private boxesHeld(): StageBox[] {
    const { held } = this;
    return this.boxes().map((box) =>
      held && isSame(held.which, box.which) ? { ...box, sides: held.sides, standing: "in_force" } : box,
    );
  }

  private draw(kind: Which["kind"], event?: MouseEvent): void {
    this.stop();
    // Pressed by a key there is nobody who could point.
    if (event?.detail === 0) {
      this.add(kind, MIDDLE);
      this.stage()?.focus();
    } else this.drawing = this.drawing === kind ? "" : kind;
  }

  private add(kind: Which["kind"], sides: Sides): void {
    const { track, at } = this;
    this.drawing = "";
    this.commit(kind === "reveal" ? addReveal(track, at, sides) : addHide(track, at, sides));
    this.select({ kind, index: this.track[kind].length - 1 });
    this.said = this.context.t(kind === "reveal" ? "mask.added_reveal" : "mask.added_hide");
  }

  private placed({ which, sides }: Placed): void {
    if (which) this.put(which, sides);
    else if (this.drawing) this.add(this.drawing, sides);
  }

  /** Set a box at the picture that is shown; said is what that takes out. */
  private put(which: Which, sides: Sides, step = ""): void {
    const rejected = this.track.reveal[which.index]?.rejected;
    this.commit(setKey(this.track, which, this.at, sides), step);
    const taken = which.kind === "reveal" && rejected !== this.track.reveal[which.index]?.rejected;
    this.said = taken ? this.context.t("mask.far") : "";
  }

  /** What a person sees at this picture is right. */
  private confirm(): void {
    const { selected } = this;
    const sides = selected && this.guide(selected);
    if (selected && sides && !this.waiting()) this.put(selected, sides);
  }

  private confirmAll(): void {
    const { selected } = this;
    if (selected?.kind !== "reveal") return;
    const last = proposedKeys(this.track, selected.index).at(-1);
    this.stop();
    this.commit(confirmAll(this.track, selected.index));
    // From there it goes on.
    if (last) this.goTo(last.at_us);
    this.said = this.context.t("mask.all_confirmed");
  }

  private dropProposed(): void {
    if (this.selected?.kind !== "reveal") return;
    this.stop();
    this.commit(dropProposed(this.track, this.selected.index));
    this.said = "";
  }

  private deleteKey(): void {
    const { selected } = this;
    if (selected && keyAt(this.track, selected, this.at)) this.commit(deleteKey(this.track, selected, this.at));
  }

  private removeRange(): void {
    if (this.selected) this.commit(removeRange(this.track, this.selected));
    this.select(undefined);
  }

  private reject(): void {
    const { selected, rejectFrom, at } = this;
    if (selected?.kind !== "reveal") return;
    if (rejectFrom === undefined) {
      this.rejectFrom = at;
      return;
    }
    this.rejectFrom = undefined;
    this.commit(reject(this.track, selected.index, rejectFrom, at));
  }

  private async propose(): Promise<void> {
    const { selected, at } = this;
    const { api, t } = this.context;
    if (selected?.kind !== "reveal" || this.busy || this.waiting()) return;
    const sides = this.guide(selected);
    const range = this.item;
    if (!sides) return;
    this.stop();
    // What it begins with is what a person sees: that box is confirmed.
    if (!keyAt(this.track, selected, at)?.confirmed) this.put(selected, sides);
    this.said = t("mask.proposing");
    let proposal: Proposal | undefined;
    const box = keyAt(this.track, selected, at)?.box ?? sides;
    await this.attempt("propose", async () => {
      proposal = await api.proposeTrack(this.item, at, box, this.seconds);
    });
    if (!proposal || range !== this.item) {
      this.said = "";
      return;
    }
    this.takeOver(selected, at, proposal);
  }

  /** Show what was proposed, picture by picture, before anybody confirms it. */
  private takeOver(which: Which, at: number, { keys, end }: Proposal): void {
    const { t } = this.context;
    const found = keys.map(({ at_us, box: [left = 0, top = 0, right = 0, bottom = 0] }) => ({
      at_us,
      box: [left, top, right, bottom] as const,
    }));
    this.commit(mergeProposal(this.track, which.index, at, found));
    const last = found.length > 1 ? proposedKeys(this.track, which.index).findLast((key) => key.at_us > at) : undefined;
    const seconds = last ? ((last.at_us - at) / SECOND).toFixed(1) : "0";
    this.said = t(last ? `mask.proposed_${end}` : `mask.nothing_${end}`, { seconds });
    if (!last) return;
    // Whoever wants no moving pictures goes through them by hand.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) this.toKey(1);
    else this.run(last.at_us);
  }

  private pressed(event: KeyboardEvent): void {
    const { target } = event;
    const inField = target instanceof HTMLElement && /^(SELECT|TEXTAREA)$/.test(target.tagName);
    if (inField || event.metaKey) return;
    const act = this.shortcut(event) ?? (this.editable() ? this.editShortcut(event) : undefined);
    if (!act) return;
    event.preventDefault();
    act();
  }

  private shortcut({ key, shiftKey, ctrlKey, altKey, repeat }: KeyboardEvent): (() => void) | undefined {
    if (ctrlKey || altKey) return undefined;
    if (key === "+" || key === "-") return () => { this.zoomBy(key === "+" ? 1 : -1); };
    if (key === "0") return () => { this.zoom = 1; };
    if (key !== "PageUp" && key !== "PageDown") return undefined;
    const direction = key === "PageDown" ? 1 : -1;
    return () => {
      // Each picture stands on the page, however long somebody leans on the key.
      if (repeat && this.isUnseen()) return;
      if (shiftKey) this.toKey(direction);
      else this.step(direction);
    };
  }

  private editShortcut({ key, ctrlKey, shiftKey }: KeyboardEvent): (() => void) | undefined {
    const letter = key.toLowerCase();
    if (ctrlKey) {
      if (letter === "y" || (letter === "z" && shiftKey)) return () => { this.turn(redone(this.history)); };
      return letter === "z" ? () => { this.turn(undone(this.history)); } : undefined;
    }
    switch (letter) {
      case "k":
        return () => { this.confirm(); };
      case "p":
        return () => void this.propose();
      case "delete":
        return () => { this.deleteKey(); };
      default:
        return undefined;
    }
  }

  /** Arrows, on the picture alone: elsewhere they are the slider's and the page's. */
  private nudged(event: KeyboardEvent): void {
    const { selected } = this;
    const way = ARROWS[event.key];
    if (!way || !selected || event.ctrlKey || !this.editable() || this.waiting()) return;
    event.preventDefault();
    const sides = this.guide(selected);
    if (!sides) return;
    const by = event.altKey ? FINE : STEP;
    const [across, down] = [way[0] * by, way[1] * by];
    const now = event.shiftKey ? resized(sides, "se", across, down) : moved(sides, across, down);
    this.put(selected, now, `nudge ${selected.kind} ${selected.index} ${this.at}`);
    this.said ||= this.placeWords(now);
  }

  private placeWords([left, top, right, bottom]: Sides): string {
    const percent = (part: number) => (Math.round((part / WHOLE) * 1000) / 10).toString();
    return this.context.t("mask.box_at", {
      left: percent(left),
      top: percent(top),
      width: percent(right - left),
      height: percent(bottom - top),
    });
  }

  private async renderClip(asked: MaskAsked): Promise<void> {
    const sha256 = this.draft?.sha256;
    if (!sha256) return;
    const done = await this.attempt("render", () => this.context.api.renderMaskedClip(this.item, sha256, asked));
    if (done) navigate(`case/${this.caseId}`);
  }

  // --- what is shown -------------------------------------------------------------------------------------------

  private keptShown() {
    const { t, clock } = this.context;
    const { draft } = this;
    if (!draft || !this.editable()) return nothing;
    const { state, savedAt, found } = draft;
    const words =
      state === "saved"
        ? savedAt
          ? t("mask.kept_saved", { at: clock.timeOfDay(savedAt).slice(0, -2) })
          : found
            ? t("mask.kept_found", { person: found.name, at: clock.at(found.at) })
            : t("mask.kept_nothing")
        : t(`mask.kept_${state}`);
    return html`<span class="chip ${state === "failed" || state === "conflict" ? "risk" : ""}" data-kept=${state}>
      <ha-icon icon=${KEPT_ICONS[state]}></ha-icon>${words}</span
    >`;
  }

  private keptTrouble() {
    const { t } = this.context;
    const { draft } = this;
    if (draft?.state === "failed")
      return html`<ha-alert alert-type="error" role="alert"
        >${this.wording(draft.error)}
        <button slot="action" @click=${() => void draft.save()}>${t("common.again")}</button></ha-alert
      >`;
    if (draft?.state !== "conflict") return nothing;
    return html`<ha-alert alert-type="warning" role="alert">
      <p>${t("mask.conflict")}</p>
      <div class="row">
        <button @click=${() => void this.loadTheirs()}>${t("mask.load_theirs")}</button>
        <button @click=${() => void this.attempt("keep", () => draft.keepMine())}>${t("mask.keep_mine")}</button>
      </div>
    </ha-alert>`;
  }

  private button(icon: string, key: Key, act: (event: MouseEvent) => void, off = false, extra = "") {
    return html`<button type="button" class=${extra} ?disabled=${off} @click=${act}>
      <ha-icon icon=${icon}></ha-icon>${this.context.t(key)}
    </button>`;
  }

  private ranges() {
    const { t } = this.context;
    const { track } = this;
    const edit = this.editable();
    const all: Which[] = [
      ...track.reveal.map((_, index) => ({ kind: "reveal", index }) as const),
      ...track.hide.map((_, index) => ({ kind: "hide", index }) as const),
    ];
    return html`<div class="row ranges" role="group" aria-label=${t("mask.ranges")}>
      ${all.map(
        (which) =>
          html`<button
            type="button"
            aria-pressed=${isSame(which, this.selected)}
            @click=${() => {
              this.select(which);
            }}
          >
            <ha-icon icon=${which.kind === "reveal" ? "mdi:account-eye" : "mdi:eye-off"}></ha-icon>${this.nameOf(which)}
          </button>`,
      )}
      ${edit
        ? html`${this.drawButton("reveal")} ${this.drawButton("hide")}
            <span class="row">
              ${this.button("mdi:undo", "mask.undo", () => { this.turn(undone(this.history)); }, !this.history.past.length)}
              ${this.button("mdi:redo", "mask.redo", () => { this.turn(redone(this.history)); }, !this.history.future.length)}
            </span>`
        : nothing}
    </div>`;
  }

  private drawButton(kind: Which["kind"]) {
    return html`<button
      type="button"
      aria-pressed=${this.drawing === kind}
      @click=${(event: MouseEvent) => {
        this.draw(kind, event);
      }}
    >
      <ha-icon icon=${kind === "reveal" ? "mdi:account-plus" : "mdi:eye-off-outline"}></ha-icon>${this.context.t(
        kind === "reveal" ? "mask.add_reveal" : "mask.add_hide",
      )}
    </button>`;
  }

  private panes(view: MaskView) {
    const { t } = this.context;
    const when = this.context.clock.tenths(this.momentOf(this.at));
    return html`<div class="panes">
      <figure>
        <niiza-cctv-mask-stage
          .context=${this.context}
          .src=${this.source()}
          .label=${t("mask.source_label", { at: when })}
          .width=${view.width}
          .height=${view.height}
          .boxes=${this.boxes()}
          .selected=${this.selected}
          .editable=${this.editable() && !this.busy}
          .drawing=${this.drawing !== ""}
          .waiting=${this.waiting()}
          .zoom=${this.zoom}
          @keydown=${this.nudged}
          @shown=${(event: CustomEvent<string>) => {
            this.onShown(event.detail);
          }}
          @unshown=${(event: CustomEvent<string>) => void this.onUnshown(event.detail)}
          @zoomed=${(event: CustomEvent<number>) => {
            this.zoomBy(event.detail);
          }}
          @picked=${(event: CustomEvent<Which>) => {
            this.stop();
            if (!isSame(event.detail, this.selected)) this.select(event.detail);
          }}
          @holding=${(event: CustomEvent<Placed | undefined>) => {
            this.held = event.detail ?? undefined;
          }}
          @placed=${(event: CustomEvent<Placed>) => {
            this.placed(event.detail);
          }}
        ></niiza-cctv-mask-stage>
        <figcaption class="small">${t("mask.as_it_is", { at: when })} ${this.drawing ? html`<strong>${t(`mask.draw_${this.drawing}`)}</strong>` : nothing}</figcaption>
        <div class="under">${this.scrubber(view)} ${this.moving()}</div>
      </figure>
      <div class="side">
        <figure>${this.will(view, when)}</figure>
        ${this.editing()}
      </div>
    </div>`;
  }

  /** As it will be: drawn here at once, and the server's own picture as soon as it is there. */
  private will(view: MaskView, when: string) {
    const { t } = this.context;
    const { masked } = this;
    const there = masked !== "" && this.maskedLoaded === masked;
    return html`<div class="will">
        <div style="aspect-ratio:${view.width}/${view.height}" role="img" aria-label=${t("mask.will_label", { at: when })}>
          <img src=${this.loaded || this.source()} alt="" />
          ${blackout(this.waiting() ? [] : this.boxesHeld())}
          ${masked
            ? html`<img
                class="real ${there ? "there" : ""}"
                src=${masked}
                alt=""
                @load=${() => {
                  this.maskedLoaded = masked;
                  this.see();
                }}
                @error=${() => {
                  if (!this.isReview()) return;
                  this.stop();
                  this.broken = true;
                }}
              />`
            : nothing}
        </div>
      </div>
      <figcaption class="small">${t("mask.as_it_will_be")} ${t(
        there ? "mask.by_server" : this.draft ? "mask.by_page" : "mask.by_page_still",
      )}</figcaption>`;
  }

  private scrubber({ pictures }: MaskView) {
    return scrubber({
      t: this.context.t,
      track: this.track,
      pictures,
      place: this.place,
      selected: this.selected,
      words: this.timeOf(this.at),
      go: (place) => {
        this.stop();
        this.go(place);
      },
      goTo: (at) => {
        this.stop();
        this.goTo(at);
      },
      name: (which) => this.nameOf(which),
    });
  }

  private moving() {
    const { t } = this.context;
    const { at, place, selected } = this;
    const last = (this.view?.pictures.length ?? 1) - 1;
    const noKeys = !selected;
    const running = this.running !== undefined;
    return html`<div class="row moving" role="group" aria-label=${t("mask.moving")}>
        ${this.button("mdi:rewind", "mask.second_back", () => { this.jump(-SECOND); }, place <= 0)}
        ${this.button("mdi:chevron-left", "mask.picture_back", () => { this.step(-1); }, place <= 0)}
        <span class="time"
          ><strong>${this.timeOf(at)}</strong><br /><span class="small soft"
            >${t("mask.number", { number: place + 1, of: last + 1 })}</span
          ></span
        >
        ${this.button("mdi:chevron-right", "mask.picture_on", () => { this.step(1); }, place >= last)}
        ${this.button("mdi:fast-forward", "mask.second_on", () => { this.jump(SECOND); }, place >= last)}
      </div>
      <div class="row moving">
        ${this.button("mdi:skip-previous", "mask.last_key", () => { this.toKey(-1); }, noKeys)}
        ${this.button(
          running ? "mdi:pause" : "mdi:play",
          running ? "mask.stop" : "mask.run",
          () => {
            if (running) this.stop();
            else this.run(Infinity);
          },
          place >= last && !running,
        )}
        ${this.button("mdi:skip-next", "mask.next_key", () => { this.toKey(1); }, noKeys)}
        ${this.zooming()}
    </div>`;
  }

  /** Of a figure that is small on the picture. */
  private zooming() {
    const { t } = this.context;
    const { zoom } = this;
    return html`<span class="row moving zooming" role="group" aria-label=${t("mask.zoom")}>
      ${this.button("mdi:magnify-minus-outline", "mask.zoom_out", () => { this.zoomBy(-1); }, zoom === ZOOMS[0])}
      <span class="zoom" role="status">${t("mask.zoom_now", { percent: zoom * 100 })}</span>
      ${this.button("mdi:magnify-plus-outline", "mask.zoom_in", () => { this.zoomBy(1); }, zoom === ZOOMS.at(-1))}
    </span>`;
  }

  /** What may be done with the range that is selected. */
  private editing() {
    const { t } = this.context;
    const { selected, track, at } = this;
    if (!this.editable()) return nothing;
    if (!selected) return html`<p role="status"></p>`;
    const key = keyAt(track, selected, at);
    const reveal = selected.kind === "reveal" ? track.reveal[selected.index] : undefined;
    const proposed = reveal ? proposedKeys(track, selected.index).length : 0;
    return html`<p class="said" role="status">${this.said}</p>
      ${reveal ? this.proposing(proposed) : nothing}
      <div class="row" role="group" aria-label=${t("mask.this_picture")}>
        ${this.button("mdi:check", "mask.confirm", () => { this.confirm(); }, key !== undefined && key.confirmed !== false)}
        ${this.button("mdi:close", "mask.delete_key", () => { this.deleteKey(); }, !key)}
        ${reveal ? this.rejecting(selected.index) : nothing}
        ${reveal
          ? html`<button
              type="button"
              @click=${() => {
                this.commit(setShape(track, selected.index, reveal.shape === "box" ? "ellipse" : "box"));
              }}
            >
              <ha-icon icon=${reveal.shape === "box" ? "mdi:ellipse-outline" : "mdi:rectangle-outline"}></ha-icon>${t(
                reveal.shape === "box" ? "mask.make_ellipse" : "mask.make_box",
              )}
            </button>`
          : nothing}
        ${this.button("mdi:delete", "mask.remove", () => { this.removeRange(); }, false, "danger")}
      </div>`;
  }

  private proposing(proposed: number) {
    const { t } = this.context;
    return html`<div class="row" role="group" aria-label=${t("mask.proposals")}>
      <button type="button" class=${proposed ? "" : "main"} ?disabled=${Boolean(this.busy) || this.waiting()} @click=${this.propose}>
        <ha-icon icon="mdi:motion-sensor"></ha-icon>${t(this.busy === "propose" ? "common.working" : "mask.propose")}
      </button>
      <select
        aria-label=${t("mask.how_far")}
        @change=${(event: Event) => {
          this.seconds = Number((event.target as HTMLSelectElement).value);
        }}
      >
        ${PROPOSED.map(
          (seconds) =>
            html`<option value=${seconds} ?selected=${seconds === this.seconds}>${t("mask.seconds", { seconds })}</option>`,
        )}
      </select>
      ${this.button("mdi:check-all", "mask.confirm_all", () => { this.confirmAll(); }, !proposed || Boolean(this.busy), proposed ? "main" : "")}
      ${this.button("mdi:playlist-remove", "mask.drop_proposed", () => { this.dropProposed(); }, !proposed || Boolean(this.busy))}
      ${proposed ? html`<span class="chip">${t("mask.waiting_proposals", { count: proposed })}</span>` : nothing}
    </div>`;
  }

  private rejecting(index: number) {
    const { t } = this.context;
    const { rejectFrom, at } = this;
    const reveal = this.track.reveal[index];
    if (reveal && rejectFrom === undefined && isRejected(reveal, at))
      return this.button("mdi:eye-check", "mask.unreject", () => { this.commit(unreject(this.track, index, at)); });
    return html`${this.button(
      "mdi:eye-remove",
      rejectFrom === undefined ? "mask.reject_from" : "mask.reject_to",
      () => { this.reject(); },
    )}
    ${rejectFrom === undefined ? nothing : html`<span class="small">${t("mask.rejecting", { at: this.timeOf(rejectFrom) })}</span>`}`;
  }

  /** How much of a masked clip was watched, and what has to be before it is approved. */
  private watchedShown() {
    const { t } = this.context;
    const { watched } = this;
    if (!this.isReview() || !watched) return nothing;
    return html`<p class="small with-icon">
        <ha-icon icon="mdi:eye-check"></ha-icon><span class="watched">${watchedText(t, watched)}</span>
      </p>
      ${missingShown(t, watched, (from) => {
        this.stop();
        // It is told in whole milliseconds, which a picture may come after.
        this.goTo((this.view?.pictures[0] ?? 0) + from * SECOND + SECOND / 1000);
      })}
      ${this.uncounted
        ? html`<ha-alert alert-type="warning">${t("watch.uncounted", { error: this.uncounted })}</ha-alert>`
        : nothing}`;
  }

  /** When somebody is seen at all, each with a way to look at it. */
  private seen() {
    const { t } = this.context;
    const stretches = this.track.reveal.flatMap((reveal, index) =>
      revealedStretches(reveal).map(([from, to]) => ({ which: { kind: "reveal", index } as const, from, to })),
    );
    return html`<ha-card>
      <h2>${t("mask.seen")}</h2>
      ${stretches.length
        ? html`<ul class="seen-list">
            ${stretches.map(
              ({ which, from, to }) =>
                html`<li>
                  <button
                    type="button"
                    @click=${() => {
                      this.select(which);
                      this.goTo(from);
                      this.run(to);
                    }}
                  >
                    <ha-icon icon="mdi:play"></ha-icon>${t("mask.seen_stretch", {
                      name: this.nameOf(which),
                      from: this.timeOf(from),
                      to: this.timeOf(to),
                      seconds: ((to - from) / SECOND).toFixed(1),
                    })}
                  </button>
                </li>`,
            )}
          </ul>`
        : html`<p>${t("mask.seen_nothing")}</p>`}
    </ha-card>`;
  }

  private make() {
    const { t } = this.context;
    const proposed = this.track.reveal.reduce((sum, _, index) => sum + proposedKeys(this.track, index).length, 0);
    const seen = this.track.reveal.some((reveal) => revealedStretches(reveal).length);
    const why = !seen ? t("mask.why_nothing") : this.draft?.sha256 ? "" : t("mask.why_unsaved");
    return html`<ha-card>
      <h2>${t("mask.make")}</h2>
      <niiza-cctv-mask-form
        .context=${this.context}
        .at=${this.at}
        .moment=${this.momentOf(this.at)}
        .proposed=${proposed}
        .why=${why}
        .running=${this.busy === "render"}
        .failure=${this.error}
        @look=${(event: CustomEvent<Look>) => {
          this.look = event.detail;
        }}
        @submitted=${(event: CustomEvent<MaskAsked>) => void this.renderClip(event.detail)}
      ></niiza-cctv-mask-form>
    </ha-card>`;
  }

  private help(edit: boolean) {
    const { t } = this.context;
    const keys = edit ? KEYS : KEYS.filter(([, words]) => LOOKING.includes(words));
    return html`<details>
      <summary>${t("mask.keys")}</summary>
      <dl class="small">
        ${keys.map(
          ([pressed, words]) =>
            html`<dt><kbd>${pressed}</kbd></dt>
              <dd>${t(words)}</dd>`,
        )}
      </dl>
    </details>`;
  }

  private work(view: MaskView) {
    const { t } = this.context;
    const edit = this.editable();
    return html`<ha-card class="tools" @keydown=${this.pressed}>
        ${this.ranges()} ${this.keptTrouble()} ${this.errorAlert(this.busy === "render" ? "" : this.error)}
        ${this.broken
          ? html`<ha-alert alert-type="error" role="alert"
              >${t("mask.no_picture")} <button slot="action" @click=${() => void this.renew()}>${t("common.again")}</button></ha-alert
            >`
          : nothing}
        ${this.panes(view)} ${this.watchedShown()} ${legend(t)}
        ${edit || this.isReview() ? this.help(edit) : nothing}
      </ha-card>
      ${this.seen()} ${edit ? this.make() : nothing}`;
  }

  protected override render() {
    const { t } = this.context;
    const { clip, mask } = this.found();
    const { view } = this;
    const values = { camera: clip?.camera_name ?? "", item: this.item };
    return html`<div class="page">
      <div class="row head">
        <a class="with-icon" href="${PANEL_PATH}/case/${this.caseId}"
          ><ha-icon icon="mdi:arrow-left"></ha-icon>${t("mask.back", { case: this.caseId })}</a
        >
        <h1 tabindex="-1">${t(mask ? "mask.heading_review" : "mask.heading", values)}</h1>
        ${this.keptShown()}
      </div>
      ${this.errorAlert(this.unread)}
      ${mask
        ? html`<p>${t("mask.help_review", { person: mask.asked_by.name })}</p>`
        : this.track.reveal.length
          ? nothing
          : html`<p>${t("mask.help")}</p>`}
      ${this.editable() ? html`<ha-alert class="small-screen" alert-type="info">${t("mask.small_screen")}</ha-alert>` : nothing}
      ${this.shown && !mask && clip && !this.editable() ? html`<ha-alert alert-type="info">${t("mask.read_only")}</ha-alert>` : nothing}
      ${view && view.count > view.pictures.length && !mask
        ? html`<ha-alert alert-type="warning">${t("mask.too_long", { count: view.pictures.length, of: view.count })}</ha-alert>`
        : nothing}
      ${view && this.opened === this.item ? this.work(view) : this.unread ? nothing : html`<p role="status">${t("common.loading")}</p>`}
    </div>`;
  }
}

const ARROWS: Partial<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The pictures of a part alone: what is beside it was masked by nobody. */
function within(view: MaskView, [from = 0, to = Infinity]: readonly number[]): MaskView {
  return { ...view, pictures: view.pictures.filter((at) => from <= at && at <= to) };
}
