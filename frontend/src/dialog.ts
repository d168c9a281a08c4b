import { LitElement, css, html } from "lit";

import { styles } from "./styles";

/** What has the focus, however deep it lies. */
function focused(root: DocumentOrShadowRoot): HTMLElement | undefined {
  const { activeElement: active } = root;
  if (active?.shadowRoot?.activeElement) return focused(active.shadowRoot);
  return active instanceof HTMLElement ? active : undefined;
}

/** A question that must be answered before anything happens: the browser's own modal dialog, with its focus and Escape. */
export class NiizaCctvDialog extends LitElement {
  static override properties = { heading: { type: String } };
  static override styles = [
    styles,
    css`
      dialog {
        background: var(--card-background-color);
        border: 1px solid var(--divider-color);
        border-radius: 16px;
        color: inherit;
        inline-size: min(600px, calc(100vw - 32px));
        max-block-size: calc(100dvh - 48px);
        overflow: auto;
        padding: 24px;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 55%);
      }
    `,
  ];

  declare heading: string;
  /** What had the focus before. */
  private from: HTMLElement | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Taken away without being closed, the browser gives the focus back to nothing.
    if (this.from?.isConnected) this.from.focus();
  }

  protected override firstUpdated(): void {
    this.from = focused(document);
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  private closed(): void {
    this.dispatchEvent(new CustomEvent("dismissed"));
  }

  protected override render() {
    return html`<dialog aria-labelledby="heading" @close=${this.closed}>
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
    </dialog>`;
  }
}
