/**
 * What somebody is typing, kept while Home Assistant takes the panel of a hidden tab away and builds it anew.
 *
 * In memory only: a request names people, and the browser's storage of a shared PC is no place for them. Closing or
 * reloading the page, and thereby logging out, forgets everything; the page asks before that happens.
 */

type Draft = Partial<Record<string, string>>;

const drafts = new Map<string, Draft>();
const pictures = new Map<string, Blob>();

export function draft(name: string): Draft {
  return { ...drafts.get(name) };
}

export function keep(name: string, values: Draft): void {
  if (Object.values(values).some(Boolean)) drafts.set(name, values);
  else drafts.delete(name);
}

export function picture(name: string): Blob | undefined {
  return pictures.get(name);
}

export function keepPicture(name: string, taken: Blob | undefined): void {
  if (taken) pictures.set(name, taken);
  else pictures.delete(name);
}

export function forget(name: string): void {
  drafts.delete(name);
  pictures.delete(name);
}

export function forgetAll(): void {
  drafts.clear();
  pictures.clear();
}

function warn(event: BeforeUnloadEvent): void {
  if (drafts.size || pictures.size) event.preventDefault();
}

/** Ask before a page with something typed goes away; log-out forgets without asking. */
export function guard(): void {
  window.addEventListener("beforeunload", warn);
  window.addEventListener("hass-logout", forgetAll);
}
