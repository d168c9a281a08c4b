import { type PropertyValues, css, html, nothing } from "lit";

import type { Case, ReleaseItem } from "./api";
import { Part } from "./base";
import type { Errand } from "./case-cut";
import { itemFacts, itemName } from "./release-items";
import { styles } from "./styles";

/** What is to be released: chosen by who asks, approved one by one by who does not. */
export class NiizaCctvCaseRelease extends Part {
  static override properties = {
    ...Part.properties,
    shown: { attribute: false },
    paused: { type: Boolean },
    picked: { state: true },
  };

  static override styles = [
    styles,
    css`
      ul {
        display: grid;
        gap: 16px;
        margin-block-end: 16px;
      }
      li {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        display: grid;
        gap: 8px;
        padding: 16px;
      }
    `,
  ];

  declare shown: Case;
  declare paused: boolean;
  /** While somebody chooses. */
  declare private picked: ReadonlySet<string> | undefined;

  constructor() {
    super();
    this.paused = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("shown");
    if (before && before.case !== this.shown.case) this.picked = undefined;
  }

  /** Everything that is preserved: clips, and the cuts behind each. */
  private choosable(): { id: string; label: string }[] {
    const { t } = this.context;
    return this.shown.passages.flatMap((clip) => {
      const kind = clip.by_hand ? "by_hand" : "clip";
      const whole = { id: clip.clip, label: t(`items.${kind}`, { camera: clip.camera_name, item: clip.clip }) };
      const cuts = clip.cuts
        .filter((cut) => cut.state === "sealed")
        .map((cut) => ({
          id: cut.cut,
          label: t(cut.encode_anew ? "items.viewing_copy" : "items.cut", {
            camera: clip.camera_name,
            item: cut.cut,
          }),
        }));
      const masks = clip.masks
        .filter((mask) => mask.state === "sealed")
        .map((mask) => ({
          id: mask.mask,
          label: t("items.masked", { camera: clip.camera_name, item: mask.mask }),
        }));
      return clip.state === "sealed" ? [whole, ...cuts, ...masks] : [];
    });
  }

  private begin(): void {
    this.error = "";
    this.picked = new Set(this.shown.release_items.map((item) => item.item));
  }

  private toggle(id: string, on: boolean): void {
    const picked = new Set(this.picked);
    if (on) picked.add(id);
    else picked.delete(id);
    this.picked = picked;
  }

  private choose(): void {
    const items = [...(this.picked ?? [])];
    if (!items.length) {
      this.error = this.context.t("items.choose_one");
      return;
    }
    const { api } = this.context;
    const run = async () => {
      await api.chooseForRelease(this.shown.case, items);
      this.picked = undefined;
    };
    const detail = { name: "choose_for_release", run };
    this.dispatchEvent(new CustomEvent<Errand>("errand", { detail, bubbles: true, composed: true }));
  }

  private form(picked: ReadonlySet<string>) {
    const { t } = this.context;
    return html`<fieldset>
        <legend>${t("items.choose_help")}</legend>
        <div class="choices">
          ${this.choosable().map(
            ({ id, label }) =>
              html`<label class="choice"
                ><input
                  type="checkbox"
                  name="item"
                  value=${id}
                  .checked=${picked.has(id)}
                  @change=${(event: Event) => {
                    this.toggle(id, (event.target as HTMLInputElement).checked);
                  }}
                />${label}</label
              >`,
          )}
        </div>
      </fieldset>
      ${this.errorAlert()}
      <div class="row">
        <button
          class="flat"
          ?disabled=${this.paused}
          @click=${() => {
            this.picked = undefined;
          }}
        >
          ${t("common.back")}
        </button>
        <button class="main" ?disabled=${this.paused} @click=${this.choose}>${t("items.choose_do")}</button>
      </div>`;
  }

  private item(item: ReleaseItem) {
    const { t, clock } = this.context;
    const taken = this.shown.passages.find((clip) => clip.clip === item.item)?.by_hand;
    const { approved_by: by, approved_at: at } = item;
    return html`<li>
      <div class="row spread">
        <h3>${itemName(this.context, item)}</h3>
        <span class="chip">${by && at ? t("items.approved", { person: by.name, at: clock.at(at) }) : t("items.waits")}</span>
      </div>
      ${itemFacts(this.context, item, Boolean(taken && !taken.sha256))}
      ${!by && this.shown.offers.includes("approve")
        ? html`<div class="row">
            <button
              ?disabled=${this.paused}
              @click=${() => {
                this.dispatchEvent(new CustomEvent<string>("approving", { detail: item.item }));
              }}
            >
              <ha-icon icon="mdi:check-decagram"></ha-icon>${t("items.approve")}
            </button>
          </div>`
        : nothing}
    </li>`;
  }

  protected override render() {
    const { t } = this.context;
    const { shown } = this;
    const by = shown.chosen_by;
    return html`<ha-card>
      <h2>${t("items.heading")}</h2>
      <p class="soft">${by ? t("items.chosen_by", { person: by.name }) : t("items.default")}</p>
      ${shown.release_items.length
        ? html`<ul>
            ${shown.release_items.map((item) => this.item(item))}
          </ul>`
        : html`<p>${t("items.none")}</p>`}
      ${this.picked
        ? this.form(this.picked)
        : shown.offers.includes("choose_for_release")
          ? html`<div class="row">
              <button ?disabled=${this.paused} @click=${this.begin}>
                <ha-icon icon="mdi:format-list-checks"></ha-icon>${t("items.choose")}
              </button>
            </div>`
          : nothing}
    </ha-card>`;
  }
}
