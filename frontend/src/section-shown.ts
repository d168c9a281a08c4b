/** What the ledger keeps of a change of the section itself, in words. */

import type { Context } from "./base";
import type { Key, Texts } from "./texts";
import { textOr } from "./texts";

type Details = Record<string, unknown>;

const HIDDEN = "hidden:";

/** Who was named, confirmed or taken off, and which settings changed; one a line. */
export function describeChange({ t }: Context, details: Details): string[] {
  const { role, user, name, change, changed, pending, roles } = details;
  const lines: string[] = [];
  const line = (label: string, text: string) => lines.push(t("history.told", { name: label, text }));
  if (typeof change === "string") line(t("fields.change"), textOr(t, `history.${change}`, change));
  if (typeof role === "string") {
    const who = nameOf(user) ?? (typeof name === "string" ? name : "");
    line(roleText(t, role), who);
    if (pending === true) lines.push(t("kept.pending"));
  }
  if (Array.isArray(changed))
    for (const one of changed) if (typeof one === "string") line(fieldText(t, one), valueText(t, details, one));
  if (typeof roles === "object" && roles !== null)
    for (const [each, users] of Object.entries(roles))
      if (Array.isArray(users) && users.length)
        line(roleText(t, each), users.flatMap((one) => nameOf(one) ?? []).join(", "));
  return lines;
}

function nameOf(user: unknown): string | undefined {
  return typeof user === "object" && user !== null && "name" in user ? String(user.name) : undefined;
}

function roleText(t: Texts, role: string): string {
  return textOr(t, `people.role_${role}`, role);
}

/** How mails and address reports are taken is one subject each. */
function fieldText(t: Texts, field: string): string {
  return textOr(t, `kept.${field.split(".")[0] ?? field}`, field);
}

function valueText(t: Texts, { was, now }: Details, field: string): string {
  const before = (was as Details | undefined)?.[field];
  const after = (now as Details | undefined)?.[field];
  if ([before, after].some((value) => typeof value === "string" && value.startsWith(HIDDEN))) return t("kept.hidden");
  // What was hidden and is gone shows nothing of itself either.
  if (!(field in ((was as Details | undefined) ?? {}))) return t("kept.hidden");
  return t("kept.changed_to", { was: plain(t, before), now: plain(t, after) });
}

function plain(t: Texts, value: unknown): string {
  if (value === null || value === undefined || value === "") return t("kept.nothing");
  if (typeof value === "boolean") return t((value ? "kept.yes" : "kept.no") satisfies Key);
  if (typeof value === "string" || typeof value === "number") return String(value);
  return JSON.stringify(value);
}
