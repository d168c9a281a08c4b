import { css } from "lit";

/** One look for all pages, in Home Assistant's colours: dark mode and themes come with them. */
export const styles = css`
  :host {
    display: block;
    color: var(--primary-text-color);
    font-family: var(--ha-font-family-body, var(--paper-font-body1_-_font-family, sans-serif));
    font-size: 16px;
    line-height: 1.6;
    -webkit-font-smoothing: antialiased;
    /* Home Assistant's colours are chosen for surfaces: as letters, and under letters, they are too weak (2.1 to 4.3 : 1,
       and 4.5 is needed). Mixed with the text's own colour they get stronger in light and dark, whatever the theme. */
    --niiza-primary-letters: color-mix(in srgb, var(--primary-color) 55%, var(--primary-text-color));
    --niiza-error-letters: color-mix(in srgb, var(--error-color) 65%, var(--primary-text-color));
    --niiza-primary-surface: color-mix(in srgb, var(--primary-color) 65%, #000);
    --niiza-error-surface: color-mix(in srgb, var(--error-color) 75%, #000);
  }
  * {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3 {
    font-weight: 500;
    line-height: 1.35;
    margin: 0;
  }
  h1 {
    font-size: 1.6rem;
  }
  h2 {
    font-size: 1.2rem;
    margin-block-end: 12px;
  }
  h3 {
    font-size: 1rem;
  }
  h1:focus {
    outline: none;
  }
  p {
    margin: 0 0 8px;
  }
  ul,
  ol {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  a {
    color: var(--niiza-primary-letters);
  }
  .page {
    display: grid;
    gap: 16px;
    margin: 0 auto;
    max-width: 1100px;
    padding: 20px 16px 64px;
  }
  ha-card {
    display: block;
    padding: 20px;
  }
  .row {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
  }
  .spread {
    justify-content: space-between;
  }
  .soft {
    color: var(--secondary-text-color);
  }
  .small {
    font-size: 0.875rem;
  }
  .mono {
    font-family: var(--ha-font-family-code, ui-monospace, monospace);
    overflow-wrap: anywhere;
  }
  .with-icon {
    align-items: center;
    display: inline-flex;
    gap: 6px;
  }
  ha-icon {
    --mdc-icon-size: 20px;
    flex: none;
  }
  button,
  .button {
    align-items: center;
    background: transparent;
    border: 1px solid var(--outline-color, var(--divider-color));
    border-radius: 12px;
    color: var(--primary-text-color);
    cursor: pointer;
    display: inline-flex;
    font: inherit;
    font-weight: 500;
    gap: 8px;
    justify-content: center;
    min-block-size: 48px;
    padding: 8px 20px;
    text-decoration: none;
  }
  button:hover:not(:disabled),
  .button:hover {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
  }
  button.main,
  .button.main {
    background: var(--niiza-primary-surface);
    border-color: var(--niiza-primary-surface);
    color: #fff;
  }
  button.main:hover:not(:disabled),
  .button.main:hover {
    background: color-mix(in srgb, var(--niiza-primary-surface) 85%, #000);
  }
  button.danger {
    border-color: var(--niiza-error-letters);
    color: var(--niiza-error-letters);
  }
  button.flat {
    border-color: transparent;
    padding-inline: 12px;
  }
  button:disabled {
    border-style: dashed;
    background: transparent;
    color: var(--secondary-text-color);
    cursor: not-allowed;
  }
  :focus-visible,
  /* Within which the calendar's button may have it. */
  input:is([type="date"], [type="datetime-local"]):focus-within {
    outline: 3px solid var(--niiza-primary-letters);
    outline-offset: 2px;
  }
  /* What is led to must not end up under the bar that stays on top. */
  input,
  select,
  textarea,
  button,
  a,
  ha-card,
  .field,
  [tabindex] {
    scroll-margin-block: calc(var(--header-height, 56px) + 72px) 24px;
  }
  label,
  legend {
    font-weight: 500;
  }
  fieldset {
    border: 0;
    margin: 0;
    min-inline-size: 0;
    padding: 0;
  }
  fieldset > legend {
    margin-block-end: 8px;
    padding: 0;
  }
  .field {
    /* Fields in a row stand in line, whichever has a help above it. */
    align-content: end;
    display: grid;
    gap: 4px;
  }
  .field .small {
    font-weight: 400;
  }
  .field .wrong {
    color: var(--niiza-error-letters);
  }
  .field .wrong:not([hidden])::before {
    content: "⚠ ";
  }
  .field [aria-invalid] {
    border: 2px solid var(--niiza-error-letters);
  }
  .fields {
    display: grid;
    gap: 16px;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr));
  }
  .wide {
    grid-column: 1 / -1;
  }
  input:not([type="radio"], [type="checkbox"]),
  select,
  textarea {
    background: var(--card-background-color);
    border: 1px solid var(--outline-color, var(--secondary-text-color));
    border-radius: 8px;
    color: var(--primary-text-color);
    font: inherit;
    inline-size: 100%;
    min-block-size: 48px;
    padding: 8px 12px;
  }
  textarea {
    min-block-size: 96px;
    resize: vertical;
  }
  input[type="radio"],
  input[type="checkbox"] {
    accent-color: var(--niiza-primary-surface);
    block-size: 24px;
    flex: none;
    inline-size: 24px;
    margin: 0;
  }
  .choice {
    align-items: center;
    border: 1px solid var(--divider-color);
    border-radius: 12px;
    cursor: pointer;
    display: flex;
    gap: 12px;
    min-block-size: 48px;
    padding: 8px 16px;
  }
  .choice:has(:checked) {
    border-color: var(--primary-color);
    box-shadow: inset 0 0 0 1px var(--primary-color);
  }
  .choices {
    display: grid;
    gap: 8px;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 220px), 1fr));
  }
  .mark {
    color: var(--niiza-error-letters);
    font-weight: 400;
  }
  .chip {
    align-items: center;
    border: 1px solid currentColor;
    border-radius: 999px;
    display: inline-flex;
    font-size: 0.875rem;
    font-weight: 500;
    gap: 6px;
    padding: 2px 12px 2px 8px;
    white-space: nowrap;
  }
  .chip.turn {
    background: var(--niiza-primary-surface);
    border-color: var(--niiza-primary-surface);
    color: #fff;
  }
  .chip.risk {
    background: color-mix(in srgb, var(--error-color) 8%, transparent);
    color: var(--niiza-error-letters);
  }
  .chip.done {
    color: var(--secondary-text-color);
  }
  dl {
    display: grid;
    gap: 6px 20px;
    grid-template-columns: max-content 1fr;
    margin: 0;
  }
  dt {
    color: var(--secondary-text-color);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  progress {
    appearance: none;
    background: var(--divider-color);
    block-size: 12px;
    border: 0;
    border-radius: 6px;
    inline-size: 100%;
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--divider-color);
  }
  progress::-webkit-progress-value {
    background: var(--primary-color);
  }
  progress::-moz-progress-bar {
    background: var(--primary-color);
  }
  .bar {
    background: color-mix(in srgb, var(--success-color) 45%, transparent);
    block-size: 20px;
    border: 1px solid var(--divider-color);
    border-radius: 6px;
    overflow: hidden;
    position: relative;
  }
  .bar .gap {
    /* Striped, so that a gap shows without its colour. */
    background: repeating-linear-gradient(
      -45deg,
      var(--card-background-color) 0 5px,
      var(--error-color) 5px 7px
    );
    inset-block: 0;
    position: absolute;
  }
  .bar .marked {
    /* By its edges, too. */
    background: color-mix(in srgb, var(--primary-color) 35%, transparent);
    border-inline: 3px solid var(--primary-color);
    inset-block: 0;
    position: absolute;
  }
  .bar .now {
    background: var(--primary-text-color);
    inline-size: 3px;
    inset-block: 0;
    position: absolute;
  }
  @media (max-width: 600px) {
    dl {
      grid-template-columns: 1fr;
      gap: 0;
    }
    dd {
      margin-block-end: 10px;
    }
    ha-card {
      padding: 16px;
    }
  }
`;
