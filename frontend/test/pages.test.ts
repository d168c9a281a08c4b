import { afterEach, describe, expect, it, vi } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import { ServerError } from "../src/api";
import type { NiizaCctvCases } from "../src/cases";
import { forgetAll } from "../src/drafts";
import type { NiizaCctvLedger } from "../src/ledger";
import type { NiizaCctvNew } from "../src/new-case";
import { NiizaCctvPanel } from "../src/panel";
import type { NiizaCctvPassage } from "../src/passage";
import {
  FakeHass,
  SATO,
  SUZUKI,
  aCase,
  button,
  contextOf,
  define,
  find,
  info,
  refuse,
  root,
  settled,
  show,
  texts,
  write,
} from "./fake";

const said = en.config_panel;

afterEach(() => {
  document.body.replaceChildren();
  forgetAll();
  history.replaceState(null, "", "/");
});

describe("the list", () => {
  const list = [
    aCase({ case: "2026-0003", overwritten_at: new Date(Date.now() + 10 * 3_600_000).toISOString() }),
    aCase({ case: "2026-0002", state: "purged" }),
    aCase({ case: "2026-0001", organisation: "Court", state: "received", fetching: 1, percent: 41.7 }),
  ];

  it("shows open cases, what is at risk in words, and all on demand", async () => {
    const hass = new FakeHass({ list_cases: () => ({ cases: list }) });
    const page = await show<NiizaCctvCases>("niiza-cctv-cases", { context: contextOf(hass), changes: 1 });
    expect(texts(page, ".number")).toEqual(["2026-0003", "2026-0001"]);
    expect(texts(page, ".chip.risk")[0]).toMatch(/Overwritten in about (9|10) h/);
    expect(texts(page, ".list")[0]).toContain("retrieving 41%");
    const [, all] = root(page).querySelectorAll<HTMLInputElement>("input[type=radio]");
    all?.dispatchEvent(new Event("change"));
    await settled(page);
    expect(texts(page, ".number")).toHaveLength(3);
    // What is gone by the rules is not counted as missing.
    expect(texts(page, ".list")[0]).toContain(said.cases.line_purged.replace("{person}", SATO.name));
    write(page, "#words", "court");
    await settled(page);
    expect(texts(page, ".number")).toEqual(["2026-0001"]);
  });

  it("marks what waits for an approver", async () => {
    const hass = new FakeHass({ list_cases: () => ({ cases: [aCase()] }) });
    const known = info({ user: SUZUKI, roles: ["approver"] });
    const page = await show<NiizaCctvCases>("niiza-cctv-cases", {
      context: contextOf(hass, known),
      changes: 1,
    });
    expect(texts(page, ".chip.turn")).toEqual([said.cases.your_turn]);
    expect(root(page).querySelector("a.button")).toBeNull();
  });

  it("says that everything failed, and whose turn it is", async () => {
    const failed = aCase({ state: "received", sealed: 0, failed: 2, clips: 2 });
    const hass = new FakeHass({ list_cases: () => ({ cases: [failed] }) });
    const page = await show<NiizaCctvCases>("niiza-cctv-cases", { context: contextOf(hass), changes: 1 });
    expect(texts(page, ".chip.risk")).toEqual([said.cases.failed.replace("{failed}", "2")]);
    expect(texts(page, ".chip.turn")).toEqual([said.cases.your_turn]);
    expect(texts(page, ".list")[0]).toContain(said.next.failed);
  });

  it("tells somebody who receives none when there will be one", async () => {
    const hass = new FakeHass({ list_cases: () => ({ cases: [] }) });
    const known = info({ roles: ["approver"] });
    const page = await show<NiizaCctvCases>("niiza-cctv-cases", {
      context: contextOf(hass, known),
      changes: 1,
    });
    expect(texts(page, "ha-card")).toEqual([said.cases.none_to_decide]);
  });

  it("reads again on a change, and once more for changes during a reading", async () => {
    const hass = new FakeHass({ list_cases: () => ({ cases: [] }) });
    const page = await show<NiizaCctvCases>("niiza-cctv-cases", { context: contextOf(hass), changes: 1 });
    for (const changes of [2, 3, 4]) {
      page.changes = changes;
      await page.updateComplete;
    }
    await settled(page);
    expect(hass.calls("list_cases").length).toBeLessThanOrEqual(4);
    expect(hass.calls("list_cases").length).toBeGreaterThanOrEqual(3);
  });
});

