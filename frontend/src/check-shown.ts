import { html, nothing } from "lit";

import type { Check, CheckRecord, AssetKind, Result } from "./api";
import type { Context } from "./base";
import { checkPicture } from "./check-pictures";
import { type Texts, textOr } from "./texts";

export const ASSET_ICONS: Record<AssetKind, string> = {
  section: "mdi:office-building",
  camera: "mdi:cctv",
  offline_camera: "mdi:cctv-off",
  tablet: "mdi:tablet",
};

export const RESULT_ICONS: Record<Result, string> = {
  passed: "mdi:check-circle",
  failed: "mdi:alert-octagon",
};

const DAY = 86_400_000;

/** What to call a result: a sign is missing or broken, a password is not. */
export function resultWord(t: Texts, kind: string, result: Result): string {
  return result === "passed" ? t("checks.passed") : textOr(t, `failed.${kind}`, t("checks.failed"));
}

/** Object by object, in the order in which they came. */
export function byObject(checks: Check[]): { object: Check["object"]; checks: Check[] }[] {
  const groups = new Map<string, { object: Check["object"]; checks: Check[] }>();
  for (const check of checks) {
    const { object } = check;
    const name = `${object.kind}:${object.id}`;
    const group = groups.get(name) ?? { object, checks: [] };
    group.checks.push(check);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** What is broken first, then what has waited longest; what nobody has ever looked at comes last, for want of a date. */
export function byUrgency(checks: Check[]): Check[] {
  const rank = ({ failed, due_at: at }: Check) => (failed ? 0 : at === null ? 2 : 1);
  return [...checks].sort((one, other) => rank(one) - rank(other) || (one.due_at ?? "").localeCompare(other.due_at ?? ""));
}

/** What to look at, as a picture and in lines; of a kind that a section made up itself nothing is known. */
export function lookAt({ t }: Context, check: Check) {
  const lines = textOr(t, `look_at.${check.kind}`, "").split("\n").filter(Boolean);
  if (!lines.length) return nothing;
  return html`<div class="look-at">
    ${checkPicture(check.kind, textOr(t, `look_at_picture.${check.kind}`, ""))}
    <div>
      <strong>${t("checks.look_at")}</strong>
      <ol>
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ol>
    </div>
  </div>`;
}

/** How a check stands, with an icon and in words. */
export function statusChip({ t }: Context, check: Check) {
  const [icon, text] = check.failed
    ? ["mdi:alert-octagon", t("checks.is_failed")]
    : check.due_at === null
      ? ["mdi:help-circle", t("checks.is_never")]
      : check.due
        ? ["mdi:clock-alert", overdue(t, check.due_at)]
        : ["mdi:check-circle", t("checks.is_done")];
  return html`<span class="chip ${check.due ? "risk" : "done"}"><ha-icon icon=${icon}></ha-icon>${text}</span>`;
}

function overdue(t: Texts, dueAt: string): string {
  const days = Math.floor((Date.now() - new Date(dueAt).getTime()) / DAY);
  return days > 0 ? t("checks.is_overdue", { days }) : t("checks.is_due");
}

/** Who looked last, when and what they found; when the next look is due. */
export function lastLook({ t, clock }: Context, check: Check) {
  const { last } = check;
  if (!last) return nothing;
  return html`<span class="soft small">
    ${t("checks.last", {
      at: clock.at(last.at),
      person: last.person.name,
      result: resultWord(t, check.kind, last.result),
    })}
    ${check.due || check.due_at === null
      ? nothing
      : html`<br />${t("checks.next", { at: clock.date(check.due_at) })}`}
  </span>`;
}

/** What somebody wrote down beside the result. */
export function recordDetails({ t }: Context, record: CheckRecord) {
  const rows = Object.entries(record.fields).filter(([, text]) => text);
  return html`${record.note ? html`<p class="note">${record.note}</p>` : nothing}
  ${rows.length
    ? html`<dl class="small">
        ${rows.map(
          ([name, text]) =>
            html`<dt>${textOr(t, `fields.${name}`, name)}</dt>
              <dd>${text}</dd>`,
        )}
      </dl>`
    : nothing}`;
}
