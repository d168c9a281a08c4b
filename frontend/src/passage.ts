import { type PropertyValues, css, html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import type { Found, PassageAsked } from "./api";
import { type Context, Part } from "./base";
import { clockList } from "./clock-shown";
import { clearComplaints, reportFields, requiredMark, textField } from "./fields";
import { bar, gapList, riskChip, verdict } from "./shown";
import { styles } from "./styles";
import { withSeconds } from "./time";

/** What is typed here, as texts, so that it can wait as a draft: one camera's id a line. */
export interface PassageTyped {
  cameras: string;
  start: string;
  end: string;
  margin: string;
}

export const NO_PASSAGE: PassageTyped = { cameras: "", start: "", end: "", margin: "60" };

/** More than these are looked for by name. */
const MANY_CAMERAS = 8;

const MARGINS = [0, 10, 30, 60, 300];

/** Whether anything of a passage was given. */
export function isStarted(typed: PassageTyped): boolean {
  return Boolean(typed.cameras || typed.start || typed.end);
}

function camerasOf(typed: PassageTyped): string[] {
  return typed.cameras.split("\n").filter(Boolean);
}

/** The passage as the actions take it; null while something is missing or the wrong way round. */
export function passageOf(typed: PassageTyped): Required<PassageAsked> | null {
  const cameras = camerasOf(typed);
  const [start, end] = [withSeconds(typed.start), withSeconds(typed.end)];
  // Both are wall clock times of one time zone: as texts they order as they are.
  if (!cameras.length || !start || !end || start >= end) return null;
  return { cameras, start, end, margin: Number(typed.margin) };
}

/** What is wrong with the times of footage that is there already, by their fields; wall clock times. */
export function timesWrong({ t, clock }: Context, start: string, end: string): Partial<Record<string, string>> {
  const now = clock.field(new Date());
  const wrong: Partial<Record<string, string>> = start && end && start >= end ? { "#end": t("find.end_first") } : {};
  for (const [field, time] of [["#start", start], ["#end", end]] as const) if (time > now) wrong[field] = t("find.in_future");
  return wrong;
}

/** Which cameras, from when to when; what the cards hold of it, and a look at it, before anything is asked for. */
export class NiizaCctvPassage extends Part {
  static override properties = {
    ...Part.properties,
    typed: { attribute: false },
    caseId: { type: String },
    required: { type: Boolean },
    found: { state: true },
    watched: { state: true },
    looked: { state: true },
  };

  static override styles = [
    styles,
    css`
      :host {
        display: grid;
        gap: 16px;
      }
      .found {
        border-inline-start: 4px solid var(--divider-color);
        display: grid;
        gap: 8px;
        margin-block-end: 16px;
        padding-inline-start: 16px;
      }
      .search {
        flex-wrap: nowrap;
        margin-block-end: 8px;
      }
      .search span {
        flex: none;
      }
      /* The rest of the form stays in reach. */
      .many {
        max-block-size: 320px;
        overflow-y: auto;
        padding: 2px;
      }
    `,
  ];

  declare typed: PassageTyped;
  /** The case in which a search is recorded; empty before there is one. */
  declare caseId: string;
  declare required: boolean;
  declare private found: Found[] | undefined;
  declare private watched: string;
  /** What is looked for among the cameras' names. */
  declare private looked: string;
  private foundFor: PassageAsked | null = null;

  constructor() {
    super();
    this.typed = NO_PASSAGE;
    this.caseId = "";
    this.required = false;
    this.watched = "";
    this.looked = "";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // An answer about other cameras or times would mislead; a narrower passage is still inside what was found.
    if (changed.has("typed") && this.found && !this.covered()) {
      this.found = undefined;
      this.watched = "";
    }
  }

  private covered(): boolean {
    const now = passageOf(this.typed);
    const then = this.foundFor;
    return (
      now !== null &&
      then !== null &&
      now.cameras.join() === then.cameras.join() &&
      now.start >= then.start &&
      now.end <= then.end
    );
  }

  /** Whether anything was given yet, or has to be. */
  private needed(): boolean {
    return this.required || isStarted(this.typed);
  }

  /** As a form's own: say what is missing or wrong, at its field; true when nothing is. */
  reportValidity(): boolean {
    return reportFields(this.renderRoot, this.needed() ? this.complaints() : {});
  }

  private complaints(): Partial<Record<string, string>> {
    const { cameras, start, end } = this.typed;
    return {
      ...(cameras ? {} : { "input[name=camera]": this.context.t("find.choose_camera") }),
      ...timesWrong(this.context, withSeconds(start), withSeconds(end)),
    };
  }

  private change(changes: Partial<PassageTyped>): void {
    this.typed = { ...this.typed, ...changes };
    clearComplaints(this.renderRoot);
    this.dispatchEvent(new CustomEvent<PassageTyped>("typed", { detail: this.typed }));
  }

  private toggle(id: string, on: boolean): void {
    const chosen = new Set(camerasOf(this.typed));
    if (on) chosen.add(id);
    else chosen.delete(id);
    this.change({ cameras: [...chosen].join("\n") });
  }

  private async find(): Promise<void> {
    const passage = passageOf(this.typed);
    if (!this.reportValidity() || !passage) return;
    await this.attempt("find", async () => {
      const { cameras, start, end } = passage;
      this.found = await this.context.api.findRecordings(
        { cameras, start, end },
        this.caseId || undefined,
      );
      this.foundFor = passage;
    });
  }

  private time(name: "start" | "end") {
    return textField(this.context.t, {
      name,
      label: this.context.t(`find.${name}`),
      type: "datetime-local",
      required: this.needed(),
      describedBy: "zone",
      value: this.typed[name],
      setValue: (value) => {
        this.change({ [name]: value });
      },
    });
  }

  private margin() {
    const { t } = this.context;
    return html`<div class="field">
      <label for="margin">${t("find.margin")}</label>
      <select
        id="margin"
        aria-describedby="margin-help"
        @change=${(event: Event) => {
          this.change({ margin: (event.target as HTMLSelectElement).value });
        }}
      >
        ${MARGINS.map(
          (seconds) =>
            html`<option value=${seconds} ?selected=${this.typed.margin === String(seconds)}>
              ${seconds < 60 ? t("find.seconds", { seconds }) : t("find.minutes", { minutes: seconds / 60 })}
            </option>`,
        )}
      </select>
    </div>`;
  }

  private cameras() {
    const { t, info } = this.context;
    const chosen = camerasOf(this.typed);
    const many = info.cameras.length > MANY_CAMERAS;
    const words = this.looked.trim().toLocaleLowerCase();
    // What is chosen stays in sight, whatever is looked for.
    const shown = info.cameras.filter(
      ({ unique_id: id, name }) => !words || chosen.includes(id) || name.toLocaleLowerCase().includes(words),
    );
    return html`<fieldset>
      <legend>${t("find.cameras")} ${this.needed() ? requiredMark(t) : nothing}</legend>
      ${many
        ? html`<div class="row search">
            <input
              id="by-name"
              type="search"
              autocomplete="off"
              placeholder=${t("find.by_name")}
              aria-label=${t("find.by_name")}
              .value=${this.looked}
              @input=${(event: Event) => {
                this.looked = (event.target as HTMLInputElement).value;
              }}
              @keydown=${(event: KeyboardEvent) => {
                // Enter looks for a camera here, and sends nothing.
                if (event.key === "Enter") event.preventDefault();
              }}
            />
            <span class="soft small" role="status">
              ${shown.length ? t("find.chosen", { count: chosen.length }) : t("find.no_camera")}
            </span>
          </div>`
        : nothing}
      <div class="choices ${many ? "many" : ""}">
        ${repeat(
          shown,
          ({ unique_id: id }) => id,
          ({ unique_id: id, name }) =>
            html`<label class="choice"
              ><input
                type="checkbox"
                name="camera"
                .checked=${chosen.includes(id)}
                @change=${(event: Event) => {
                  this.toggle(id, (event.target as HTMLInputElement).checked);
                }}
              />${name}</label
            >`,
        )}
      </div>
      ${info.offline_cameras.length
        ? html`<p class="soft small">
            ${t("by_hand.offline_help", { names: info.offline_cameras.map((camera) => camera.name).join(" / ") })}
          </p>`
        : nothing}
    </fieldset>`;
  }

  /** What one camera's card holds of it. */
  private result(one: Found) {
    const { t, clock } = this.context;
    const { foundFor } = this;
    const icon = one.error || !one.stretches.length ? "mdi:filmstrip-off" : one.gaps.length ? "mdi:alert" : "mdi:check-circle";
    return html`<li class="found">
      <h3>${one.camera_name}</h3>
      <p class="with-icon"><ha-icon icon=${icon}></ha-icon> ${verdict(this.context.hass, t, one)}</p>
      ${!one.error && foundFor ? bar(t, foundFor, one.gaps) : nothing} ${gapList(t, clock, one.gaps)}
      ${this.reservations(one)} ${this.overwriting(one)}
      ${this.context.info.roles.includes("viewer") && one.stretches.length ? this.watchButton(one) : nothing}
      ${this.watched === one.camera && foundFor ? this.player(one, foundFor) : nothing}
    </li>`;
  }

  /** In what the answer may be off. */
  private reservations({ error, exact, clocks }: Found) {
    const { t, clock } = this.context;
    return html`${!error && !exact ? html`<p class="small soft">${t("find.inexact")}</p>` : nothing}
    ${clockList(t, clock, clocks)}`;
  }

  private overwriting({ overwritten_at: at }: Found) {
    const { t, clock } = this.context;
    return at ? html`<p class="row">${t("find.overwritten_at", { at: clock.at(at) })} ${riskChip(t, at)}</p>` : nothing;
  }

  private watchButton({ camera }: Found) {
    const watching = this.watched === camera;
    return html`<div>
      <button
        type="button"
        aria-expanded=${watching}
        @click=${() => {
          this.watched = watching ? "" : camera;
        }}
      >
        <ha-icon icon=${watching ? "mdi:close" : "mdi:play"}></ha-icon>
        ${this.context.t(watching ? "watch.close" : "watch.open")}
      </button>
    </div>`;
  }

  private player({ camera, camera_name: name }: Found, passage: PassageAsked) {
    return html`<niiza-cctv-watch
      .context=${this.context}
      .camera=${camera}
      .cameraName=${name}
      .start=${passage.start}
      .end=${passage.end}
      .pick=${true}
      @picked=${({ detail }: CustomEvent<{ edge: "start" | "end"; at: Date }>) => {
        this.change({ [detail.edge]: this.context.clock.field(detail.at) });
      }}
    ></niiza-cctv-watch>`;
  }

  protected override render() {
    const { t, clock } = this.context;
    return html`
      ${this.cameras()}
      <div class="fields">
        ${this.time("start")} ${this.time("end")} ${this.margin()}
        <div class="soft small wide">
          <div id="zone">${t("find.zone", { zone: clock.zoneName() })}</div>
          <div id="margin-help">${t("find.margin_help")}</div>
        </div>
      </div>
      <div class="row">
        <button type="button" ?disabled=${Boolean(this.busy)} @click=${this.find}>
          <ha-icon icon="mdi:movie-search"></ha-icon>${t(this.busy ? "find.searching" : "find.search")}
        </button>
        <span class="soft small">${t("find.recorded")}</span>
      </div>
      ${this.errorAlert()}
      <div role="status">
        ${this.found
          ? html`<ul>
              ${this.found.map((one) => this.result(one))}
            </ul>`
          : nothing}
      </div>
    `;
  }
}
