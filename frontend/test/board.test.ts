import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import type { BoardCamera, BoardSection, BoardShown, Fault, FaultShown, Severity } from "../src/api-types";
import { NiizaCctvBoard } from "../src/board";
import { endOf } from "../src/fresh";
import type { CardHass, HassError } from "../src/hass";
import { NiizaCctvLive, NiizaCctvTile } from "../src/live";
import { NiizaCctvStrategy } from "../src/strategy";
import { FakeHass } from "./fake";

const said = en.config_panel.board;

for (const [name, element] of Object.entries({
  "niiza-cctv-board": NiizaCctvBoard,
  "niiza-cctv-live": NiizaCctvLive,
  "niiza-cctv-tile": NiizaCctvTile,
}))
  if (!customElements.get(name)) customElements.define(name, element);

const SECTION: BoardSection = {
  name: "Section",
  time_zone: "Asia/Tokyo",
  user: "Sato",
  tablet: false,
  may_mute: false,
  faults: [],
  panel: "/niiza-cctv",
  checks_due: 2,
  checks_failed: 0,
  cases: { open: 1, at_risk: 0, path: "/niiza-cctv" },
};

function camera(id: string, changes: Partial<BoardCamera> = {}): BoardCamera {
  return {
    id,
    device_id: `device-${id}`,
    name: id,
    area: null,
    offline: false,
    entity_id: `camera.${id}`,
    alive: true,
    failed: [],
    last_contact: null,
    sd: "recording",
    audio: false,
    audio_allowed: false,
    kept: { days: 14, standard_days: 14, status: "within" },
    clock: { offset_seconds: 0, off: false },
    proof: { at: new Date(Date.now() - 3 * 3600_000).toISOString(), outcome: "decoded" },
    sign: { confirmed_at: "2026-11-20T10:00:00+09:00", due: false, failed: false, path: null },
    muted_until: null,
    faults: [],
    ...changes,
  };
}

function fault(key: Fault, severity: Severity, changes: Partial<FaultShown> = {}): FaultShown {
  return {
    fault: key,
    rank: ["dead", "card_missing", "stale", "clock_off"].indexOf(key),
    severity,
    since: new Date(Date.now() - 7200_000).toISOString(),
    values: {},
    step: null,
    ...changes,
  };
}

/** A page's Home Assistant: what the server pushes, and when the connection comes and goes. */
class Page extends FakeHass implements CardHass {
  /** Of Home Assistant itself, as it says when it is asked. */
  state = "RUNNING";
  user: CardHass["user"];
  entities: CardHass["entities"] = {};
  devices: CardHass["devices"] = {};
  pressed: unknown[] = [];
  pressing: () => void = () => undefined;
  /** What the server answers to a subscription. */
  refuses: HassError | undefined;
  subscriptions = 0;
  private push: ((board: BoardShown) => void) | undefined;
  private readonly heard: Record<string, Set<() => void>> = { ready: new Set(), disconnected: new Set() };

  override connection = {
    sendMessagePromise: async <T>({ type }: { type: string }): Promise<T> => {
      await Promise.resolve();
      if (type === "get_config") return { state: this.state } as T;
      throw { code: "unknown_command" };
    },
    subscribeMessage: async (callback: (board: BoardShown) => void) => {
      this.subscriptions += 1;
      await Promise.resolve();
      if (this.refuses) throw this.refuses;
      this.push = callback;
      return async () => {
        this.unsubscribed += 1;
        await Promise.resolve();
      };
    },
    addEventListener: (event: string, listener: () => void) => this.heard[event]?.add(listener),
    removeEventListener: (event: string, listener: () => void) => this.heard[event]?.delete(listener),
  };

  async callService(domain: string, service: string, data: Record<string, unknown>): Promise<unknown> {
    await Promise.resolve();
    this.pressed.push([domain, service, data]);
    this.pressing();
    return null;
  }

