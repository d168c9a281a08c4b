/** What Home Assistant loads: defines the panel's elements, once Home Assistant's own registry is in place. */

import { NiizaCctvByHand } from "./by-hand";
import { NiizaCctvCase } from "./case";
import { NiizaCctvCaseClip } from "./case-clip";
import { NiizaCctvCaseCut } from "./case-cut";
import { NiizaCctvCaseMask } from "./case-mask";
import { NiizaCctvCasePackage } from "./case-package";
import { NiizaCctvCaseRelease } from "./case-release";
import { NiizaCctvCaseStep } from "./case-step";
import { NiizaCctvCases } from "./cases";
import { NiizaCctvCheck } from "./check";
import { NiizaCctvCheckForm } from "./check-form";
import { NiizaCctvChecks } from "./checks";
import { NiizaCctvCounter, NiizaCctvCounterForm } from "./counter";
import { NiizaCctvCutForm } from "./cut-form";
import { NiizaCctvDecisionForm } from "./decision-form";
import { NiizaCctvDialog } from "./dialog";
import { guard } from "./drafts";
import { NiizaCctvLedger } from "./ledger";
import { NiizaCctvMaskEditor } from "./mask-editor";
import { NiizaCctvMaskForm } from "./mask-form";
import { NiizaCctvMaskStage } from "./mask-stage";
import { NiizaCctvNew } from "./new-case";
import { NiizaCctvOverlay } from "./overlay";
import { NiizaCctvPanel } from "./panel";
import { NiizaCctvPassage } from "./passage";
import { NiizaCctvPeople } from "./people";
import { NiizaCctvSealed } from "./sealed";
import { NiizaCctvSettings } from "./settings";
import { NiizaCctvSettingsConfirm } from "./settings-confirm";
import { NiizaCctvWatch } from "./watch";

// Home Assistant replaces the registry while it loads; what is defined before that is lost.
await customElements.whenDefined("home-assistant");

for (const [name, element] of Object.entries({
  "niiza-cctv-dialog": NiizaCctvDialog,
  "niiza-cctv-overlay": NiizaCctvOverlay,
  "niiza-cctv-watch": NiizaCctvWatch,
  "niiza-cctv-sealed": NiizaCctvSealed,
  "niiza-cctv-by-hand": NiizaCctvByHand,
  "niiza-cctv-decision-form": NiizaCctvDecisionForm,
  "niiza-cctv-passage": NiizaCctvPassage,
  "niiza-cctv-cases": NiizaCctvCases,
  "niiza-cctv-new": NiizaCctvNew,
  "niiza-cctv-case-clip": NiizaCctvCaseClip,
  "niiza-cctv-case-cut": NiizaCctvCaseCut,
  "niiza-cctv-case-mask": NiizaCctvCaseMask,
  "niiza-cctv-counter": NiizaCctvCounter,
  "niiza-cctv-counter-form": NiizaCctvCounterForm,
  "niiza-cctv-cut-form": NiizaCctvCutForm,
  "niiza-cctv-case-package": NiizaCctvCasePackage,
  "niiza-cctv-case-release": NiizaCctvCaseRelease,
  "niiza-cctv-case-step": NiizaCctvCaseStep,
  "niiza-cctv-case": NiizaCctvCase,
  "niiza-cctv-mask-editor": NiizaCctvMaskEditor,
  "niiza-cctv-mask-form": NiizaCctvMaskForm,
  "niiza-cctv-mask-stage": NiizaCctvMaskStage,
  "niiza-cctv-check-form": NiizaCctvCheckForm,
  "niiza-cctv-checks": NiizaCctvChecks,
  "niiza-cctv-check": NiizaCctvCheck,
  "niiza-cctv-ledger": NiizaCctvLedger,
  "niiza-cctv-settings": NiizaCctvSettings,
  "niiza-cctv-settings-confirm": NiizaCctvSettingsConfirm,
  "niiza-cctv-people": NiizaCctvPeople,
  "niiza-cctv-panel": NiizaCctvPanel,
})) {
  if (!customElements.get(name)) customElements.define(name, element);
}
NiizaCctvPanel.bundle = new URL(import.meta.url).pathname.split("/").at(-2) ?? "";
guard();
