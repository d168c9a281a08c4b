import { type PropertyValues, css, html, nothing } from "lit";
import { styleMap } from "lit/directives/style-map.js";

import { Part } from "./base";
import { type Handle, type Shape, type Sides, type Standing, type Which, WHOLE, moved, resized, tidy } from "./mask-track";
import { styles } from "./styles";

/** A box as it stands at the picture that is shown. */
export interface StageBox {
  which: Which;
  name: string;
  shape: Shape;
  sides: Sides;
  standing: Standing;
}

/** A box that somebody has put somewhere; which one it is, unless it was drawn anew. */
export interface Placed {
  which: Which | undefined;
  sides: Sides;
}

const HANDLES: readonly Handle[] = ["nw", "n", "ne", "e", "se", "s", "sw", "w"];
const CORNERS: readonly Handle[] = ["nw", "ne", "se", "sw"];
/** A box with a shorter side than this (pixels) has handles at its corners only: there is no room for fingers between. */
const ROOM = 60;
/** Around the picture, where handles of a box at its edge stand out of it (pixels). */
const EDGE = { across: 28, down: 24 };
/** Fingers tremble: what moves less than this (pixels) was a tap. */
const TAP = 4;
/** What a tap draws: about a person in the middle of the platform. */
const TAPPED = { across: 60_000, down: 200_000 };

interface Drag {
  pointer: number;
  handle: Handle | "move" | "draw";
  which: Which | undefined;
  from: Sides;
  /** Where it began, in pixels of the page. */
  x: number;
  y: number;
  now: Sides;
  far: boolean;
}

export function isSame(one: Which | undefined, other: Which | undefined): boolean {
  return one?.kind !== undefined && one.kind === other?.kind && one.index === other.index;
}

/** The picture as it is, with the boxes on it: taken up with mouse or finger; keys are the editor's. */
export class NiizaCctvMaskStage extends Part {
  static override properties = {
    ...Part.properties,
    src: { type: String },
    label: { type: String },
    width: { type: Number },
    height: { type: Number },
    boxes: { attribute: false },
    selected: { attribute: false },
    editable: { type: Boolean },
    drawing: { type: Boolean },
    waiting: { type: Boolean },
    zoom: { type: Number },
    drag: { state: true },
    size: { state: true },
  };

  static override styles = [
    styles,
    css`
      .view {
        padding: ${EDGE.down}px ${EDGE.across}px;
      }
      /* As large on the page as the whole picture is. */
      .view.zoomed {
        overflow: auto;
        overscroll-behavior: contain;
      }
      .frame {
        --line: #fff;
        background: #000;
        position: relative;
        touch-action: pan-x pan-y pinch-zoom;
        user-select: none;
      }
      .frame.drawing {
        cursor: crosshair;
        touch-action: none;
      }
      .frame:focus-visible {
        outline-offset: 4px;
      }
      img {
        block-size: 100%;
        display: block;
        inline-size: 100%;
        -webkit-user-drag: none;
      }
      .waiting {
        background: rgb(0 0 0 / 75%);
        border-radius: 8px;
        color: #fff;
        inset-block-start: 8px;
        inset-inline-start: 8px;
        padding: 2px 10px;
        pointer-events: none;
        position: absolute;
        z-index: 3;
      }
      .box {
        --line: #fff;
        border: 3px solid var(--line);
        box-shadow: 0 0 0 2px #000;
        position: absolute;
      }
      .box.ellipse {
        border-radius: 50%;
      }
      .editable .box {
        cursor: move;
        touch-action: none;
      }
      .box.proposed {
        --line: #ffd54a;
        border-style: dashed;
      }
      .box.rejected,
      .box.outside {
        --line: #e0e0e0;
        border-style: dotted;
      }
      .box.rejected {
        background: repeating-linear-gradient(-45deg, rgb(0 0 0 / 55%) 0 6px, rgb(255 255 255 / 35%) 6px 8px);
      }
      .box.hide {
        background: repeating-linear-gradient(45deg, rgb(0 0 0 / 85%) 0 8px, rgb(90 90 90 / 85%) 8px 12px);
      }
      .box.hide.outside {
        background: none;
      }
      .box.selected {
        z-index: 1;
      }
      .box.selected.in_force {
        --line: #6fd3ff;
      }
      .name {
        background: #000;
        border-radius: 4px;
        color: var(--line);
        font-size: 0.8125rem;
        inset-block-end: calc(100% + 5px);
        inset-inline-start: -3px;
        line-height: 1.3;
        padding: 1px 6px;
        pointer-events: none;
        position: absolute;
        white-space: nowrap;
      }
      .box.selected .name {
        inset-block-end: calc(100% + 28px);
      }
      .box.selected .name.below {
        inset-block: calc(100% + 28px) auto;
      }
      .name.below {
        inset-block: calc(100% + 5px) auto;
      }
      .name.before {
        inset-inline: auto -3px;
      }
      .handle {
        block-size: 44px;
        display: grid;
        inline-size: 44px;
        place-items: center;
        position: absolute;
        touch-action: none;
        transform: translate(-50%, -50%);
        z-index: 2;
      }
      .handle::after {
        background: var(--line);
        block-size: 14px;
        border: 2px solid #000;
        border-radius: 3px;
        content: "";
        inline-size: 14px;
      }
    `,
  ];

