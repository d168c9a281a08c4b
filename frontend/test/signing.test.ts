import { afterEach, describe, expect, it } from "vitest";

import en from "../../custom_components/niiza_cctv/translations/en.json";
import type { Sealed, Signing } from "../src/api";
import type { NiizaCctvCaseClip } from "../src/case-clip";
import { FakeHass, clip, contextOf, root, show } from "./fake";

const said = en.config_panel.clip;

const SIGNED: Signing = {
  state: "authentic",
  until: "2026-11-20T17:29:59+09:00",
  spans: [],
  more_spans: 0,
  trust: "trusted",
  signer: "CN=North exit",
  fingerprint: "ab".repeat(32),
  certificate_from: "camera",
};

afterEach(() => {
  document.body.replaceChildren();
});

async function page(signing: Signing | null, changes: Partial<Sealed> = {}): Promise<string> {
  const shown = clip();
  const sealed = shown.sealed && { ...shown.sealed, signing, ...changes };
  const element = await show<NiizaCctvCaseClip>("niiza-cctv-case-clip", {
    context: contextOf(new FakeHass({})),
    clip: { ...shown, sealed },
    caseState: "preserved",
  });
  return root(element).textContent.replace(/\s+/g, " ");
}

describe("what the camera's own signature proves", () => {
  it("stands on the clip's page with whose it is, where its certificate came from, and what was read on for it", async () => {
    const shown = await page(SIGNED, { read_on: 14 });
    expect(shown).toMatch(/authentic until .*17:29:59/);
    expect(shown).toContain("Signed by CN=North exit");
    expect(shown).toContain(said.certificate_camera);
    expect(shown).toContain(said.read_on.replace("{count}", "14"));
  });

  it("names the stretch that is not as it was signed", async () => {
    const start = "2026-11-20T17:10:00+09:00";
    const end = "2026-11-20T17:10:01+09:00";
    const spans: Signing["spans"] = [{ start, end, verdict: "not_authentic" }];
    const shown = await page({ ...SIGNED, state: "not_authentic", spans, certificate_from: "recording" });
    expect(shown).toMatch(/17:10:00.0.*17:10:01.0: not as signed/);
    expect(shown).toContain(said.certificate_recording);
    expect(shown).not.toContain(said.certificate_camera);
  });

  it("says nothing of a certificate that there is not, nor of pictures that were not read on", async () => {
    const shown = await page({ ...SIGNED, state: "not_checked", until: null, trust: null, certificate_from: null });
    expect(shown).toContain(said.signed_not_checked);
    expect(shown).not.toContain("certificate");
    expect(shown).not.toContain("from after the end");
  });
});
