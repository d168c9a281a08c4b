import { LitElement, type PropertyValues, html, nothing } from "lit";

import { type Client, type Info, ServerError } from "./api";
import type { Hass } from "./hass";
import { styles } from "./styles";
import { type Texts, errorText } from "./texts";
import type { Clock } from "./time";

/** Where Home Assistant shows the panel. */
export const PANEL_PATH = "/niiza-cctv";

/** What every part of the panel needs; a new one whenever any of it changed. */
export interface Context {
  hass: Hass;
  t: Texts;
  api: Client;
  clock: Clock;
  info: Info;
}

/** A part of the panel: it knows the context, does one thing at a time and says what went wrong. */
export abstract class Part extends LitElement {
  static override styles = [styles];
  static override properties = {
    context: { attribute: false },
    busy: { state: true },
    error: { state: true },
    refused: { state: true },
  };

  declare context: Context;
  declare protected busy: string;
  declare protected error: string;
  /** Whether the last attempt is not for this person: each further one would be recorded as a refusal. */
  declare protected refused: boolean;

  constructor() {
    super();
    this.busy = "";
    this.error = "";
    this.refused = false;
  }

  /** Do something that may fail; false when it did, with the reason shown and nothing that was typed lost. */
  protected async attempt(name: string, work: () => Promise<unknown>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = name;
    this.error = "";
    this.refused = false;
    try {
      await work();
      return true;
    } catch (error) {
      this.error = this.wording(error);
      this.refused = error instanceof ServerError && error.refusesPerson;
      return false;
    } finally {
      this.busy = "";
    }
  }

  protected wording(error: unknown): string {
    return errorText(this.context.hass, this.context.t, error);
  }

  protected errorAlert(text = this.error) {
    return text
      ? html`<ha-alert alert-type="error" role="alert">${text}</ha-alert>`
      : nothing;
  }
}

/** A page that reads something and reads it again when the server says that it changed. */
export abstract class Page extends Part {
  static override properties = {
    ...Part.properties,
    changes: { type: Number },
    unread: { state: true },
  };

  /** Grows whenever something changed on the server. */
  declare changes: number;
  /** Why the last reading failed. */
  declare protected unread: string;
  private reading = false;
  private again = false;

  constructor() {
    super();
    this.changes = 0;
    this.unread = "";
  }

  protected abstract read(): Promise<void>;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("changes")) void this.refresh();
  }

  /** Read now, or once more after the reading under way. */
  protected async refresh(): Promise<void> {
    if (this.reading) {
      this.again = true;
      return;
    }
    this.reading = true;
    try {
      do {
        this.again = false;
        await this.read();
        this.unread = "";
        // Set by another call while this one waited.
      } while (this.again as boolean);
    } catch (error) {
      this.unread = this.wording(error);
    } finally {
      this.reading = false;
    }
  }

  override firstUpdated(): void {
    this.shadowRoot?.querySelector("h1")?.focus({ preventScroll: true });
  }
}

/** Show another page of the panel. */
export function navigate(path: string): void {
  history.pushState(null, "", `${PANEL_PATH}/${path}`);
  window.dispatchEvent(new CustomEvent("location-changed"));
}

/** Put into the clipboard; false where the browser does not allow it (plain HTTP), so that it can be said. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
