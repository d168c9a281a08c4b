import { afterEach, describe, expect, it } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import type { CameraSettings, SettingDone, SettingsRequest } from "../src/api";
import type { NiizaCctvSettings } from "../src/settings";
import { NiizaCctvSettingsConfirm } from "../src/settings-confirm";
import { valuesText } from "../src/settings-shown";
import { textsOf } from "../src/texts";
import { FakeHass, SUZUKI, button, contextOf, find, refuse, root, settled, show, texts, write } from "./fake";

const said = en.config_panel.settings;
const SECRET = "chief-secret";
const KITA: CameraSettings = {
  camera: "niiza sim-kita",
  device_id: "kita",
  name: "North",
  read: true,
  error: null,
  audio: { disabled: false, found: ["main"], on_card_until: null, allowed: false },
  resolution: {
    now: { width: 1280, height: 720 },
    recorded: true,
    everyday: { width: 1280, height: 720 },
    evidence: { width: 1920, height: 1080 },
    max_everyday_height: 720,
    within_limit: true,
  },
  clock: { offset: -420, problem: true, mode: "ntp", ntp: "ntp.example" },
  raised: null,
};
const REQUEST: SettingsRequest = {
  token: "abc",
  link: "/niiza-cctv/settings/abc",
  expires: "2026-11-23T10:10:00+09:00",
  tries_left: 3,
  camera: KITA.camera,
  camera_name: "North",
  setting: "audio_off",
  before: { audio: ["main"] },
  after: { audio: [] },
  until: null,
  already: false,
  warnings: [{ key: "audio_stays_on_card", text: "Earlier audio stays on the card." }],
};
const DONE: SettingDone = {
  done: true,
  verified: true,
  changed: true,
  setting: "audio_off",
  camera: KITA.camera,
  camera_name: "North",
  error: null,
  tries_left: 2,
  before: { audio: ["main"] },
  after: { audio: [] },
  until: null,
  message: "Audio is off.",
  remains: [{ key: "audio_stays_on_card", text: "Until 7 December." }],
  recorded: true,
};

afterEach(() => {
  document.body.replaceChildren();
  history.replaceState(null, "", "/");
});

