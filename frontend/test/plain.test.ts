import { afterEach, describe, expect, it } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import { ServerError } from "../src/api";
import { draft, forgetAll, guard, keep } from "../src/drafts";
import { momentAt, momentsOf, offsetOf } from "../src/playlist";
import { hoursLeft, nextStep, offers, outcomes, waitsFor } from "../src/rules";
import { errorText, textsOf } from "../src/texts";
import { Clock, duration, percentOf, withSeconds } from "../src/time";
import { FakeHass, SATO, SUZUKI, aCase, byHand, clip, info } from "./fake";

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
  const approver = info({ user: SUZUKI, roles: ["viewer", "approver"] });
  const can = (...args: Parameters<typeof offers>) =>
    offers(...args).flatMap((offer) => (offer.why ? [] : [offer.act]));
  const why = (act: string, ...args: Parameters<typeof offers>) =>
    offers(...args).find((offer) => offer.act === act)?.why;

  it("is approval to another person than whoever asked", () => {
    expect(can(aCase(), approver)).toEqual(["approve", "reject"]);
    const both = info({ roles: ["exporter", "approver"] });
    expect(why("approve", aCase(), both)).toBe("why.own_request");
    expect(why("approve", aCase({ created_by: SUZUKI }), both)).toBe("why.own_request");
    expect(why("approve", aCase(), info())).toBe("why.not_approver");
  });

  it("is no approval while footage is still fetched or has failed", () => {
    for (const state of ["requested", "failed"] as const)
      expect(why("approve", aCase({ passages: [clip({ state })] }), approver)).toBe(
        "why.still_fetching",
      );
  });

  it("is release to an exporter who did not approve", () => {
    const approved = aCase({ state: "approved", approved_by: SUZUKI });
    expect(can(approved, info())).toContain("release");
    const both = info({ user: SUZUKI, roles: ["exporter", "approver"] });
    expect(why("release", approved, both)).toBe("why.own_approval");
  });

  it("is the hand-over itself where everything was taken by hand, still by two people", () => {
    const passages = [byHand()];
    const approved = aCase({ state: "approved", only_by_hand: true, passages, approved_by: SUZUKI });
    expect(can(approved, info())).toContain("hand_over");
    expect(can(approved, info())).not.toContain("release");
    expect(nextStep(approved, info())).toBe("next.hand_over_by_hand");
    const both = info({ user: SUZUKI, roles: ["exporter", "approver"] });
    expect(why("hand_over", approved, both)).toBe("why.own_approval");
    // Who was there has a part in it.
    const preserved = aCase({ created_by: SATO, passages });
    expect(why("approve", preserved, approver)).toBe("why.own_request");
  });

  it("is never the release of a disclosure request, but its outcome", () => {
    const approved = aCase({ kind: "disclosure_request", state: "approved", approved_by: SUZUKI });
    expect(can(approved, info())).toEqual(["conclude", "add_clip", "register_footage"]);
    expect(outcomes(approved, info())).toEqual(["shown_in_person", "partly_refused", "refused"]);
    expect(nextStep(approved, info())).toBe("next.conclude");
  });

  it("is 'nothing found' only after a search, and with nothing fetched", () => {
    const empty = aCase({ state: "received", passages: [] });
    expect(can(empty, info())).toEqual(["add_clip", "register_footage"]);
    expect(outcomes({ ...empty, searches: 1 }, info())).toEqual(["nothing_found"]);
    expect(outcomes({ ...empty, searches: 1, passages: [clip()] }, info())).toEqual([]);
    const missing = clip({ state: "failed", sealed: null, error: "nothing_found" });
    expect(outcomes({ ...empty, passages: [missing] }, info())).toEqual(["nothing_found"]);
    const dead = { ...missing, error: "unreachable" };
    expect(outcomes({ ...empty, passages: [dead] }, info())).toEqual([]);
  });

  it("is no waiting where nothing more comes", () => {
    const next = (fetching: number, failed: number) => {
      const received = aCase({ state: "received", sealed: 0, fetching, failed });
      return [nextStep(received, info()), waitsFor(received, info())];
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
    expect(can(aCase({ state: "handed_over" }), info())).toEqual(["purge"]);
    const gone = [clip({ state: "removed" })];
    expect(offers(aCase({ state: "handed_over", passages: gone }), info())).toEqual([]);
  });

  it("waits for the right person", () => {
    expect(waitsFor(aCase(), approver)).toBe(true);
    expect(waitsFor(aCase(), info())).toBe(false);
    expect(waitsFor(aCase({ state: "approved" }), info())).toBe(true);
    expect(waitsFor(aCase({ created_by: SUZUKI }), approver)).toBe(false);
    expect(SATO.id).not.toBe(SUZUKI.id);
  });

  it("knows how long is left", () => {
    const now = new Date("2026-11-23T00:00:00Z");
    expect(hoursLeft("2026-11-24T12:00:00Z", now)).toBe(36);
    expect(hoursLeft(null, now)).toBeNull();
  });
});

describe("an error", () => {
  const hass = new FakeHass();
  const [key, { message }] = Object.entries(en.exceptions)[0] as [string, { message: string }];

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