describe("a new case", () => {
  const choose = async (page: NiizaCctvNew, number: number) => {
    const kinds = root(page).querySelectorAll<HTMLInputElement>("input[name=kind]");
    kinds[number]?.dispatchEvent(new Event("change"));
    await settled(page);
  };

  it("asks what its kind needs, fills the law in, and goes to the case", async () => {
    const hass = new FakeHass({ create_case: () => ({ case: "2026-0009" }) });
    const page = await show<NiizaCctvNew>("niiza-cctv-new", { context: contextOf(hass) });
    await choose(page, 0);
    expect(find<HTMLInputElement>(page, "#legal_basis").value).toBe("刑事訴訟法第197条第2項");
    expect(find<HTMLInputElement>(page, "#organisation").required).toBe(true);
    write(page, "#document_number", "No. 12");
    write(page, "#organisation", "Niiza police");
    const part = find<NiizaCctvPassage>(page, "niiza-cctv-passage");
    find<HTMLInputElement>(part, "input[name=camera]").checked = true;
    find(part, "input[name=camera]").dispatchEvent(new Event("change"));
    write(part, "#start", "2026-11-20T17:00");
    write(part, "#end", "2026-11-20T17:30:30");
    await settled(page);
    expect(button(page, said.new.send_and_preserve).disabled).toBe(false);
    find(page, "form").dispatchEvent(new Event("submit", { cancelable: true }));
    await settled(page);
    expect(hass.calls("create_case")).toEqual([
      {
        kind: "police_inquiry",
        draft_id: "draft-1",
        cameras: ["niiza sim-kita"],
        start: "2026-11-20T17:00:00",
        end: "2026-11-20T17:30:30",
        margin: 60,
      },
    ]);
    expect(hass.drafts["draft-1"]).toEqual({
      step: "create",
      fields: {
        legal_basis: "刑事訴訟法第197条第2項",
        document_number: "No. 12",
        organisation: "Niiza police",
      },
    });
    expect(location.pathname).toBe("/niiza-cctv/case/2026-0009");
  });

  it("keeps what was typed when it is refused, and while it is built anew", async () => {
    const [key, { message }] = Object.entries(en.exceptions)[0] as [string, { message: string }];
    const hass = new FakeHass({
      create_case: refuse({ translation_domain: "niiza_cctv", translation_key: key }),
    });
    const page = await show<NiizaCctvNew>("niiza-cctv-new", { context: contextOf(hass) });
    await choose(page, 1);
    write(page, "#requester", "Yamada");
    find(page, "form").dispatchEvent(new Event("submit", { cancelable: true }));
    await settled(page);
    expect(texts(page, "ha-alert[alert-type=error]")[0]?.slice(0, 6)).toBe(
      message.replace(/\{\w+\}/g, "undefined").slice(0, 6),
    );
    expect(find<HTMLInputElement>(page, "#requester").value).toBe("Yamada");
    page.remove();
    const anew = await show<NiizaCctvNew>("niiza-cctv-new", { context: contextOf(hass) });
    expect(find<HTMLInputElement>(anew, "#requester").value).toBe("Yamada");
    button(anew, said.new.discard).click();
    await settled(anew);
    expect(root(anew).querySelector("#requester")).toBeNull();
  });

  it("says at each field what is missing, leads to the first, and says no more of what was put right", async () => {
    const hass = new FakeHass({ create_case: () => ({ case: "2026-0009" }) });
    const page = await show<NiizaCctvNew>("niiza-cctv-new", { context: contextOf(hass) });
    await choose(page, 0);
    const submit = async () => {
      find(page, "form").dispatchEvent(new Event("submit", { cancelable: true }));
      await settled(page);
    };
    const wrong = () =>
      [...root(page).querySelectorAll<HTMLElement>(".wrong")].filter((one) => !one.hidden).map((one) => one.id);
    await submit();
    expect(hass.calls("create_case")).toEqual([]);
    expect(wrong()).toEqual(["document_number-wrong", "organisation-wrong"]);
    expect(root(page).activeElement?.id).toBe("document_number");
    expect(find(page, "#document_number-wrong").textContent).toBe(said.common.fill_in);
    write(page, "#document_number", "No. 12");
    expect(wrong()).toEqual(["organisation-wrong"]);
    expect(find(page, "#document_number").hasAttribute("aria-invalid")).toBe(false);
  });

  it("is not for people who may not", async () => {
    const known = info({ roles: ["viewer"] });
    const page = await show<NiizaCctvNew>("niiza-cctv-new", { context: contextOf(new FakeHass(), known) });
    expect(texts(page, "ha-alert")).toEqual([said.why.not_exporter]);
    expect(root(page).querySelector("form")).toBeNull();
  });
});