describe("the camera settings", () => {
  const open = async (hass: FakeHass, query = "") => {
    history.replaceState(null, "", `/niiza-cctv/settings${query}`);
    return show<NiizaCctvSettings>("niiza-cctv-settings", { context: contextOf(hass), changes: 1 });
  };
  const answers = (camera = KITA, may = true) => ({
    "niiza_cctv/camera_settings": () => ({ may, cameras: [camera] }),
  });
  const submit = async (page: NiizaCctvSettings, number: number) => {
    root(page).querySelectorAll("form")[number]?.dispatchEvent(new Event("submit", { cancelable: true }));
    await settled(page);
  };

  it("tell what stands without asking a camera, and ask the one that is opened", async () => {
    const hass = new FakeHass(answers());
    const page = await open(hass);
    expect(texts(page, ".chip")).toEqual([said.audio_on, "1280×720", "Clock 7 min slow"]);
    expect(hass.asked).toEqual([{ type: "niiza_cctv/camera_settings" }]);
    find(page, ".open").click();
    await settled(page);
    expect(hass.asked[1]).toEqual({ type: "niiza_cctv/camera_settings", camera: KITA.camera });
    expect(root(page).querySelectorAll("form")).toHaveLength(3);
  });

  it("ask for each change, and go to its confirmation", async () => {
    const hass = new FakeHass({
      ...answers(),
      switch_audio_off: () => REQUEST,
      set_resolution: () => REQUEST,
      set_clock: () => REQUEST,
    });
    const page = await open(hass, "?camera=niiza%20sim-kita");
    await submit(page, 0);
    expect(location.pathname).toBe("/niiza-cctv/settings/abc");
    write(page, "#hours", "48");
    await submit(page, 1);
    root(page).querySelectorAll<HTMLInputElement>("input[name=resolution]")[0]?.dispatchEvent(new Event("change"));
    await settled(page);
    expect(root(page).querySelector("#hours")).toBeNull();
    await submit(page, 1);
    write(page, "#ntp", " ntp.nict.jp ");
    await submit(page, 2);
    root(page).querySelectorAll<HTMLInputElement>("input[name=clock]")[1]?.dispatchEvent(new Event("change"));
    await settled(page);
    await submit(page, 2);
    const camera = KITA.camera;
    expect(hass.calls("switch_audio_off")).toEqual([{ camera }]);
    expect(hass.calls("set_resolution")).toEqual([
      { camera, resolution: "evidence", hours: 48 },
      { camera, resolution: "everyday" },
    ]);
    expect(hass.calls("set_clock")).toEqual([{ camera, ntp_server: "ntp.nict.jp" }, { camera }]);
  });

  it("keep what is typed while the page is read anew, and start anew with another look at the camera", async () => {
    const hass = new FakeHass(answers());
    const page = await open(hass, "?camera=niiza%20sim-kita");
    write(page, "#hours", "48");
    write(page, "#ntp", "ntp.nict.jp");
    page.changes = 2;
    await settled(page);
    const [everyday, evidence] = root(page).querySelectorAll<HTMLInputElement>("input[name=resolution]");
    everyday?.dispatchEvent(new Event("change"));
    await settled(page);
    evidence?.dispatchEvent(new Event("change"));
    await settled(page);
    const typed = () => ["#hours", "#ntp"].map((name) => find<HTMLInputElement>(page, name).value);
    expect(typed()).toEqual(["48", "ntp.nict.jp"]);
    find(page, ".open").click();
    await settled(page);
    find(page, ".open").click();
    await settled(page);
    expect(typed()).toEqual(["24", "ntp.example"]);
  });

  it("are only read by somebody who may not change them, and say what cannot be asked", async () => {
    const page = await open(
      new FakeHass(answers({ ...KITA, error: "unreachable" }, false)),
      "?camera=niiza%20sim-kita",
    );
    expect(root(page).querySelector("form")).toBeNull();
    expect(root(page).textContent).toContain(said.may_not);
    expect(texts(page, "ha-alert")).toEqual([
      en.exceptions.unreachable.message.replaceAll("{camera}", "North"),
    ]);
  });

  it("keep a refusal with its camera, and remind of what must be put back", async () => {
    const raised = {
      since: "2026-11-20T10:00:00+09:00",
      until: "2026-11-21T10:00:00+09:00",
      by: SUZUKI,
      before: null,
      after: { width: 1920, height: 1080 },
      over: true,
      certain: false,
    };
    const hass = new FakeHass({ ...answers({ ...KITA, raised }), set_resolution: refuse({ message: "not now" }) });
    const page = await open(hass, "?camera=niiza%20sim-kita");
    await submit(page, 1);
    // To put it back is what is offered first.
    expect(hass.calls("set_resolution")).toEqual([{ camera: KITA.camera, resolution: "everyday" }]);
    const [first, second] = texts(page, "ha-alert");
    expect(first).toContain("1920×1080");
    expect(first).toContain(said.raised_uncertain);
    expect(second).toBe("not now");
  });
});

