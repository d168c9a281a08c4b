import { afterEach, describe, expect, it } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import { type Case, type Decision, ServerError } from "../src/api";
import { draft, forgetAll, guard, keep } from "../src/drafts";
import { momentAt, momentsOf, offsetOf } from "../src/playlist";
import { hoursLeft, nextStep, offers, stageOf, waitsFor, wayOf } from "../src/rules";
import { errorText, textsOf } from "../src/texts";
import { Clock, duration, percentOf, withSeconds } from "../src/time";
import { FakeHass, SUZUKI, aCase, byHand, clip, decision, disclosure, info } from "./fake";

describe("times", () => {
  it("are the section's, whatever the browser's are", () => {
    const clock = new Clock("ja", "Asia/Tokyo");
    expect(clock.at("2026-11-22T15:00:05Z")).toContain("2026年11月23日");
    expect(clock.at("2026-11-22T15:00:05Z")).toContain("00:00:05");
    expect(clock.field("2026-11-22T15:00:05Z")).toBe("2026-11-23T00:00:05");
  });

  it("get their seconds, and lengths are read at a glance", () => {
    expect(withSeconds("2026-11-23T10:00")).toBe("2026-11-23T10:00:00");
    expect(withSeconds("2026-11-23T10:00:07")).toBe("2026-11-23T10:00:07");
    expect([duration(5), duration(65), duration(3665)]).toEqual(["0:05", "1:05", "1:01:05"]);
  });

  it("lie within the passage that is drawn", () => {
    const [from, to] = ["2026-11-23T10:00:00+09:00", "2026-11-23T11:00:00+09:00"];
    expect(percentOf("2026-11-23T01:15:00Z", from, to)).toBe(25);
    expect(percentOf("2026-11-23T00:00:00Z", from, to)).toBe(0);
    expect(percentOf(from, to, from)).toBe(0);
  });
});

describe("a playlist", () => {
  const moments = momentsOf(
    [
      "#EXTM3U",
      '#EXT-X-MAP:URI="init.mp4"',
      "#EXT-X-PROGRAM-DATE-TIME:2026-11-23T01:00:00.000Z",
      "#EXTINF:4.0,",
      "0.m4s",
      "#EXTINF:4.0,",
      "1.m4s",
      "#EXT-X-DISCONTINUITY",
      "#EXT-X-PROGRAM-DATE-TIME:2026-11-23T01:10:00.000Z",
      "#EXTINF:2.5,",
      "2.m4s",
      "#EXT-X-ENDLIST",
    ].join("\n"),
  );

  it("tells the true time of what is shown, across a gap", () => {
    expect(momentAt(moments, 5)?.toISOString()).toBe("2026-11-23T01:00:05.000Z");
    expect(momentAt(moments, 9)?.toISOString()).toBe("2026-11-23T01:10:01.000Z");
    expect(momentAt([], 9)).toBeNull();
  });

  it("is entered at a moment; a gap leads to what follows it", () => {
    expect(offsetOf(moments, new Date("2026-11-23T01:00:06Z"))).toBe(6);
    expect(offsetOf(moments, new Date("2026-11-23T01:05:00Z"))).toBe(8);
    expect(offsetOf(moments, new Date("2026-11-23T02:00:00Z"))).toBe(10.5);
  });
});