describe("a passage", () => {
  const found = {
    camera: "niiza sim-kita",
    camera_name: "North",
    stretches: [{ start: "2026-11-20T17:00:00+09:00", end: "2026-11-20T17:10:00+09:00" }],
    gaps: [{ start: "2026-11-20T17:10:00+09:00", end: "2026-11-20T17:30:00+09:00" }],
    overwritten_at: new Date(Date.now() + 3_600_000).toISOString(),
    error: null,
    clock_offset: -420,
    clocks: [
      {
        start: "2026-11-20T17:00:00+09:00",
        end: "2026-11-20T17:10:00+09:00",
        ahead: -420,
        ahead_until: -420,
        known: "measured",
        measured: ["2026-11-19T17:00:00+09:00", "2026-11-20T17:10:00+09:00"],
        doubt: 0,
        twice: false,
      },
    ],
    exact: true,
  };
  const typed = { cameras: "niiza sim-kita", start: "2026-11-20T17:00", end: "2026-11-20T17:30", margin: "0" };

  it("shows what the card holds, its gaps, the clock, and when it goes", async () => {
    const hass = new FakeHass({ find_recordings: () => ({ cameras: [found] }) });
    const part = await show<NiizaCctvPassage>("niiza-cctv-passage", { context: contextOf(hass), typed });
    button(part, said.find.search).click();
    await settled(part);
    expect(hass.calls("find_recordings")).toEqual([
      { cameras: ["niiza sim-kita"], start: "2026-11-20T17:00:00", end: "2026-11-20T17:30:00" },
    ]);
    const text = texts(part, ".found")[0];
    expect(text).toContain(said.find.partly);
    expect(text).toContain("17:10:00");
    expect(text).toContain("Clock 7 min slow");
    expect(text).toContain("Overwritten in about 0 h");
    // Inside what was found the answer holds; outside it would mislead.
    part.typed = { ...typed, start: "2026-11-20T17:05:00" };
    await settled(part);
    expect(texts(part, ".found")).toHaveLength(1);
    part.typed = { ...typed, end: "2026-11-20T18:00:00" };
    await settled(part);
    expect(texts(part, ".found")).toEqual([]);
  });

  it("says which times nobody measured, and which came twice", async () => {
    const [clock] = found.clocks;
    const clocks = [
      { ...clock, known: "before", ahead: 0, ahead_until: 0 },
      { ...clock, known: "between", doubt: 419.2, twice: true },
      { ...clock, known: "never", measured: null },
      { ...clock, ahead: 1, ahead_until: -1 },
    ];
    const hass = new FakeHass({ find_recordings: () => ({ cameras: [{ ...found, clocks }] }) });
    const part = await show<NiizaCctvPassage>("niiza-cctv-passage", { context: contextOf(hass), typed });
    button(part, said.find.search).click();
    await settled(part);
    const told = texts(part, ".found ul.small li").filter((text) => text.includes("clock"));
    expect(told).toHaveLength(3);
    expect(told[0]).toContain("before the camera’s clock was first measured");
    expect(told[1]).toContain("off by up to 420 s");
    expect(told[1]).toContain(said.find.clock_twice);
    expect(told[2]).toContain("could not be measured");
  });

  it("lets somebody look for one of many cameras by its name, and keeps in sight what is chosen", async () => {
    const cameras = Array.from({ length: 30 }, (_, number) => ({
      unique_id: `niiza sim-${number}`,
      device_id: `device-${number}`,
      name: number === 12 ? "Kita-guchi" : `Camera ${number}`,
    }));
    const context = contextOf(new FakeHass(), info({ cameras }));
    const part = await show<NiizaCctvPassage>("niiza-cctv-passage", { context, required: true });
    const names = () => texts(part, ".choice").map((one) => one.trim());
    expect(names()).toHaveLength(30);
    const [first] = root(part).querySelectorAll<HTMLInputElement>("input[name=camera]");
    if (first) first.checked = true;
    first?.dispatchEvent(new Event("change"));
    await settled(part);
    write(part, "#by-name", "KITA");
    await settled(part);
    expect(names()).toEqual(["Camera 0", "Kita-guchi"]);
    write(part, "#by-name", "nowhere");
    await settled(part);
    expect(names()).toEqual(["Camera 0"]);
    expect(texts(part, ".search [role=status]")).toEqual([said.find.chosen.replace("{count}", "1")]);
  });

  it("asks nothing of the cards while the end comes first", async () => {
    const hass = new FakeHass();
    const part = await show<NiizaCctvPassage>("niiza-cctv-passage", {
      context: contextOf(hass),
      typed: { ...typed, end: "2026-11-20T16:00" },
    });
    button(part, said.find.search).click();
    await settled(part);
    expect(hass.asked).toEqual([]);
    expect(find<HTMLInputElement>(part, "#end").validationMessage).toBe(said.find.end_first);
  });

  it("says at each time that it is still to come, and asks nothing of the cards", async () => {
    const hass = new FakeHass();
    const context = contextOf(hass);
    const later = (hours: number) => context.clock.field(new Date(Date.now() + hours * 3600_000));
    const part = await show<NiizaCctvPassage>("niiza-cctv-passage", {
      context,
      typed: { ...typed, start: later(24), end: later(25) },
    });
    button(part, said.find.search).click();
    await settled(part);
    expect(hass.asked).toEqual([]);
    for (const field of ["#start", "#end"]) {
      expect(find<HTMLInputElement>(part, field).validationMessage).toBe(said.find.in_future);
      expect(texts(part, `${field}-wrong`)).toEqual([said.find.in_future]);
    }
  });
});