describe("a change that waits for the password", () => {
  const open = (hass: FakeHass) =>
    show<NiizaCctvSettingsConfirm>("niiza-cctv-settings-confirm", {
      context: contextOf(hass),
      changes: 1,
      token: "abc",
    });
  const type = (page: Element) => {
    write(page, "#camera-user", "chief");
    write(page, "#camera-secret", SECRET);
  };
  const submit = async (page: NiizaCctvSettingsConfirm) => {
    find(page, "form").dispatchEvent(new Event("submit", { cancelable: true }));
    await settled(page);
  };
  const hassWith = (answer: unknown, status = 200) => {
    const hass = new FakeHass({ "niiza_cctv/settings_request": () => REQUEST });
    hass.respond = () => new Response(JSON.stringify(answer), { status });
    return hass;
  };

  it("shows what will be done and every warning first", async () => {
    const page = await open(hassWith(DONE));
    expect(texts(page, "dd")).toEqual([said.audio_on, said.audio_off]);
    expect(texts(page, "ha-alert")).toEqual(["Earlier audio stays on the card."]);
    const field = find<HTMLInputElement>(page, "#camera-secret");
    expect([field.type, field.autocomplete]).toEqual(["password", "new-password"]);
    expect(find<HTMLInputElement>(page, "#camera-user").autocomplete).toBe("off");
  });

  it("sends the password once over HTTP, clears it at once, and shows what was read back", async () => {
    const hass = hassWith(DONE);
    const page = await open(hass);
    const field = find<HTMLInputElement>(page, "#camera-secret");
    type(page);
    const sent = submit(page);
    expect(field.value).toBe("");
    await sent;
    expect(hass.fetched).toEqual([
      [
        "/api/niiza_cctv/settings/abc",
        {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ username: "chief", password: SECRET }),
        },
      ],
    ]);
    expect(JSON.stringify(hass.asked)).not.toContain(SECRET);
    expect(root(page).innerHTML).not.toContain(SECRET);
    expect(texts(page, "h2")).toEqual([said.done]);
    expect(texts(page, "dd")).toEqual([said.audio_on, said.audio_off]);
    expect(root(page).querySelector("form")).toBeNull();
    // Its request is used up: asking again would only be an error.
    const before = hass.asked.length;
    page.changes = 2;
    await settled(page);
    expect(hass.asked).toHaveLength(before);
  });

  it("says why not, keeps the name, and lets it be tried again", async () => {
    const hass = hassWith(
      { error: "settings_password_refused", message: "The camera refused.", tries_left: 2 },
      422,
    );
    const page = await open(hass);
    type(page);
    await submit(page);
    expect(texts(page, "ha-alert[alert-type=error]")).toEqual(["The camera refused."]);
    expect(find<HTMLInputElement>(page, "#camera-secret").value).toBe("");
    expect(find<HTMLInputElement>(page, "#camera-user").value).toBe("chief");
    expect(button(page, said.send).disabled).toBe(false);
  });

  it.each([
    [false, said.not_done, DONE.after],
    // The connection broke: nothing was read back.
    [null, said.nobody_knows, null],
  ])("never calls it done when the camera does not show it (%s)", async (done, words, after) => {
    const page = await open(hassWith({ ...DONE, done, after, verified: false }));
    type(page);
    await submit(page);
    expect(texts(page, "h2")[0]).toBe(words);
    expect(texts(page, "ha-alert[alert-type=error]")).toEqual([DONE.message]);
  });

  it("forgets the password when the page is left or nobody answers", async () => {
    const hass = hassWith(DONE);
    hass.respond = () => {
      throw new TypeError("network");
    };
    const page = await open(hass);
    type(page);
    await submit(page);
    expect(texts(page, "ha-alert[alert-type=error]")).toEqual([said.no_answer]);
    const field = find<HTMLInputElement>(page, "#camera-secret");
    expect(field.value).toBe("");
    write(page, "#camera-secret", SECRET);
    page.remove();
    expect(field.value).toBe("");
  });

  it("keeps the password out of everything but its field", async () => {
    const page = await open(hassWith(DONE));
    type(page);
    await settled(page);
    const held = Object.keys(NiizaCctvSettingsConfirm.properties).map((name): unknown => Reflect.get(page, name));
    expect(held.includes("chief")).toBe(true);
    expect(held.includes(SECRET)).toBe(false);
  });

  it("is not there for another person, or any more", async () => {
    const page = await open(
      new FakeHass({ "niiza_cctv/settings_request": refuse({ message: "used already" }) }),
    );
    expect(texts(page, "ha-alert")).toEqual(["used already"]);
    expect(root(page).querySelector("form")).toBeNull();
  });
});

describe("a setting in words", () => {
  const t = textsOf(new FakeHass());
  it("names sizes, servers and offsets", () => {
    const profiles = [
      { profile: "main", recorded: true, width: 1920, height: 1080 },
      { profile: "sub", recorded: false, width: 640, height: 360 },
    ];
    expect(valuesText(t, { mode: "evidence", profiles })).toBe("Evidence: 1920×1080 (recorded) / 640×360");
    expect(valuesText(t, { mode: "evidence", profiles }, true)).toBe("1920×1080 (recorded) / 640×360");
    expect(valuesText(t, { mode: "ntp", ntp: "ntp.example", offset: "+421" })).toBe(
      "NTP (ntp.example). Clock 7 min 1 s fast",
    );
    expect(valuesText(t, { mode: "ntp", ntp: "dhcp", offset: null })).toContain(said.by_dhcp);
    expect(valuesText(t, { mode: "manual", ntp: null, offset: "0" })).toBe("by hand. Clock OK");
    expect(valuesText(t, { mode: "unknown", ntp: null, offset: "-3" })).toContain("3 s slow");
  });
});
