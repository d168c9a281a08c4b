import { LitElement, css, html } from "lit";

// So many that no part of the picture worth cutting out is without one.
const TILES = 24;
const STEP_SECONDS = 7;

/** Who watches, and when, over a whole picture: whoever films the screen or cuts a piece out takes both along. */
export class NiizaCctvOverlay extends LitElement {
  static override properties = { text: { type: String }, seconds: { type: Number } };
  static override styles = css`
    :host {
      inset: 0;
      overflow: hidden;
      pointer-events: none;
      position: absolute;
      user-select: none;
      z-index: 1;
    }
    div {
      align-content: space-between;
      color: rgb(255 255 255 / 45%);
      display: grid;
      font: 500 clamp(11px, 1.6vmin, 20px) / 1.3 sans-serif;
      gap: 4% 2%;
      grid-template-columns: repeat(3, 1fr);
      inset: -8% -12%;
      position: absolute;
      text-align: center;
      /* Legible on snow as on asphalt. */
      text-shadow:
        0 0 2px rgb(0 0 0 / 80%),
        0 0 4px rgb(0 0 0 / 50%);
      transform-origin: center;
    }
    span {
      overflow-wrap: anywhere;
    }
  `;

  declare text: string;
  /** Moves it: no place of the picture stays free, and none stays covered. */
  declare seconds: number;

  constructor() {
    super();
    this.text = "";
    this.seconds = 0;
  }

  protected override render() {
    const step = Math.floor(this.seconds / STEP_SECONDS) % 5;
    return html`<div
      aria-hidden="true"
      style="transform:rotate(-14deg) translate(${step * 3 - 6}%, ${((step * 2) % 5) * 2 - 4}%)"
    >
      ${Array.from({ length: TILES }, () => html`<span>${this.text}</span>`)}
    </div>`;
  }
}