describe("the ledger", () => {
  it("tells what was refused and why, and what was found in a check", async () => {
    const at = "2026-11-21T09:00:05+09:00";
    const common = { at, person: SUZUKI, case: null, camera: "North", refused: null };
    const entries = [
      {
        ...common,
        number: 8,
        action: "refused",
        refused: { what: "approve_case", reason: "not_allowed_tablet", count: 3 },
        details: { what: "approve_case", reason: "not_allowed_tablet", count: 3 },
      },
      {
        ...common,
        number: 7,
        action: "check_recorded",
        details: { kind: "signage", result: "failed", note: "torn off", fields: { card_number: "K-3" } },
      },
      { ...common, number: 6, action: "newer_than_this_panel", details: {} },
    ];
    const hass = new FakeHass({
      "niiza_cctv/ledger": () => ({ entries, folders: [{ folder: "2026-0032", files: 2, size: 12_340_000 }] }),
    });
    const page = await show<NiizaCctvLedger>("niiza-cctv-ledger", { context: contextOf(hass), changes: 1 });
    const [refused, check, unknown] = texts(page, ".entries li");
    for (const part of [said.history.refused, said.deeds.approve, en.exceptions.not_allowed_tablet.message, "3"])
      expect(refused).toContain(part);
    for (const part of [said.history.check_recorded, said.failed.signage, "torn off", "K-3"])
      expect(check).toContain(part);
    expect(unknown).toContain("newer_than_this_panel");
    const [folder] = texts(page, ".folders li");
    for (const part of ["2026-0032", "2", "12.3"]) expect(folder).toContain(part);
  });

  it("is verified, and a break is named", async () => {
    const answer = { entries: 7, number: 7, hash: "ab", broken: null as number | null, reason: "" };
    const hass = new FakeHass({ verify_ledger: () => answer });
    const page = await show<NiizaCctvLedger>("niiza-cctv-ledger", { context: contextOf(hass) });
    expect(texts(page, "dd")).toEqual(["7", "ab".repeat(32)]);
    button(page, said.ledger.verify).click();
    await settled(page);
    expect(find(page, "ha-alert").getAttribute("alert-type")).toBe("success");
    Object.assign(answer, { broken: 4, reason: "hash" });
    button(page, said.ledger.verify).click();
    await settled(page);
    expect(texts(page, "ha-alert")[0]).toContain("Entry 4");
  });

  it("is not for viewers to take along", async () => {
    const known = info({ roles: ["viewer"] });
    const page = await show<NiizaCctvLedger>("niiza-cctv-ledger", {
      context: contextOf(new FakeHass(), known),
    });
    expect(button(page, said.ledger.csv).disabled).toBe(true);
    expect(texts(page, "#export-why")).toEqual([said.why.not_ledger]);
  });
});