  declare src: string;
  /** What the picture is, for those who do not see it. */
  declare label: string;
  declare width: number;
  declare height: number;
  declare boxes: readonly StageBox[];
  declare selected: Which | undefined;
  declare editable: boolean;
  /** Whether the next drag draws a box. */
  declare drawing: boolean;
  /** Whether the picture is still the one before: nobody sets a box on a picture that they do not see. */
  declare waiting: boolean;
  /** How many times as large the picture is as its place on the page. */
  declare zoom: number;
  declare private drag: Drag | undefined;
  /** Of the picture on the page, in pixels. */
  declare private size: { width: number; height: number };
  /** What stays where it is when the picture grows: pixels from the edges of what is seen. */
  private anchor: { x: number; y: number } | undefined;
  private readonly measure = new ResizeObserver((entries) => {
    const box = entries.at(-1)?.contentRect;
    if (box) this.size = { width: box.width, height: box.height };
  });

  constructor() {
    super();
    this.src = "";
    this.label = "";
    this.width = 16;
    this.height = 9;
    this.boxes = [];
    this.editable = false;
    this.drawing = false;
    this.waiting = false;
    this.zoom = 1;
    this.size = { width: 0, height: 0 };
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.measure.disconnect();
  }

  protected override firstUpdated(): void {
    const frame = this.frame();
    if (frame) this.measure.observe(frame);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    // Another picture, or another person's track: what is held belongs to neither.
    if (changed.has("src") && this.drag) this.end();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get("zoom");
    if (before) this.grow(this.zoom / before);
    if (before ? !this.anchor : changed.has("boxes") && !this.drag) this.follow();
    this.anchor = undefined;
  }

  /** The picture has grown: what was in the middle is there again, or under the pointer. */
  private grow(times: number): void {
    const view = this.view();
    if (!view) return;
    const { x, y } = this.anchor ?? { x: view.clientWidth / 2, y: view.clientHeight / 2 };
    view.scrollLeft = EDGE.across + (view.scrollLeft + x - EDGE.across) * times - x;
    view.scrollTop = EDGE.down + (view.scrollTop + y - EDGE.down) * times - y;
  }

  /** Bring the box that is worked on into sight, with what stands out of it. */
  private follow(): void {
    const view = this.view();
    const frame = this.frame();
    const box = this.boxes.find(({ which }) => isSame(which, this.selected));
    if (!view || !frame || !box || this.zoom === 1) return;
    const [left, top, right, bottom] = box.sides;
    const { across, down } = EDGE;
    const x = (side: number) => (side / WHOLE) * frame.offsetWidth;
    const y = (side: number) => (side / WHOLE) * frame.offsetHeight;
    view.scrollLeft = inSight(view.scrollLeft, view.clientWidth, x(left), x(right) + 2 * across);
    view.scrollTop = inSight(view.scrollTop, view.clientHeight, y(top), y(bottom) + 2 * down);
  }