  tellBoard(cameras: BoardCamera[], section = SECTION, ids = cameras.map(({ id }) => id)): void {
    this.push?.({ state: "loaded", section, cameras, ids });
  }

  tellState(state: string): void {
    this.push?.({ state, section: null, cameras: [], ids: [] });
  }

  fire(event: "ready" | "disconnected"): void {
    for (const listener of [...(this.heard[event] ?? [])]) listener();
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
}

async function open<C extends NiizaCctvBoard | NiizaCctvLive>(name: string, hass: Page, config: object = {}): Promise<C> {
  const card = document.createElement(name) as C;
  card.setConfig({ type: `custom:${name}`, ...config });
  card.hass = hass;
  document.body.append(card);
  await settle();
  await card.updateComplete;
  return card;
}

async function text(card: HTMLElement & { updateComplete: Promise<unknown> }): Promise<string> {
  await settle();
  await card.updateComplete;
  return (card.shadowRoot?.textContent ?? "").replace(/\s+/g, " ");
}

function names(card: NiizaCctvBoard): string[] {
  return [...(card.shadowRoot?.querySelectorAll("h3") ?? [])].map((one) => one.textContent);
}

let hass: Page;
beforeEach(() => {
  hass = new Page();
});
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe("board", () => {
  const board = (config = {}) => open<NiizaCctvBoard>("niiza-cctv-board", hass, config);

  it("says that it reads, then that all is well", async () => {
    const card = await board();
    expect(await text(card)).toContain(said.reading);
    hass.tellBoard([camera("kita"), camera("minami")]);
    expect(await text(card)).toContain(said.all_well.replace("{count}", "2"));
    expect(await text(card)).toContain(said.sd_recording);
  });

  it("says whom to ask where the next step is somebody else's", async () => {
    const card = await board();
    const step = { kind: "ask", path: null, entity_id: null } as const;
    hass.tellBoard([camera("kita", { faults: [fault("clock_off", "minor", { step })] })]);
    expect(await text(card)).toContain(said.step_ask);
    expect(card.shadowRoot?.querySelector(".fault a, .fault button")).toBeNull();
  });

  it("gives what is wrong with the section itself its line, with a next step by who looks", async () => {
    const card = await board();
    const broken = { fault: "ledger_broken", severity: "grave" } as const;
    const look = { kind: "ledger", path: "/niiza-cctv/ledger", entity_id: null } as const;
    hass.tellBoard([camera("kita")], { ...SECTION, faults: [{ ...broken, step: look }] });
    let shown = await text(card);
    for (const word of [said.fault_ledger_broken, said.next_ledger_broken]) expect(shown).toContain(word);
    const link = card.shadowRoot?.querySelector<HTMLAnchorElement>("header .fault a");
    expect([link?.getAttribute("href"), link?.textContent.trim()]).toEqual(["/niiza-cctv/ledger", said.step_ledger]);
    const ask = { kind: "ask", path: null, entity_id: null } as const;
    hass.tellBoard([camera("kita")], { ...SECTION, faults: [{ ...broken, step: ask }] });
    shown = await text(card);
    expect(shown).toContain(said.step_ask);
    expect(card.shadowRoot?.querySelector("header .fault a")).toBeNull();
    hass.tellBoard([camera("kita")]);
    expect(await text(card)).not.toContain(said.fault_ledger_broken);
  });

  it("brings the camera of which a notice told into sight once, also where the page is open already", async () => {
    const seen = vi.spyOn(HTMLElement.prototype, "scrollIntoView").mockImplementation(() => undefined);
    history.replaceState(null, "", "/dashboard-station/overview?camera=minami%201");
    const card = await board();
    hass.tellBoard([camera("kita"), camera("minami 1")]);
    await text(card);
    const focused = () => card.shadowRoot?.activeElement?.textContent;
    expect([focused(), seen.mock.calls.length]).toEqual(["minami 1", 1]);
    hass.tellBoard([camera("kita"), camera("minami 1", { alive: null })]);
    await text(card);
    expect(seen.mock.calls.length).toBe(1);
    history.replaceState(null, "", "/dashboard-station/overview?camera=kita");
    window.dispatchEvent(new CustomEvent("location-changed"));
    await text(card);
    expect([focused(), seen.mock.calls.length]).toEqual(["kita", 2]);
    history.replaceState(null, "", "/");
  });

  it("shows a section without cameras as one, and says what to do", async () => {
    const card = await board();
    hass.tellBoard([]);
    expect(await text(card)).toContain(said.none);
    expect(await text(card)).not.toContain(said.all_well.split(":")[0]);
    expect(await text(card)).not.toContain(said.severity_unknown);
  });

  it("puts the worst camera first, and each fault with its next step", async () => {
    const card = await board();
    hass.tellBoard([
      camera("aki"),
      camera("late", {
        clock: { offset_seconds: -420, off: true },
        faults: [fault("clock_off", "minor", { values: { offset_seconds: -420 } })],
      }),
      camera("card", {
        sd: "card_missing",
        faults: [
          fault("card_missing", "grave", {
            step: { kind: "check", path: "/niiza-cctv/check/sd_card", entity_id: null },
          }),
        ],
      }),
    ]);
    const shown = await text(card);
    expect(names(card)).toEqual(["card", "late", "aki"]);
    expect(shown).toContain("The clock is 7 min slow");
    expect(shown).toContain(said.fault_card_missing);
    expect(shown).toContain(said.next_card_missing);
    expect(shown).toMatch(/since .*\(2 h\)/);
    expect(card.shadowRoot?.querySelector<HTMLAnchorElement>(".fault a")?.getAttribute("href")).toBe(
      "/niiza-cctv/check/sd_card",
    );
    expect(shown).toContain(said.some_wrong.replace("{wrong}", "2").replace("{count}", "3"));
  });

  it("shows the unknown as unknown, without a confirmation beside it", async () => {
    const card = await board();
    hass.tellBoard([
      camera("kita", {
        alive: null,
        sd: null,
        audio: null,
        kept: null,
        clock: null,
        proof: null,
        sign: null,
      }),
    ]);
    const shown = await text(card);
    for (const word of [said.sd_unproven, said.alive_unknown, said.audio_unknown, said.clock_unknown])
      expect(shown).toContain(word);
    for (const word of [said.sd_recording, said.alive_yes, said.audio_off, said.clock_right, said.severity_fine])
      expect(shown).not.toContain(word);
    expect(shown).toContain(said.some_unknown.replace("{unknown}", "1"));
  });

  it("shows a camera without a network by what people found", async () => {
    const card = await board();
    hass.tellBoard([camera("owada", { offline: true, entity_id: null, alive: null, sd: null })]);
    const shown = await text(card);
    expect(shown).toContain(said.alive_offline);
    expect(shown).toContain(said.sd_by_hand);
    expect(shown).not.toContain(said.sd_recording);
  });

  it("presses the button of a fault, and says what came of it", async () => {
    const card = await board();
    const step = { kind: "prove", path: null, entity_id: "button.kita_prove" } as const;
    hass.tellBoard([camera("kita", { sd: "stale", faults: [fault("stale", "grave", { step })] })]);
    await text(card);
    const press = () => card.shadowRoot?.querySelector<HTMLButtonElement>(".fault button")?.click();
    press();
    expect(await text(card)).toContain(said.pressed);
    expect(hass.pressed).toEqual([["button", "press", { entity_id: "button.kita_prove" }]]);
    hass.pressing = () => {
      throw { message: "The camera is busy" };
    };
    press();
    expect(await text(card)).toContain("The camera is busy");
  });

  it("silences a camera's notices by hand, for a time and a reason, and lets them be told again", async () => {
    const card = await board();
    const mine = { ...SECTION, may_mute: true };
    hass.tellBoard([camera("kita", { faults: [fault("dead", "grave")] })], mine);
    await text(card);
    const button = (label: string) =>
      [...(card.shadowRoot?.querySelectorAll("button") ?? [])].find((one) => one.textContent.trim() === label);
    button(said.mute)?.click();
    await text(card);
    // Whoever thinks better of it is back at the button.
    button(said.mute_close)?.click();
    await text(card);
    expect(card.shadowRoot?.activeElement).toBe(button(said.mute));
    button(said.mute)?.click();
    await text(card);
    const form = card.shadowRoot?.querySelector("form");
    const reason = form?.querySelector<HTMLSelectElement>("select[name=reason]");
    if (!form || !reason) throw new Error("no form");
    expect(form.checkValidity()).toBe(false);
    reason.value = "repair_ordered";
    form.requestSubmit();
    await text(card);
    expect(hass.pressed).toEqual([
      ["niiza_cctv", "mute_alerts", { camera: "kita", hours: 24, reason: "repair_ordered" }],
    ]);
    hass.tellBoard([camera("kita", { muted_until: new Date(Date.now() + 3600_000).toISOString() })], mine);
    expect(await text(card)).toContain(said.muted.split("{")[0]);
    button(said.unmute)?.click();
    await text(card);
    expect(hass.pressed.at(-1)).toEqual(["niiza_cctv", "unmute_alerts", { camera: "kita" }]);
  });

  it("shows everybody that notices are silenced, while they are, and offers it to whoever may", async () => {
    const card = await board();
    hass.tellBoard([camera("kita", { muted_until: new Date(Date.now() + 3600_000).toISOString() })]);
    expect(await text(card)).toContain(said.muted.split("{")[0]);
    for (const word of [said.mute, said.unmute])
      expect([...(card.shadowRoot?.querySelectorAll("button") ?? [])].map((one) => one.textContent.trim())).not.toContain(word);
    hass.tellBoard([camera("kita", { muted_until: new Date(Date.now() - 1000).toISOString() })]);
    expect(await text(card)).not.toContain(said.muted.split("{")[0]);
  });

  it("follows cameras that change and leave", async () => {
    const card = await board();
    hass.tellBoard([camera("kita"), camera("minami")]);
    await text(card);
    hass.tellBoard([camera("kita", { name: "北口" })], SECTION, ["kita", "minami"]);
    await text(card);
    expect(names(card)).toEqual(["北口", "minami"]);
    hass.tellBoard([], SECTION, ["minami"]);
    await text(card);
    expect(names(card)).toEqual(["minami"]);
  });

  it("shows only the cameras that were chosen, by device, id or name", async () => {
    const card = await board({ cameras: ["device-minami", "kita"] });
    hass.tellBoard([camera("kita"), camera("minami"), camera("higashi")]);
    await text(card);
    expect(names(card)).toEqual(["kita", "minami"]);
  });

  it("finds one of a hundred, and draws those without faults by name alone", async () => {
    const card = await board();
    hass.tellBoard(Array.from({ length: 100 }, (_, n) => camera(`cam-${n}`)));
    await text(card);
    expect(names(card)).toHaveLength(100);
    expect(card.shadowRoot?.querySelectorAll(".chip")).toHaveLength(100);
    const search = card.shadowRoot?.querySelector("input");
    if (!search) throw new Error("no search");
    search.value = "ＣＡＭ-42";
    search.dispatchEvent(new Event("input"));
    await text(card);
    expect(names(card)).toEqual(["cam-42"]);
    search.value = "nowhere";
    search.dispatchEvent(new Event("input"));
    expect(await text(card)).toContain("No camera matches “nowhere”");
  });

  it("takes names as texts", async () => {
    const card = await board();
    const name = "<img src=x onerror=alert(1)>「とても長い名前のカメラです」".padEnd(60, "あ");
    hass.tellBoard([camera("kita", { name })]);
    await text(card);
    expect(names(card)).toEqual([name]);
    expect(card.shadowRoot?.querySelector("img")).toBeNull();
  });

  it("leads a tablet to no case", async () => {
    const card = await board();
    hass.tellBoard([camera("kita")], { ...SECTION, tablet: true, cases: null });
    await text(card);
    expect([...(card.shadowRoot?.querySelectorAll("nav a") ?? [])].map((one) => one.getAttribute("href"))).toEqual([
      "/niiza-cctv/checks",
    ]);
  });

  it("says that nothing is of now once the connection is lost, and comes back by itself", async () => {
    const card = await board();
    hass.tellBoard([camera("kita")]);
    await text(card);
    hass.fire("disconnected");
    expect(await text(card)).toContain("The connection to Home Assistant is lost");
    hass.fire("ready");
    // What stands there is of before still.
    expect(await text(card)).toContain("The connection to Home Assistant is lost");
    expect(hass.subscriptions).toBe(2);
    hass.tellBoard([camera("kita", { faults: [fault("dead", "grave")] })]);
    const shown = await text(card);
    expect(shown).not.toContain("connection to Home Assistant is lost");
    expect(shown).toContain(said.fault_dead);
  });

  it("waits for a Home Assistant that starts, and asks again by itself", async () => {
    vi.useFakeTimers();
    hass.state = "STARTING";
    hass.refuses = { code: "unknown_command" };
    const card = await board();
    expect(await text(card)).toContain(said.starting);
    hass.refuses = undefined;
    hass.state = "RUNNING";
    await vi.advanceTimersByTimeAsync(3500);
    hass.tellBoard([camera("kita", { faults: [fault("dead", "grave")] })]);
    expect(await text(card)).toContain(said.fault_dead);
  });

  it.each([
    [{ code: "service_validation_error", translation_key: "service_config_entry_not_loaded" }, said.not_loaded],
    [{ code: "unknown_command" }, said.removed],
  ])("says why there is nothing: %o", async (refusal, words) => {
    hass.refuses = refusal;
    const card = await board();
    expect(await text(card)).toContain(words);
  });

  it("says that the section is not loaded, and shows nothing of before", async () => {
    const card = await board();
    hass.tellBoard([camera("kita")]);
    await text(card);
    hass.tellState("not_loaded");
    const shown = await text(card);
    expect(shown).toContain(said.not_loaded);
    expect(shown).not.toContain("kita");
  });

  it("says in the server's words who may not, and does not ask again", async () => {
    vi.useFakeTimers();
    hass.refuses = {
      code: "service_validation_error",
      translation_domain: "niiza_cctv",
      translation_key: "not_allowed_see_board",
    };
    const card = await board();
    expect(await text(card)).toContain(en.exceptions.not_allowed_see_board.message);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(hass.subscriptions).toBe(1);
  });

  it.each([
    [
      { code: "service_validation_error", translation_domain: "niiza_cctv", translation_key: "not_allowed_see_board" },
      said.step_roles,
      "/config/integrations/integration/niiza_cctv",
    ],
    [
      { code: "service_validation_error", translation_key: "service_config_entry_not_loaded" },
      said.step_reason,
      "/config/integrations/integration/niiza_cctv",
    ],
    [{ code: "unknown_command" }, said.step_set_up, "/config/integrations/dashboard"],
    [undefined, said.step_add_camera, "/config/integrations/integration/niiza_cctv"],
  ])("leads an administrator, and nobody else, to where it is mended: %o", async (refusal, label, path) => {
    hass.refuses = refusal;
    hass.user = { is_admin: true };
    const card = await board();
    if (!refusal) hass.tellBoard([]);
    await text(card);
    const link = `a.step[href="${path}"]`;
    expect(card.shadowRoot?.querySelector(link)?.textContent).toBe(label);
    card.remove();
    hass.user = { is_admin: false };
    const theirs = await board();
    if (!refusal) hass.tellBoard([]);
    await text(theirs);
    expect(theirs.shadowRoot?.querySelector(link)).toBeNull();
  });

  it("says once on a page why there is nothing", async () => {
    hass.refuses = { code: "unknown_command" };
    const card = await board();
    const pictures = await open<NiizaCctvLive>("niiza-cctv-live", hass, { beside_board: true });
    expect(await text(card)).toContain(said.removed);
    expect(await text(pictures)).toBe("");
    const alone = await open<NiizaCctvLive>("niiza-cctv-live", hass);
    expect(await text(alone)).toContain(said.removed);
  });

  it("shares one subscription between the cards of a page, and ends it a moment after the last", async () => {
    vi.useFakeTimers();
    const first = await board();
    const second = await board();
    expect(hass.subscriptions).toBe(1);
    first.remove();
    expect(hass.unsubscribed).toBe(0);
    second.remove();
    await vi.advanceTimersByTimeAsync(3000);
    // The next view of the dashboard goes on with it.
    const third = await board();
    await vi.advanceTimersByTimeAsync(6000);
    expect([hass.subscriptions, hass.unsubscribed]).toEqual([1, 0]);
    third.remove();
    await vi.advanceTimersByTimeAsync(6000);
    expect(hass.unsubscribed).toBe(1);
  });

  it("is not drawn again for states that are not its business", async () => {
    const card = await board();
    hass.tellBoard([camera("kita")]);
    await text(card);
    const draw = vi.spyOn(card as unknown as { render: () => unknown }, "render");
    for (let turn = 0; turn < 5; turn += 1) {
      card.hass = Object.assign(Object.create(Page.prototype), hass) as Page;
      await card.updateComplete;
    }
    expect(draw).not.toHaveBeenCalled();
  });
});

describe("pictures", () => {
  const tiles = (card: NiizaCctvLive) => [...(card.shadowRoot?.querySelectorAll("niiza-cctv-tile") ?? [])] as NiizaCctvTile[];

  it("show every camera with a network, few of them live and many as stills", async () => {
    const card = await open<NiizaCctvLive>("niiza-cctv-live", hass);
    hass.tellBoard([camera("kita"), camera("owada", { offline: true })]);
    await text(card);
    expect(tiles(card).map(({ camera: { id }, mode }) => [id, mode])).toEqual([["kita", "live"]]);
    hass.tellBoard(Array.from({ length: 6 }, (_, n) => camera(`cam-${n}`)));
    await text(card);
    expect(tiles(card).map(({ mode }) => mode)).toEqual(Array(6).fill("still"));
  });

  it("say of a camera that is not the section's that it is not", async () => {
    const card = await open<NiizaCctvLive>("niiza-cctv-live", hass, { camera: "gone" });
    hass.tellBoard([camera("kita")]);
    expect(await text(card)).toContain(said.live_unknown);
  });

  it.each([
    [{ alive: false }, said.live_dead],
    [{ entity_id: null }, said.live_disabled],
  ])("say why there is none: %o", async (changes, words) => {
    const card = await open<NiizaCctvLive>("niiza-cctv-live", hass, { camera: "kita" });
    hass.tellBoard([camera("kita", changes)]);
    await text(card);
    const [tile] = tiles(card);
    if (!tile) throw new Error("no tile");
    expect(await text(tile)).toContain(words);
  });

  it("show a still with its age, and keep an old one marked as such when none comes", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("IntersectionObserver", undefined);
    hass.respond = () => new Response("picture");
    const card = await open<NiizaCctvLive>("niiza-cctv-live", hass, { camera: "kita", mode: "still" });
    hass.tellBoard([camera("kita")]);
    await text(card);
    const [tile] = tiles(card);
    if (!tile) throw new Error("no tile");
    await vi.advanceTimersByTimeAsync(2000);
    expect(await text(tile)).toContain("Still,");
    expect(hass.fetched[0]?.[0]).toBe("/api/camera_proxy/camera.kita");
    hass.respond = () => new Response(null, { status: 500 });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(await text(tile)).toContain(said.still_failed.split("{")[0]);
    expect(tile.shadowRoot?.querySelector(".picture.old img")).not.toBeNull();
    vi.unstubAllGlobals();
  });

  it("say that no picture comes, and try again", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("IntersectionObserver", undefined);
    const card = await open<NiizaCctvLive>("niiza-cctv-live", hass, { camera: "kita", mode: "live" });
    hass.tellBoard([camera("kita")]);
    await text(card);
    const [tile] = tiles(card);
    if (!tile) throw new Error("no tile");
    // Home Assistant's player does not come here, which takes its time, and then the stream is refused.
    await vi.advanceTimersByTimeAsync(9000);
    expect(await text(tile)).toContain(said.live_no_picture);
    vi.unstubAllGlobals();
  });
});