describe("the panel", () => {
  const open = async (hass: FakeHass, path = "/cases") => {
    define();
    NiizaCctvPanel.bundle = "a";
    const panel = new NiizaCctvPanel();
    Object.assign(panel, { hass, route: { prefix: "/niiza-cctv", path }, });
    document.body.append(panel);
    await settled(panel);
    return panel;
  };
  const answers = () => ({
    "niiza_cctv/info": () => info(),
    list_cases: () => ({ cases: [] as unknown[] }),
  });

  it("listens while it is shown, and reads again when told", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const hass = new FakeHass(answers());
    const panel = await open(hass);
    const before = hass.calls("list_cases").length;
    vi.setSystemTime(Date.now() + 5000);
    hass.tell?.();
    await settled(panel);
    expect(hass.calls("list_cases").length).toBe(before + 1);
    vi.useRealTimers();
    panel.remove();
    expect(hass.unsubscribed).toBe(1);
  });

  it("shows nothing to somebody without a role, and takes it away with the role", async () => {
    const hass = new FakeHass(answers());
    const panel = await open(hass);
    expect(root(panel).querySelector("niiza-cctv-cases")).not.toBeNull();
    hass.answers["niiza_cctv/info"] = refuse({ code: "unauthorized" });
    panel.hass = Object.assign(new FakeHass(hass.answers), { connected: false });
    await settled(panel);
    panel.hass = hass;
    await settled(panel);
    expect(root(panel).querySelector("niiza-cctv-cases")).toBeNull();
    expect(texts(panel, "ha-alert")).toEqual([said.common.unauthorized]);
    expect(new ServerError({ code: "unauthorized" }).cause.code).toBe("unauthorized");
    // What was refused is not asked again, as each time is recorded.
    expect(hass.asked.filter((one) => one.type === "niiza_cctv/subscribe")).toHaveLength(1);
    expect(root(panel).querySelector("button")).toBeNull();
    const before = hass.asked.length;
    panel.hass = Object.assign(new FakeHass(hass.answers), { connected: false });
    await settled(panel);
    panel.hass = hass;
    await settled(panel);
    expect(hass.asked).toHaveLength(before);
  });

  it("listens again after a restart as soon as the section is there, whatever is on the page", async () => {
    const hass = new FakeHass(answers());
    const panel = await open(hass);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const missing = refuse({ code: "unknown_command", message: "Unknown command." });
    Object.assign(hass.answers, { "niiza_cctv/info": missing, "niiza_cctv/subscribe": missing });
    hass.tell = undefined;
    panel.hass = Object.assign(new FakeHass(hass.answers), { connected: false });
    await vi.advanceTimersByTimeAsync(0);
    panel.hass = hass;
    await vi.advanceTimersByTimeAsync(10);
    expect(texts(panel, "ha-alert")[0]).toContain(said.board.starting);
    expect(root(panel).querySelector("niiza-cctv-cases")).not.toBeNull();
    Object.assign(hass.answers, { "niiza_cctv/info": () => info(), "niiza_cctv/subscribe": () => null });
    await vi.advanceTimersByTimeAsync(4000);
    vi.useRealTimers();
    await settled(panel);
    expect(texts(panel, "ha-alert")).toEqual([]);
    expect(hass.tell).toBeDefined();
  });

  it("asks once in the name of somebody who may not, and again after anything else", async () => {
    const hass = new FakeHass({
      "niiza_cctv/info": refuse({ translation_key: "not_allowed_tablet" }),
    });
    const panel = await open(hass);
    expect(hass.asked).toHaveLength(1);
    expect(texts(panel, "ha-alert")).toEqual([en.exceptions.not_allowed_tablet.message]);
    expect(root(panel).querySelector("button")).toBeNull();
    const down = new FakeHass({ "niiza_cctv/info": refuse({ message: "not ready" }) });
    expect(button(await open(down), said.common.again).disabled).toBe(false);
  });

  it("draws nothing anew for the state of an entity", async () => {
    const hass = new FakeHass(answers());
    const panel = await open(hass);
    const drawn = vi.spyOn(panel as unknown as { render(): unknown }, "render");
    panel.hass = Object.assign(new FakeHass(hass.answers), { panels: hass.panels });
    await settled(panel);
    expect(drawn).not.toHaveBeenCalled();
  });

  it("says that Home Assistant serves a newer one", async () => {
    const hass = new FakeHass(answers());
    hass.panels = { "niiza-cctv": { config: { bundle: "b" } } };
    const panel = await open(hass);
    expect(texts(panel, "ha-alert")[0]).toContain(said.common.outdated);
  });

  it("shows this person's own notices, and puts away no more than one of them", async () => {
    const told = ["niiza_cctv_a", "niiza_cctv_b"].map((tag) => ({
      tag,
      title: "Case 2026-0001 waits for approval",
      message: "Open it.",
      path: "/niiza-cctv/case/2026-0001",
      at: "2026-11-29T05:00:00+00:00",
    }));
    let left = told;
    const hass = new FakeHass({
      ...answers(),
      "niiza_cctv/info": () => info({ notices: left }),
      "niiza_cctv/dismiss_notice": ({ tag }) => {
        left = left.filter((one) => one.tag !== tag);
        return null;
      },
    });
    const panel = await open(hass);
    expect(texts(panel, ".notice ha-alert")).toHaveLength(2);
    expect(find<HTMLAnchorElement>(panel, ".notice a").getAttribute("href")).toBe("/niiza-cctv/case/2026-0001");
    button(panel, said.common.put_away).click();
    await settled(panel);
    expect(texts(panel, ".notice ha-alert")).toHaveLength(1);
    expect(hass.asked.filter((one) => one.type === "niiza_cctv/dismiss_notice")).toEqual([
      { type: "niiza_cctv/dismiss_notice", tag: "niiza_cctv_a" },
    ]);
  });

  it("shows a tablet its checks and nothing else", async () => {
    const known = info({ pages: ["checks"], roles: [], kinds: [], cameras: [] });
    const hass = new FakeHass({
      "niiza_cctv/info": () => known,
      "niiza_cctv/checks": () => ({ checks: [], may: {} }),
    });
    const panel = await open(hass, "");
    expect(root(panel).querySelector("niiza-cctv-checks")).not.toBeNull();
    expect(root(panel).querySelector("nav")).toBeNull();
    for (const path of ["/case/2026-0001", "/cases", "/new", "/ledger", "/settings", "/settings/token"]) {
      const other = await open(hass, path);
      expect(texts(other, "ha-alert"), path).toEqual([said.common.not_here]);
      expect(find<HTMLAnchorElement>(other, ".notice a").getAttribute("href")).toBe("/niiza-cctv/checks");
    }
    expect(new Set(hass.asked.map((message) => message.type))).toEqual(
      new Set(["niiza_cctv/info", "niiza_cctv/subscribe", "niiza_cctv/checks"]),
    );
  });

  it("leads to each page", async () => {
    const hass = new FakeHass({
      ...answers(),
      get_case: () => aCase(),
      "niiza_cctv/checks": () => ({ checks: [], may: {} }),
      "niiza_cctv/camera_settings": () => ({ may: true, cameras: [] }),
      "niiza_cctv/settings_request": refuse({ message: "used" }),
    });
    for (const [path, page] of [
      ["/new", "niiza-cctv-new"],
      ["/case/2026-0001", "niiza-cctv-case"],
      ["/ledger", "niiza-cctv-ledger"],
      ["/checks", "niiza-cctv-checks"],
      ["/check/signage%3Acamera%3Ax", "niiza-cctv-check"],
      ["/settings", "niiza-cctv-settings"],
      ["/settings/token", "niiza-cctv-settings-confirm"],
      ["", "niiza-cctv-cases"],
    ] as const) {
      const panel = await open(hass, path);
      expect(root(panel).querySelector(page), path).not.toBeNull();
      panel.remove();
    }
  });
});