describe("what a person is offered", () => {
  const can = (...args: Parameters<typeof offers>) =>
    offers(...args).flatMap((offer) => (offer.why ? [] : [offer.act]));
  const why = (act: string, ...args: Parameters<typeof offers>) =>
    offers(...args).find((offer) => offer.act === act)?.why;

  it("is what the server offers, the main step first", () => {
    expect(can(aCase({ offers: ["reject", "approve"] }), info())).toEqual(["approve", "reject"]);
    expect(can(aCase({ offers: ["request_clips"] }), info())).toEqual(["add_clip"]);
    expect(can(aCase({ offers: [] }), info())).toEqual([]);
  });

  it("is told of the main step, where it is somebody else's", () => {
    const refusals = { approve: "not_allowed_needs_approver", reject: "not_allowed_needs_approver" };
    const shown = aCase({ offers: ["request_clips"], refusals });
    expect(why("approve", shown, info())).toBe("why.not_approver");
    expect(why("reject", shown, info())).toBeUndefined();
  });

  it("is told of every step that their own part in the case keeps them from", () => {
    const own = aCase({ offers: [], refusals: { approve: "not_allowed_own_case", reject: "not_allowed_own_case" } });
    expect(offers(own, info())).toEqual([
      { act: "approve", why: "why.own_request" },
      { act: "reject", why: "why.own_request" },
    ]);
    const refusals = { release: "not_allowed_own_approval" };
    expect(why("release", aCase({ state: "approved", offers: [], refusals }), info())).toBe("why.own_approval");
    for (const fetching of ["clips_not_sealed", "clips_failed"])
      expect(why("approve", aCase({ offers: [], refusals: { approve: fetching } }), info())).toBe("why.still_fetching");
  });

  it("is nothing that the case is not there for", () => {
    const refusals = { approve: "case_not_to_approve", release: "case_not_approved" };
    expect(offers(aCase({ offers: [], refusals }), info())).toEqual([]);
  });

  it("is the hand-over itself where everything was taken by hand", () => {
    const passages = [byHand()];
    const approved = aCase({ state: "approved", only_by_hand: true, passages, approved_by: SUZUKI });
    expect(can(approved, info())[0]).toBe("hand_over");
    expect(can(approved, info())).not.toContain("release");
    expect(nextStep(approved, info())).toBe("next.hand_over_by_hand");
  });

  it("is, in a disclosure request, what was decided and nothing else", () => {
    const approved = { approved_by: SUZUKI, approved_at: "2026-11-22T09:00:00+09:00" };
    const first = (shown: Case) => [can(shown, info())[0], nextStep(shown, info()), stageOf(shown, info())];
    expect(first(disclosure({ state: "received" }))).toEqual(["add_clip", "next.decision_find", "received"]);
    expect(first(disclosure())).toEqual(["propose", "next.decision_propose", "preserved"]);
    // Not before there is something to approve, and what is impossible not at all.
    expect(can(disclosure(), info())).toEqual(["propose", "add_clip", "reject"]);
    const proposed = disclosure({ decision: decision() });
    expect(first(proposed)).toEqual(["approve", "next.decision_approve", "proposed"]);
    const decided = (changes: Partial<Decision>, more: Partial<Case> = {}) =>
      disclosure({ state: "approved", decision: decision({ ...approved, ...changes }), ...more });
    expect(first(decided({}))).toEqual(["release", "next.decision_release", "decided"]);
    expect(can(decided({}), info())).not.toContain("conclude");
    expect(first(decided({ way: "view" }))).toEqual(["conclude", "next.decision_view", "decided"]);
    expect(can(decided({ way: "view" }), info())).not.toContain("release");
    const refused = { outcome: "refused", way: null, items: [] } as const;
    expect(first(decided({ ...refused, items: [] }))).toEqual(["conclude", "next.decision_conclude", "decided"]);
    expect(first(decided({}, { state: "released" }))).toEqual(["hand_over", "next.decision_hand_over", "released"]);
    // What an earlier version approved was no decision.
    expect(first(disclosure({ state: "approved" }))).toEqual(["propose", "next.decision_propose", "approved"]);
  });

  it("leads a disclosure request along the steps that its decision has", () => {
    const way = (changes: Partial<Case>) => wayOf(disclosure(changes), info()).join(" ");
    expect(way({})).toBe("received preserved proposed decided carried_out purged");
    expect(way({ decision: decision() })).toBe("received preserved proposed decided released handed_over purged");
    const approved = { approved_by: SUZUKI, approved_at: "2026-11-22T09:00:00+09:00" };
    const shownThere = decision({ way: "view", ...approved });
    expect(way({ decision: shownThere, state: "concluded" })).toBe("received preserved proposed decided shown purged");
    expect(stageOf(disclosure({ decision: shownThere, state: "concluded" }), info())).toBe("shown");
    const refused = decision({ outcome: "refused", way: null, items: [] });
    expect(way({ decision: refused })).toBe("received proposed decided concluded purged");
    for (const changes of [{}, { decision: decision() }, { decision: shownThere, state: "concluded" }, { decision: refused }] as const) {
      const shown = disclosure(changes);
      expect(wayOf(shown, info())).toContain(stageOf(shown, info()));
    }
  });

  it("waits for the exporter until a decision is proposed, and then for the approver", () => {
    expect(waitsFor(disclosure({ offers: ["propose_decision"] }))).toBe(true);
    const proposed = decision();
    expect(waitsFor(disclosure({ decision: proposed, offers: ["propose_decision"] }))).toBe(false);
    expect(waitsFor(disclosure({ decision: proposed, offers: ["approve"] }))).toBe(true);
  });

  it("is no waiting where nothing more comes", () => {
    const next = (fetching: number, failed: number) => {
      const received = aCase({ state: "received", sealed: 0, fetching, failed });
      return [nextStep(received, info()), waitsFor(received)];
    };
    expect(next(0, 1)).toEqual(["next.failed", true]);
    expect(next(1, 1)).toEqual(["next.fetching", false]);
    expect(next(0, 0)).toEqual(["next.find", false]);
  });

  it("is nothing while the ledger is down", () => {
    const down = info({ ledger: { available: false, number: 7, hash: "" } });
    expect(can(aCase(), down)).toEqual([]);
  });

  it("is the removal of files while there are any", () => {
    expect(can(aCase({ state: "handed_over", offers: ["purge"] }), info())).toEqual(["purge"]);
    // Whether a case is still needed is asked once nobody went on with it.
    const open = aCase({ offers: ["approve", "keep_open"] });
    expect(can(open, info())).toEqual(["approve"]);
    expect(can({ ...open, questions: 1 }, info())).toEqual(["approve", "keep_open"]);
    const gone = [clip({ state: "removed" })];
    expect(offers(aCase({ state: "handed_over", passages: gone }), info())).toEqual([]);
  });

  it("waits for whoever is offered the next step", () => {
    expect(waitsFor(aCase({ offers: ["approve"] }))).toBe(true);
    expect(waitsFor(aCase({ offers: ["request_clips"] }))).toBe(false);
    expect(waitsFor(aCase({ state: "approved", offers: ["release"] }))).toBe(true);
    expect(waitsFor(aCase({ state: "approved", offers: ["reject"] }))).toBe(false);
    expect(waitsFor(aCase({ state: "handed_over" }))).toBe(false);
  });

  it("knows how long is left", () => {
    const now = new Date("2026-11-23T00:00:00Z");
    expect(hoursLeft("2026-11-24T12:00:00Z", now)).toBe(36);
    expect(hoursLeft(null, now)).toBeNull();
  });
});