  /** As everywhere: with Ctrl, or two fingers on a touch pad. */
  private wheel(event: WheelEvent): void {
    if (!event.ctrlKey) return;
    event.preventDefault();
    const view = this.view()?.getBoundingClientRect();
    if (this.drag || !view) return;
    this.anchor = { x: event.clientX - view.left, y: event.clientY - view.top };
    this.dispatchEvent(new CustomEvent<number>("zoomed", { detail: event.deltaY < 0 ? 1 : -1 }));
  }

  private view(): HTMLElement | null {
    return this.renderRoot.querySelector(".view");
  }

  /** Where keys go. */
  override focus(): void {
    this.frame()?.focus({ preventScroll: true });
  }

  private frame(): HTMLElement | null {
    return this.renderRoot.querySelector(".frame");
  }

  private tell(name: "picked" | "placed" | "holding", detail: Which | Placed | undefined): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  // --- mouse and finger ----------------------------------------------------------------------------------------

  private take(event: PointerEvent, handle: Drag["handle"], box?: StageBox): void {
    if (!this.editable || this.waiting || this.drag || event.button !== 0) return;
    // While one draws, a box that lies there is no box to be moved.
    if (this.drawing !== (handle === "draw")) return;
    event.preventDefault();
    event.stopPropagation();
    const frame = this.frame();
    if (!frame) return;
    frame.setPointerCapture(event.pointerId);
    this.focus();
    const from = box?.sides ?? this.point(event);
    const { pointerId: pointer, clientX: x, clientY: y } = event;
    this.drag = { pointer, handle, which: box?.which, from, x, y, now: from, far: false };
    if (box) this.tell("picked", box.which);
  }

  /** Where a pointer is, as a box without size. */
  private point({ clientX, clientY }: PointerEvent): Sides {
    const area = this.frame()?.getBoundingClientRect();
    if (!area?.width || !area.height) return [0, 0, 0, 0];
    const x = ((clientX - area.left) / area.width) * WHOLE;
    const y = ((clientY - area.top) / area.height) * WHOLE;
    return [x, y, x, y];
  }

  private move(event: PointerEvent): void {
    const { drag } = this;
    if (event.pointerId !== drag?.pointer) return;
    const area = this.frame()?.getBoundingClientRect();
    if (!area?.width || !area.height) return;
    const far = drag.far || Math.hypot(event.clientX - drag.x, event.clientY - drag.y) >= TAP;
    if (!far) return;
    const across = ((event.clientX - drag.x) / area.width) * WHOLE;
    const down = ((event.clientY - drag.y) / area.height) * WHOLE;
    const now = placedBy(drag, across, down);
    this.drag = { ...drag, now, far };
    this.tell("holding", { which: drag.which, sides: now });
  }

  private release(event: PointerEvent): void {
    const { drag } = this;
    if (event.pointerId !== drag?.pointer) return;
    this.end();
    if (drag.far) this.tell("placed", { which: drag.which, sides: drag.now });
    else if (drag.handle === "draw") {
      const [x, y] = drag.from;
      const { across, down } = TAPPED;
      this.tell("placed", { which: undefined, sides: tidy([x - across, y - down, x + across, y + down]) });
    }
  }

  private end(): void {
    this.drag = undefined;
    this.tell("holding", undefined);
  }

  private cancel(event: PointerEvent): void {
    if (event.pointerId === this.drag?.pointer) this.end();
  }

  // --- what is shown -------------------------------------------------------------------------------------------

  private box(box: StageBox) {
    const { drag } = this;
    const held = drag && isSame(drag.which, box.which);
    const sides = held ? drag.now : box.sides;
    const selected = isSame(this.selected, box.which);
    const { t } = this.context;
    const standing = box.standing === "in_force" ? "" : t(`mask.standing_${box.standing}`);
    const below = sides[1] < 120_000;
    return html`<div
      class="box ${box.which.kind} ${box.shape} ${box.standing} ${selected ? "selected" : ""}"
      style=${styleMap(placeOf(sides))}
      @pointerdown=${(event: PointerEvent) => {
        this.take(event, "move", box);
      }}
    >
      <span class="name ${below ? "below" : ""} ${sides[0] > 700_000 ? "before" : ""}">${box.name} ${standing}</span>
    </div>
    ${selected && this.editable && !this.drawing ? this.handles(box, sides) : nothing}`;
  }

