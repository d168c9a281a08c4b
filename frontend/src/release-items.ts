/** What is to be released, one by one: what was asked for beside what leaves. */

import { html, nothing } from "lit";

import type { ApprovedItem, Case, ReleaseItem } from "./api";
import type { Context } from "./base";
import { spanText } from "./shown";

/** What nobody has approved yet. */
export function waitingItems(shown: Case): ReleaseItem[] {
  return shown.release_items.filter((item) => !item.approved_by);
}

/** What an approver says of an item: exactly what they were shown of it, so that nothing else is approved. */
export function approvedItem({ item, digest, hidden_pictures }: ReleaseItem): ApprovedItem {
  return { item, sha256: digest, hidden_pictures };
}

/** A cut is asked about by its number, a clip by its camera. */
export function itemName({ t }: Context, item: ReleaseItem): string {
  return t(`items.${item.kind}`, { camera: item.camera_name, item: item.item });
}

/** What an item is; the number of hidden pictures stands in it wherever there are any. Its times, unless they stand beside it. */
export function itemFacts({ t, clock }: Context, item: ReleaseItem, entryHash: boolean, times = true) {
  const { granted_start: start, granted_end: end, hidden_pictures: hidden } = item;
  const told = hidden
    ? html`<strong>${t("items.hidden_count", { count: hidden })}</strong>`
    : t("items.nothing_hidden");
  return html`<dl class="small">
    ${times
      ? html`<dt>${t("items.requested")}</dt>
          <dd>${spanText(t, clock, item)}</dd>`
      : nothing}
    ${times && start && end
      ? html`<dt>${t("items.granted")}</dt>
          <dd>${spanText(t, clock, { start, end })}</dd>`
      : nothing}
    ${item.kind === "cut"
      ? html`<dt>${t("items.hidden")}</dt>
          <dd>${told}</dd>`
      : nothing}
    <dt>${entryHash ? t("by_hand.entry_hash") : "SHA-256"}</dt>
    <dd class="mono">${item.digest}</dd>
  </dl>`;
}