describe("an error", () => {
  const hass = new FakeHass();
  const key = "camera_unknown";
  const { message } = en.exceptions[key];

  it("is told in the reader's language, with what it names", () => {
    const error = new ServerError({
      translation_domain: "niiza_cctv",
      translation_key: key,
      translation_placeholders: { camera: "North" },
      message: "raw",
    });
    expect(errorText(hass, textsOf(hass), error)).toBe(message.replaceAll("{camera}", "North"));
  });

  it("without a translation is told as the server did", () => {
    expect(errorText(hass, textsOf(hass), new ServerError({ message: "raw" }))).toBe("raw");
    expect(errorText(hass, textsOf(hass), new TypeError("internal"))).toBe(
      en.config_panel.common.failed,
    );
  });
});

describe("a draft", () => {
  afterEach(forgetAll);

  it("is kept in memory only, and gone at log-out", () => {
    guard();
    keep("new", { requester: "Yamada" });
    expect(draft("new")).toEqual({ requester: "Yamada" });
    expect(sessionStorage.length + localStorage.length).toBe(0);
    window.dispatchEvent(new Event("hass-logout"));
    expect(draft("new")).toEqual({});
  });

  it("holds a page back that would take it away", () => {
    const leave = () => window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
    expect(leave()).toBe(true);
    keep("new", { requester: "Yamada" });
    expect(leave()).toBe(false);
    keep("new", { requester: "" });
    expect(leave()).toBe(true);
  });
});

describe("the texts", () => {
  it("have words for everything that the ledger names, and for nothing else", async () => {
    const python = import.meta.glob<string>("../../custom_components/niiza_cctv/**/*.py", {
      query: "?raw",
      import: "default",
    });
    const code = (await Promise.all(Object.values(python).map((load) => load()))).join("\n");
    const values = (name: string) => {
      const body = code.split(`class ${name}(StrEnum):`)[1]?.split("\n\n\n")[0] ?? "";
      return [...body.matchAll(/ = "(\w+)"/g)].map(([, value]) => value).sort();
    };
    const { deeds, failures } = en.config_panel;
    expect(values("Deed").filter((deed) => !(deed && deed in deeds))).toEqual([]);
    expect(Object.keys(deeds).filter((deed) => !code.includes(`"${deed}"`))).toEqual([]);
    expect(values("Failure")).toEqual(Object.keys(failures).sort());
  });

  it("are all used", async () => {
    const sources = import.meta.glob<string>("../src/*.ts", { query: "?raw", import: "default" });
    const code = (await Promise.all(Object.values(sources).map((load) => load()))).join("\n");
    const unused = Object.entries(en.config_panel).flatMap(([group, texts]) =>
      Object.keys(texts)
        .filter((key) => !code.includes(`"${group}.${key}"`) && !code.includes(`\`${group}.$`))
        .map((key) => `${group}.${key}`),
    );
    expect(unused).toEqual([]);
  });
});