  private handles(box: StageBox, sides: Sides) {
    const wide = ((sides[2] - sides[0]) / WHOLE) * this.size.width;
    const high = ((sides[3] - sides[1]) / WHOLE) * this.size.height;
    const small = (handle: Handle) => ("ns".includes(handle) ? wide : high) < ROOM;
    const shown = HANDLES.filter((handle) => CORNERS.includes(handle) || !small(handle));
    return shown.map(
      (handle) =>
        html`<div
          class="handle"
          data-handle=${handle}
          style=${styleMap(handlePlace(sides, handle))}
          @pointerdown=${(event: PointerEvent) => {
            this.take(event, handle, box);
          }}
        ></div>`,
    );
  }

  protected override render() {
    const zoomed = this.zoom > 1;
    const shape = `${this.width} / ${this.height}`;
    return html`<div class="view ${zoomed ? "zoomed" : ""}" style=${styleMap(zoomed ? { "aspect-ratio": shape } : {})} @wheel=${this.wheel}>
      ${this.picture(shape)}
    </div>`;
  }

  private picture(shape: string) {
    const { drag } = this;
    const { t } = this.context;
    return html`<div
      class="frame ${this.drawing ? "drawing" : ""} ${this.editable ? "editable" : ""}"
      style=${styleMap({ "aspect-ratio": shape, "inline-size": `${this.zoom * 100}%` })}
      role="group"
      tabindex="0"
      aria-label=${this.label}
      aria-busy=${this.waiting}
      @pointerdown=${(event: PointerEvent) => {
        this.take(event, "draw");
      }}
      @pointermove=${this.move}
      @pointerup=${this.release}
      @pointercancel=${this.cancel}
    >
      ${this.src
        ? html`<img
            src=${this.src}
            alt=${this.label}
            draggable="false"
            @load=${() => this.dispatchEvent(new CustomEvent("shown", { detail: this.src }))}
            @error=${() => this.dispatchEvent(new CustomEvent("unshown", { detail: this.src }))}
          />`
        : nothing}
      ${this.boxes.map((box) => this.box(box))}
      ${drag?.handle === "draw" && drag.far
        ? html`<div class="box box selected in_force" style=${styleMap(placeOf(drag.now))}></div>`
        : nothing}
      ${this.waiting ? html`<span class="waiting small">${t("common.loading")}</span>` : nothing}
    </div>`;
  }
}

function placedBy(drag: Drag, across: number, down: number): Sides {
  switch (drag.handle) {
    case "move":
      return moved(drag.from, across, down);
    case "draw":
      return tidy([drag.from[0], drag.from[1], drag.from[0] + across, drag.from[1] + down]);
    default:
      return resized(drag.from, drag.handle, across, down);
  }
}

/** Where to scroll to, so that what lies from one place to another is seen; of what is larger, the middle. */
function inSight(scrolled: number, room: number, from: number, to: number): number {
  return to - from > room ? (from + to - room) / 2 : Math.min(Math.max(scrolled, to - room), from);
}

const percent = (part: number) => `${(part / WHOLE) * 100}%`;

function placeOf([left, top, right, bottom]: Sides) {
  return { left: percent(left), top: percent(top), width: percent(right - left), height: percent(bottom - top) };
}

/** Outside the box, so that a finger finds the box itself as well. */
function handlePlace([left, top, right, bottom]: Sides, handle: Handle) {
  const at = (from: number, to: number, before: boolean, behind: boolean) => {
    if (before) return `calc(${percent(from)} - 14px)`;
    if (behind) return `calc(${percent(to)} + 14px)`;
    return percent((from + to) / 2);
  };
  return {
    left: at(left, right, handle.includes("w"), handle.includes("e")),
    top: at(top, bottom, handle.includes("n"), handle.includes("s")),
    cursor: `${handle}-resize`,
  };
}
