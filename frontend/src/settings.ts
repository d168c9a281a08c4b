import { html } from "lit";

import { Page } from "./base";

/** What a camera is set to. */
export class NiizaCctvSettings extends Page {
  static override properties = { ...Page.properties, token: { type: String } };
  declare token: string;

  protected override async read(): Promise<void> {
    await Promise.resolve();
  }

  protected override render() {
    return html``;
  }
}
