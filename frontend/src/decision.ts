/** How a request for disclosure is answered, in words: what one person proposed, and another one approves. */

import { html, nothing } from "lit";

import { type Case, DOMAIN, type Decided, type Decision } from "./api";
import type { Context } from "./base";
import { itemFacts, itemName } from "./release-items";

/** A word of the law or of the form, as the actions' own fields have it. */
export function optionText(
  { hass }: Pick<Context, "hass">,
  list: "case_decision" | "case_way" | "case_ground" | "mute_reason",
  value: string,
): string {
  return hass.localize(`component.${DOMAIN}.selector.${list}.options.${value}`) || value;
}

/** Whether anything is shown or given. */
export function discloses(outcome: string | undefined): boolean {
  return outcome === "disclosed_in_full" || outcome === "disclosed_in_part";
}

/** Whether something that is there is kept back, which rests on an article of the law. */
export function refuses(outcome: string | undefined): outcome is Decided {
  return outcome === "disclosed_in_part" || outcome === "refused";
}

/** All of it but the footage, which stands below with its facts. */
export function decisionWords(context: Context, { outcome, way, grounds, reasons }: Decision) {
  const { t } = context;
  return html`<dl>
    <dt>${t("decision.outcome")}</dt>
    <dd>${optionText(context, "case_decision", outcome)}</dd>
    ${way
      ? html`<dt>${t("decision.way")}</dt>
          <dd>${optionText(context, "case_way", way)}</dd>`
      : nothing}
    ${grounds.length
      ? html`<dt>${t("decision.grounds")}</dt>
          ${grounds.map((ground) => html`<dd>${optionText(context, "case_ground", ground)}</dd>`)}`
      : nothing}
    ${reasons
      ? html`<dt>${t("decision.reasons")}</dt>
          <dd>${reasons}</dd>`
      : nothing}
  </dl>`;
}

/** What it speaks of is not all there any more. */
function isOutdated({ decision, release_items: items }: Case): boolean {
  const there = items.map(({ item }) => item);
  return !!decision && (decision.items.length !== there.length || decision.items.some((item) => !there.includes(item)));
}

/** The last day on which the law lets it be decided. */
export function decideBy({ t, clock }: Context, { decide_by: day }: Case, now: Date) {
  if (!day) return nothing;
  const told = clock.date(`${day}T12:00:00Z`);
  return clock.field(now).slice(0, 10) > day
    ? html`<ha-alert alert-type="warning">${t("decision.decide_late", { day: told })}</ha-alert>`
    : html`<p>${t("decision.decide_by", { day: told })}</p>`;
}

/** The part of the page that shows what was proposed last, and who approved exactly that. */
export function decisionCard(context: Context, shown: Case) {
  const { t, clock } = context;
  const { decision } = shown;
  if (!decision) return html`<ha-card><h2>${t("decision.heading")}</h2><p class="soft">${t("decision.none")}</p></ha-card>`;
  const { by, at, approved_by: approver, approved_at: approvedAt } = decision;
  return html`<ha-card>
    <div class="row spread">
      <h2>${t(approver ? "decision.heading_decided" : "decision.heading")}</h2>
      <span class="chip"
        >${approver && approvedAt
          ? t("decision.approved", { person: approver.name, at: clock.at(approvedAt) })
          : t("decision.waits")}</span
      >
    </div>
    <p class="soft">${t("decision.proposed", { person: by.name, at: clock.at(at) })}</p>
    ${isOutdated(shown) ? html`<ha-alert alert-type="warning">${t("decision.outdated")}</ha-alert>` : nothing}
    ${decisionWords(context, decision)}
    ${shown.release_items.length
      ? html`<h3>${t("decision.items")}</h3>
          <ul class="disclosed">
            ${shown.release_items.map(
              (item) => html`<li>${itemName(context, item)} ${itemFacts(context, item, false)}</li>`,
            )}
          </ul>`
      : nothing}
  </ha-card>`;
}