describe("a stream", () => {
  it("is known to be of now by what its playlist says", () => {
    const whole = "#EXT-X-PROGRAM-DATE-TIME:2026-11-29T01:00:00.000+00:00\n#EXTINF:6.000,\n./segment/1.m4s\n";
    expect(endOf(whole)).toBe(Date.parse("2026-11-29T01:00:06Z"));
    const parts = `${whole}#EXT-X-PROGRAM-DATE-TIME:2026-11-29T01:00:06.000+00:00\n#EXT-X-PART:DURATION=1.0,URI="./segment/2.0.m4s"\n#EXT-X-PART:DURATION=0.5,URI="./segment/2.1.m4s"\n`;
    expect(endOf(parts)).toBe(Date.parse("2026-11-29T01:00:07.500Z"));
    expect(endOf("#EXTM3U")).toBeNull();
  });
});

describe("strategy", () => {
  it("builds views of our cards for who may read cases, and leaves them out for a tablet", async () => {
    hass.entities = {
      "todo.checks": { entity_id: "todo.checks", platform: "niiza_cctv", translation_key: "checks" },
      "sensor.x": { entity_id: "sensor.x", platform: "niiza_cctv", translation_key: "open_cases" },
      "todo.shopping": { entity_id: "todo.shopping", platform: "shopping_list" },
    };
    const built = NiizaCctvStrategy.generate({}, hass);
    await settle();
    hass.tellBoard([camera("kita")]);
    const { views } = await built;
    expect(views.map(({ path }) => path)).toEqual(["overview", "checks", "cases"]);
    const cards = JSON.stringify(views);
    expect(cards).toContain("custom:niiza-cctv-board");
    // A tick by mistake would be a check on record: the panel's list asks first.
    expect(cards).not.toContain("todo.");
    expect(cards).toContain("sensor.x");

    const other = new Page();
    const tablet = NiizaCctvStrategy.generate({}, other);
    await settle();
    other.tellBoard([camera("kita")], { ...SECTION, tablet: true, cases: null });
    expect((await tablet).views.map(({ path }) => path)).toEqual(["overview", "checks"]);
  });

  it("draws the past of what there is, by the cameras' names, in graphs that can be read", async () => {
    const sensor = (key: string, of: string, more = {}) => ({
      entity_id: `sensor.${of}_${key}`, platform: "niiza_cctv", translation_key: key, device_id: of, ...more,
    });
    const cameras = ["kita", ...Array.from({ length: 8 }, (_, number) => `c${number}`)];
    hass.entities = Object.fromEntries(
      [
        ...cameras.map((one) => sensor("retained_days", one)),
        sensor("outage_minutes", "kita"),
        sensor("clock_offset", "kita", { hidden: true }),
        sensor("releases", "section"),
        sensor("retained_days", "other", { platform: "other" }),
      ].map((one) => [one.entity_id, one]),
    );
    hass.devices = { kita: { name: "kita", name_by_user: "北口" } };
    const past = async (page: Page, section = SECTION) => {
      const built = NiizaCctvStrategy.generate({}, page);
      await settle();
      page.tellBoard([camera("kita")], section);
      const found = (await built).views.find(({ path }) => path === "history");
      return found?.sections.flatMap(({ cards }) => cards.filter(({ type }) => type === "statistics-graph")) ?? [];
    };
    const shown = await past(hass);
    const shownOf = (key: string) => shown.filter(({ entities }) => JSON.stringify(entities).includes(key));
    expect(shownOf("retained_days").map(({ entities }) => (entities as unknown[]).length)).toEqual([8, 1]);
    expect(shownOf("outage_minutes")[0]?.entities).toEqual([{ entity: "sensor.kita_outage_minutes", name: "北口" }]);
    expect(shownOf("releases")[0]).toMatchObject({ stat_types: ["change"], period: "month" });
    expect(shown).toHaveLength(4);

    const tablet = new Page();
    tablet.entities = hass.entities;
    expect(JSON.stringify(await past(tablet, { ...SECTION, tablet: true, cases: null }))).not.toContain("releases");
    expect(await past(new Page())).toEqual([]);
  });

  it("builds a dashboard that says what is wrong where the section is not there", async () => {
    hass.refuses = { code: "unknown_command" };
    const { views } = await NiizaCctvStrategy.generate({}, hass);
    expect(views.map(({ path }) => path)).toEqual(["overview"]);
  });

  describe("is asked whether to build it anew", () => {
    const anew = (config: object, before: Page, after = before) => NiizaCctvStrategy.shouldRegenerate(config, before, after);

    it("and does once it has come too late to be waited for", () => {
      const config = {};
      expect(anew(config, hass)).toBe(true);
      expect(anew(config, hass)).toBe(false);
    });

    it("and does once a section that was slow to answer has", async () => {
      vi.useFakeTimers();
      const config = {};
      const built = NiizaCctvStrategy.generate(config, hass);
      await vi.advanceTimersByTimeAsync(3000);
      expect((await built).views.map(({ path }) => path)).toEqual(["overview"]);
      expect(anew(config, hass)).toBe(false);
      await open<NiizaCctvBoard>("niiza-cctv-board", hass);
      hass.tellBoard([camera("kita")]);
      expect(anew(config, hass)).toBe(true);
      expect((await NiizaCctvStrategy.generate(config, hass)).views).toHaveLength(3);
      expect(anew(config, hass)).toBe(false);
    });

    it("and keeps its views while the section is away, but not for whoever lost their role", async () => {
      const config = {};
      await open<NiizaCctvBoard>("niiza-cctv-board", hass);
      hass.tellBoard([camera("kita")]);
      await NiizaCctvStrategy.generate(config, hass);
      hass.tellState("not_loaded");
      expect(anew(config, hass)).toBe(false);
      hass.tellState("refused");
      expect(anew(config, hass)).toBe(true);
    });

    it("and follows our lists and tiles, and nobody else's entities", async () => {
      const config = {};
      await open<NiizaCctvBoard>("niiza-cctv-board", hass);
      hass.tellBoard([camera("kita")]);
      await NiizaCctvStrategy.generate(config, hass);
      const after = (entities: Page["entities"]) => Object.assign(Object.create(hass), { entities }) as Page;
      const other = after({ "todo.shopping": { entity_id: "todo.shopping", platform: "shopping_list" } });
      expect(anew(config, hass, other)).toBe(false);
      const ours = after({ "calendar.checks": { entity_id: "calendar.checks", platform: "niiza_cctv" } });
      expect(anew(config, other, ours)).toBe(true);
    });

    it("and not for entities that go with the section, before it is back", async () => {
      const config = {};
      hass.entities = { "calendar.checks": { entity_id: "calendar.checks", platform: "niiza_cctv" } };
      await open<NiizaCctvBoard>("niiza-cctv-board", hass);
      hass.tellBoard([camera("kita")]);
      await NiizaCctvStrategy.generate(config, hass);
      const without = Object.assign(Object.create(hass), { entities: {} }) as Page;
      hass.tellState("not_loaded");
      expect(anew(config, hass, without)).toBe(false);
      hass.tellBoard([camera("kita")]);
      expect(anew(config, without)).toBe(true);
      await NiizaCctvStrategy.generate(config, without);
      expect(anew(config, without)).toBe(false);
    });
  });
});
