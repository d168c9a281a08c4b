import { afterEach, describe, expect, it } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import type { Appointment } from "../src/api";
import type { NiizaCctvLedger } from "../src/ledger";
import type { NiizaCctvPeople } from "../src/people";
import { FakeHass, SATO, SUZUKI, button, contextOf, define, find, info, root, settled, show, texts } from "./fake";

const said = en.config_panel;

define();
afterEach(() => {
  document.body.replaceChildren();
});

function appointment(changes: Partial<Appointment> = {}): Appointment {
  return {
    number: 12,
    role: "approver",
    user: SUZUKI,
    active: true,
    named_by: SATO,
    named_at: "2026-11-21T09:00:00+09:00",
    in_effect: false,
    inherited: false,
    confirmed_by: null,
    may_confirm: true,
    why_not: null,
    ...changes,
  };
}

function people(...appointments: Appointment[]) {
  return { appointments, may_decline: true, nobody_may_confirm: false };
}

describe("who may", () => {
  it("lets a second person confirm after a question, by the appointment's number alone", async () => {
    const hass = new FakeHass({
      "niiza_cctv/people": () => people(appointment()),
      confirm_appointment: () => ({}),
    });
    const page = await show<NiizaCctvPeople>("niiza-cctv-people", { context: contextOf(hass), changes: 1 });
    button(page, said.people.confirm).focus();
    button(page, said.people.confirm).click();
    await settled(page);
    button(page, said.common.back).focus();
    button(page, said.common.back).click();
    await settled(page);
    // Who thought better of it is where they were.
    expect(root(page).activeElement).toBe(button(page, said.people.confirm));
    button(page, said.people.confirm).click();
    await settled(page);
    expect(hass.calls("confirm_appointment")).toEqual([]);
    const dialog = find(page, "niiza-cctv-dialog");
    expect(dialog.textContent).toContain("May Suzuki hold this role");
    dialog.querySelector<HTMLButtonElement>("button.main")?.click();
    await settled(page);
    expect(hass.calls("confirm_appointment")).toEqual([{ appointment: 12 }]);
  });

  it("says why somebody may not confirm, and what a single person has to do", async () => {
    const own = appointment({ user: SATO, may_confirm: false, why_not: "not_allowed_own_appointment" });
    const hass = new FakeHass({ "niiza_cctv/people": () => ({ ...people(own), nobody_may_confirm: true }) });
    const page = await show<NiizaCctvPeople>("niiza-cctv-people", { context: contextOf(hass), changes: 1 });
    expect(button(page, said.people.confirm).disabled).toBe(true);
    expect(texts(page, "#why-12")[0]).toBe(en.exceptions.not_allowed_own_appointment.message);
    expect(texts(page, "ha-alert")[0]).toBe(said.people.alone);
  });

  it("shows what is in effect by role, and where it comes from", async () => {
    const hass = new FakeHass({
      "niiza_cctv/people": () =>
        people(
          appointment({ in_effect: true, confirmed_by: SATO }),
          appointment({ number: 1, role: "viewer", named_by: null, in_effect: true, inherited: true }),
        ),
    });
    const page = await show<NiizaCctvPeople>("niiza-cctv-people", { context: contextOf(hass), changes: 1 });
    expect(root(page).textContent).toContain(said.people.nobody_waits);
    expect(root(page).textContent).toContain("Confirmed by Sato");
    expect(root(page).textContent).toContain("confirmed by nobody");
  });

  it("is told in the ledger in words, without what the ledger hides", async () => {
    const entry = {
      number: 3,
      at: "2026-11-21T09:00:00+09:00",
      person: SATO,
      case: null,
      camera: "North",
      refused: null,
    };
    const hass = new FakeHass({
      "niiza_cctv/ledger": () => ({
        entries: [
          {
            ...entry,
            action: "appointed",
            details: { role: "approver", user: SUZUKI, pending: true },
          },
          {
            ...entry,
            number: 2,
            action: "standard_changed",
            details: {
              name: "Section",
              changed: ["audio_allowed", "retention_days"],
              was: { audio_allowed: false, retention_days: 14 },
              now: { audio_allowed: true, retention_days: 30 },
            },
          },
          {
            ...entry,
            number: 1,
            action: "changed_outside",
            details: { change: "password_renewed", changed: ["password"], was: {}, now: { password: "hidden:ab" } },
          },
        ],
        folders: [],
      }),
    });
    const page = await show<NiizaCctvLedger>("niiza-cctv-ledger", {
      context: contextOf(hass, info()),
      changes: 1,
    });
    const shown = texts(page, ".entries li").join("\n");
    expect(shown).toContain("May approve: Suzuki");
    expect(shown).toContain(said.kept.pending);
    expect(shown).toContain("Retention standard (days): 14 → 30");
    expect(shown).toContain("Audio is allowed: no → yes");
    expect(shown).toContain(`Password: ${said.kept.hidden}`);
    expect(shown).not.toContain("hidden:");
  });
});
