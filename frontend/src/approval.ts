/** What an approver has before their eyes: what the paper says, what is in each clip, and how much of it they watched. */

import { html, nothing } from "lit";

import type { Case, Clip, Cut, Mask, Sealed } from "./api";
import type { Context } from "./base";
import { fieldLabel } from "./fields";
import { isDecided } from "./rules";
import { gapList, spanText } from "./shown";
import { watchedText } from "./watched-shown";

/** The fields of a request that decide, in the order in which they are read. */
const PAPER = [
  "document_number",
  "document_date",
  "organisation",
  "requester",
  "identity_checked",
  "legal_basis",
  "purpose",
  "event_time",
  "event_place",
  "note",
];

/** Document and purpose. */
export function requestPaper({ t, info }: Context, shown: Case) {
  const decided = isDecided(shown, info);
  const rows = [
    [t("approval.kind"), t(`kinds.${shown.kind}`)],
    ...PAPER.flatMap((name) => {
      const text = shown.request[name];
      return text ? [[fieldLabel(t, name, decided), text]] : [];
    }),
  ];
  return html`<section class="paper" aria-label=${t("case.request")}>
    <dl>
      ${rows.map(
        ([name, text]) =>
          html`<dt>${name}</dt>
            <dd>${text}</dd>`,
      )}
    </dl>
  </section>`;
}

/** What was asked for beside what is in the clip, and how much of it this person watched. */
export function besideRequested(context: Context, clip: Clip) {
  const { t, clock } = context;
  const { sealed, watched } = clip;
  return html`<dl class="small beside">
    <dt>${t("approval.asked")}</dt>
    <dd>${spanText(t, clock, clip)}</dd>
    ${sealed
      ? html`<dt>${t("approval.inside")}</dt>
          <dd>${insideText(context, sealed)}${gapList(t, clock, sealed.gaps)}</dd>`
      : nothing}
    ${watched
      ? html`<dt>${t("approval.watched")}</dt>
          <dd class="watched">${watchedText(t, watched)}</dd>`
      : nothing}
  </dl>`;
}

/** What is missing of a cut, and how much of it this person watched. */
export function besideCut({ t, clock }: Context, cut: Cut, source: Clip) {
  const from = Date.parse(cut.start);
  const to = Date.parse(cut.end);
  const gaps = source.sealed?.gaps.filter(({ start, end }) => Date.parse(start) < to && Date.parse(end) > from) ?? [];
  return html`${gapList(t, clock, gaps)}
  ${cut.watched
    ? html`<dl class="small beside">
        <dt>${t("approval.watched")}</dt>
        <dd class="watched">${watchedText(t, cut.watched)}</dd>
      </dl>`
    : nothing}`;
}

/** How much of a masked clip this person watched. */
export function besideMask({ t }: Context, { watched }: Mask) {
  if (!watched) return nothing;
  return html`<dl class="small beside">
    <dt>${t("approval.watched")}</dt>
    <dd class="watched">${watchedText(t, watched)}</dd>
  </dl>`;
}

function insideText({ t, clock }: Context, { first_picture: start, last_picture: end, gaps }: Sealed): string {
  const span = spanText(t, clock, { start, end });
  return gaps.length ? span : t("approval.no_gaps", { span });
}

/** Said of what was not watched here, or not all of it: it may be approved all the same, and that is on record. */
export function unwatchedWarning({ t }: Context, clips: readonly Pick<Clip, "watched">[]) {
  const watchable = clips.flatMap(({ watched }) => (watched ? [watched] : []));
  const unwatched = watchable.filter(({ seconds }) => !seconds).length;
  const partly = watchable.filter(({ seconds, of }) => seconds && seconds < of).length;
  if (!watchable.length) return nothing;
  return html`${unwatched
    ? html`<ha-alert alert-type="warning" class="unwatched"
        >${t("approval.unwatched", { count: unwatched, of: watchable.length })}</ha-alert
      >`
    : partly
      ? html`<ha-alert alert-type="info" class="unwatched">${t("approval.partly", { count: partly, of: watchable.length })}</ha-alert>`
      : nothing}
    <p class="small soft">${t("approval.recorded")}</p>`;
}
