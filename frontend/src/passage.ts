import { type PropertyValues, css, html, nothing } from "lit";

import type { Found, PassageAsked } from "./api";
import { Part } from "./base";
import { AT_RISK_HOURS, hoursLeft } from "./rules";
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

/** Which cameras, from when to when; what the cards hold of it, and a look at it, before anything is asked for. */
export class NiizaCctvPassage extends Part {
  static override properties = {
    ...Part.properties,
    typed: { attribute: false },
    caseId: { type: String },
    required: { type: Boolean },
    found: { state: true },
    watched: { state: true },
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
    `,
  ];

  declare typed: PassageTyped;
  /** The case in which a search is recorded; empty before there is one. */
  declare caseId: string;
  declare required: boolean;
  declare private found: Found[] | undefined;
  declare private watched: string;
  private foundFor: PassageAsked | null = null;

  constructor() {
    super();
    this.typed = NO_PASSAGE;
    this.caseId = "";
    this.required = false;
    this.watched = "";
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

  /** Show the browser's own message at the first field that is wrong; true when none is. */
  check(): boolean {
    const root = this.renderRoot;
    const fields = [...root.querySelectorAll<HTMLInputElement>("input")];
    for (const field of fields) field.setCustomValidity("");
    const { t } = this.context;
    if (this.required || isStarted(this.typed)) {
      const first = root.querySelector<HTMLInputElement>("input[name=camera]");
      if (!this.typed.cameras) first?.setCustomValidity(t("find.choose_camera"));
      const end = root.querySelector<HTMLInputElement>("#end");
      if (this.typed.start && this.typed.end && withSeconds(this.typed.start) >= withSeconds(this.typed.end))
        end?.setCustomValidity(t("find.end_first"));
    }
    return fields.every((field) => field.reportValidity());
  }

  private change(changes: Partial<PassageTyped>): void {
    this.typed = { ...this.typed, ...changes };
    for (const field of this.renderRoot.querySelectorAll("input")) field.setCustomValidity("");
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
    if (!this.check() || !passage) return;
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
    const { t } = this.context;
    const needed = this.required || isStarted(this.typed);
    return html`<div class="field">
      <label for=${name}
        >${t(`find.${name}`)} ${needed ? html`<span class="mark">${t("common.required")}</span>` : nothing}</label
      >
      <input
        id=${name}
        type="datetime-local"
        step="1"
        ?required=${needed}
        aria-describedby="zone"
        .value=${this.typed[name]}
        @input=${(event: Event) => {
          this.change({ [name]: (event.target as HTMLInputElement).value });
        }}
      />
    </div>`;
  }

  private result(one: Found) {
    const { t, clock, info } = this.context;
    const passage = this.foundFor;
    const left = hoursLeft(one.overwritten_at, new Date());
    const viewer = info.roles.includes("viewer");
    return html`<li class="found">
      <h3>${one.camera_name}</h3>
      <p class="with-icon">
        <ha-icon icon=${one.error || !one.stretches.length ? "mdi:film-off" : one.gaps.length ? "mdi:alert" : "mdi:check-circle"}></ha-icon>
        ${verdict(this.context.hass, t, one)}
      </p>
      ${!one.error && passage ? bar(t, passage, one.gaps) : nothing}
      ${gapList(t, clock, one.gaps)}
      ${!one.error && !one.exact ? html`<p class="small soft">${t("find.inexact")}</p>` : nothing}
      ${one.clock_offset !== null && Math.abs(one.clock_offset) > 2
        ? html`<p class="small soft">
            ${t(one.clock_offset > 0 ? "find.clock_ahead" : "find.clock_behind", {
              seconds: Math.abs(one.clock_offset),
            })}
          </p>`
        : nothing}
      ${one.overwritten_at
        ? html`<p class="row">
            ${t("find.overwritten_at", { at: clock.at(one.overwritten_at) })}
            ${left !== null && left < AT_RISK_HOURS ? riskChip(t, left) : nothing}
          </p>`
        : nothing}
      ${viewer && one.stretches.length
        ? html`<div>
            <button
              type="button"
              aria-expanded=${this.watched === one.camera}
              @click=${() => {
                this.watched = this.watched === one.camera ? "" : one.camera;
              }}
            >
              <ha-icon icon=${this.watched === one.camera ? "mdi:close" : "mdi:play"}></ha-icon>
              ${t(this.watched === one.camera ? "watch.close" : "watch.open")}
            </button>
          </div>`
        : nothing}
      ${this.watched === one.camera && passage
        ? html`<niiza-cctv-watch
            .context=${this.context}
            .camera=${one.camera}
            .cameraName=${one.camera_name}
            .start=${passage.start}
            .end=${passage.end}
            .pick=${true}
            @picked=${(event: CustomEvent<{ edge: "start" | "end"; at: Date }>) => {
              this.change({ [event.detail.edge]: this.context.clock.field(event.detail.at) });
            }}
          ></niiza-cctv-watch>`
        : nothing}
    </li>`;
  }

  protected override render() {
    const { t, info } = this.context;
    const chosen = camerasOf(this.typed);
    return html`
      <fieldset>
        <legend>
          ${t("find.cameras")}
          ${this.required || isStarted(this.typed) ? html`<span class="mark">${t("common.required")}</span>` : nothing}
        </legend>
        <div class="choices">
          ${info.cameras.map(
            (camera) =>
              html`<label class="choice"
                ><input
                  type="checkbox"
                  name="camera"
                  .checked=${chosen.includes(camera.unique_id)}
                  @change=${(event: Event) => {
                    this.toggle(camera.unique_id, (event.target as HTMLInputElement).checked);
                  }}
                />${camera.name}</label
              >`,
          )}
        </div>
        ${info.offline_cameras.length
          ? html`<p class="soft small">
              ${t("by_hand.offline_help", {
                names: info.offline_cameras.map((camera) => camera.name).join(" / "),
              })}
            </p>`
          : nothing}
      </fieldset>
      <div class="fields">
        ${this.time("start")} ${this.time("end")}
        <div class="field">
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
                  ${seconds < 60
                    ? t("find.seconds", { seconds })
                    : t("find.minutes", { minutes: seconds / 60 })}
                </option>`,
            )}
          </select>
        </div>
        <div class="soft small wide">
          <div id="zone">${t("find.zone", { zone: this.context.clock.zoneName() })}</div>
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
