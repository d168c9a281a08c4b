/** Where in a clip one is, and beside it what its ranges do when: by form, not by colour alone. */

import { css, html, nothing } from "lit";

import { type HideKey, type Key, type Reveal, type Stretch, type Track, type Which, HIDE_MARGIN, keysOf, revealedStretches } from "./mask-track";
import { isSame } from "./mask-stage";
import type { Texts } from "./texts";

/** More keys than this are drawn as what they reveal alone. */
const MAX_MARKS = 400;

export interface Scrubbed {
  t: Texts;
  track: Track;
  pictures: readonly number[];
  /** Place of the picture that is shown. */
  place: number;
  selected: Which | undefined;
  /** The picture's time, for those who do not see where the slider is. */
  words: string;
  go: (place: number) => void;
  goTo: (at: number) => void;
  name: (which: Which) => string;
}

export const scrubberStyles = css`
  .scrubber {
    --thumb: 22px;
    display: grid;
    gap: 4px;
  }
  .scrubber input[type="range"] {
    accent-color: var(--primary-color);
    margin: 0;
    min-block-size: 44px;
    padding: 0;
    border: 0;
    inline-size: 100%;
  }
  .lane {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
    block-size: 22px;
    border-radius: 4px;
    cursor: pointer;
    margin-inline: calc(var(--thumb) / 2);
    position: relative;
  }
  .lane.selected {
    outline: 2px solid var(--primary-text-color);
  }
  .lane span {
    pointer-events: none;
    position: absolute;
  }
  .lane .seen {
    background: var(--primary-color);
    block-size: 8px;
    inset-block-start: 7px;
    min-inline-size: 2px;
  }
  .lane .hides {
    background: repeating-linear-gradient(45deg, var(--primary-text-color) 0 4px, transparent 4px 6px);
    block-size: 8px;
    inset-block-start: 7px;
    min-inline-size: 2px;
  }
  .lane .out,
  .legend .out {
    background: repeating-linear-gradient(-45deg, var(--primary-text-color) 0 2px, transparent 2px 6px);
    border: 1px solid var(--primary-text-color);
    inset-block: 2px;
    min-inline-size: 4px;
  }
  .mark-key {
    background: var(--primary-text-color);
    block-size: 10px;
    inline-size: 10px;
    inset-block-start: 6px;
    margin-inline-start: -5px;
    transform: rotate(45deg);
  }
  .mark-key.proposed {
    background: var(--card-background-color);
    border: 2px dashed var(--primary-text-color);
  }
  .lane .here {
    background: var(--error-color);
    inline-size: 2px;
    inset-block: -3px;
  }
  .legend {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
  }
  .legend > span {
    align-items: center;
    display: inline-flex;
    gap: 8px;
  }
  .legend i {
    display: inline-block;
    flex: none;
    margin: 0 2px;
  }
  .legend .out {
    block-size: 14px;
    inline-size: 18px;
  }
  .legend .seen {
    background: var(--primary-color);
    block-size: 8px;
    inline-size: 22px;
  }
`;

/** The slider over all pictures, and a lane for each range. */
export function scrubber(shown: Scrubbed) {
  const { t, track, pictures, place } = shown;
  return html`<div class="scrubber">
    ${track.reveal.map((reveal, index) => revealLane(shown, { kind: "reveal", index }, reveal))}
    ${track.hide.map(({ keys }, index) => hideLane(shown, { kind: "hide", index }, keys))}
    <input
      type="range"
      id="place"
      min="0"
      max=${Math.max(0, pictures.length - 1)}
      .value=${String(place)}
      aria-label=${t("mask.place")}
      aria-valuetext=${shown.words}
      @input=${(event: Event) => {
        shown.go(Number((event.target as HTMLInputElement).value));
      }}
    />
  </div>`;
}

/** What the forms in the lanes mean. */
export function legend(t: Texts) {
  return html`<p class="legend small">
    <span><i class="mark-key"></i>${t("mask.legend_key")}</span>
    <span><i class="mark-key proposed"></i>${t("mask.legend_proposed")}</span>
    <span><i class="seen"></i>${t("mask.legend_seen")}</span>
    <span><i class="out"></i>${t("mask.legend_rejected")}</span>
  </p>`;
}

function lane(shown: Scrubbed, which: Which, inside: unknown) {
  const { pictures, place } = shown;
  const [first = 0, last = 0] = [pictures[0], pictures.at(-1)];
  // A short cut for pointers; keys have the slider, and the buttons to the next key.
  // eslint-disable-next-line lit-a11y/click-events-have-key-events
  return html`<div
    class="lane ${isSame(which, shown.selected) ? "selected" : ""}"
    role="img"
    aria-label=${shown.name(which)}
    @click=${(event: MouseEvent) => {
      const area = (event.currentTarget as HTMLElement).getBoundingClientRect();
      if (area.width) shown.goTo(first + ((event.clientX - area.left) / area.width) * (last - first));
    }}
  >
    ${inside}<span class="here" style="left:${part(shown, pictures[place] ?? first)}%"></span>
  </div>`;
}

function revealLane(shown: Scrubbed, which: Which, reveal: Reveal) {
  return lane(
    shown,
    which,
    html`${revealedStretches(reveal).map((one) => stretch(shown, one, "seen"))}
    ${reveal.rejected.map((one) => stretch(shown, one, "out"))} ${marks(shown, which)}`,
  );
}

function hideLane(shown: Scrubbed, which: Which, keys: readonly HideKey[]) {
  const [first, last] = [keys[0], keys.at(-1)];
  return lane(
    shown,
    which,
    html`${first && last ? stretch(shown, [first.at_us - HIDE_MARGIN, last.at_us + HIDE_MARGIN], "hides") : nothing}
    ${marks(shown, which)}`,
  );
}

function marks(shown: Scrubbed, which: Which) {
  const keys: readonly (HideKey & Partial<Key>)[] = keysOf(shown.track, which);
  if (keys.length > MAX_MARKS) return nothing;
  return keys.map(
    ({ at_us, confirmed }) =>
      html`<span class="mark-key ${confirmed === false ? "proposed" : ""}" style="left:${part(shown, at_us)}%"></span>`,
  );
}

function stretch(shown: Scrubbed, [from, to]: Stretch, name: string) {
  const left = part(shown, from);
  return html`<span class=${name} style="left:${left}%;width:${part(shown, to) - left}%"></span>`;
}

function part({ pictures }: Scrubbed, at: number): number {
  const [first = 0, last = 0] = [pictures[0], pictures.at(-1)];
  return last <= first ? 0 : Math.min(100, Math.max(0, ((at - first) / (last - first)) * 100));
}
