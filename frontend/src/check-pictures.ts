/** A drawing for each kind of check: what somebody who never did it has to look for. */

import { type TemplateResult, html, nothing, svg } from "lit";

/** In a frame of 120 × 90; the styles stand in `check-form.ts`. */
const PICTURES: Partial<Record<string, TemplateResult>> = {
  // The sign on its post, under the camera, seen whole and from where people walk.
  signage: svg`
    <path d="M6 84H114M42 84V12" />
    <path class="shade" d="M42 14 66 8 70 20 46 26Z" />
    <circle class="full" cx="67" cy="14.5" r="2.5" />
    <rect class="paper" x="18" y="34" width="48" height="28" rx="3" />
    <text x="42" y="46" class="small">防犯カメラ</text>
    <text x="42" y="56" class="small">作動中</text>
    <circle class="shade" cx="95" cy="48" r="6" />
    <path d="M95 54V70M95 58 86 64M95 58 104 62M95 70 89 84M95 70 101 84" />
    <path stroke-dasharray="3 4" d="M87 46 70 47" />
  `,
  // The card half out of its slot, its number, and a spare one beside it.
  sd_card: svg`
    <path class="shade" d="M8 20H62V52H8Z" />
    <circle class="paper" cx="24" cy="36" r="9" />
    <circle class="full" cx="24" cy="36" r="3" />
    <path d="M42 46H58" />
    <path class="paper" d="M40 46H60V70L55 76H40Z" />
    <path d="M45 50V55M50 50V55M55 50V55" />
    <text x="50" y="69" class="small">07</text>
    <path class="mark" d="M70 60V36M63 43 70 36 77 43" />
    <path class="paper" d="M86 32H110V66L104 74H86Z" />
    <path d="M91 37V43M97 37V43M103 37V43" />
    <text x="98" y="62" class="small">08</text>
  `,
  // The time in the picture and the time of a true clock, to the second.
  clock_by_eye: svg`
    <rect class="paper" x="6" y="14" width="60" height="44" rx="3" />
    <path d="M36 58V70M24 70H48" />
    <path class="shade" d="M10 54 26 36 36 46 44 40 62 54Z" />
    <text x="36" y="27">12:34:56</text>
    <circle class="paper" cx="93" cy="42" r="21" />
    <path d="M93 25V28M93 56V59M76 42H79M107 42H110" />
    <path d="M93 42 98 40M93 42 83 53" />
    <path class="mark" d="M93 42V31" />
    <path class="mark" d="M70 76H82M70 82H82" />
  `,
  // The contract, and a report for every visit.
  contractor: svg`
    <rect class="paper" x="10" y="10" width="44" height="62" rx="3" />
    <path d="M18 22H46M18 30H46M18 38H40M18 46H46" />
    <circle class="shade" cx="42" cy="60" r="6" />
    <rect class="paper" x="72" y="14" width="34" height="44" rx="3" />
    <rect class="paper" x="67" y="21" width="34" height="44" rx="3" />
    <rect class="paper" x="62" y="28" width="34" height="44" rx="3" />
    <path d="M70 38H88M70 46H88" />
    <path class="mark" d="M71 58 77 64 88 53" />
  `,
  // The envelope in the safe: its seal, date and signature.
  settings_password_sealed: svg`
    <rect class="shade" x="6" y="8" width="108" height="74" rx="4" />
    <rect class="paper" x="14" y="16" width="92" height="58" rx="3" />
    <path d="M14 28H9M14 62H9M106 36V54" />
    <rect class="paper" x="26" y="26" width="64" height="40" rx="2" />
    <path d="M26 27 58 48 90 27" />
    <circle class="full" cx="58" cy="47" r="6" />
    <path d="M33 60C36 54 38 64 42 58S46 62 49 58" />
    <path d="M68 60H84" />
  `,
  // The published standard beside the cameras that it speaks of.
  standard: svg`
    <path class="paper" d="M60 22C48 14 28 14 12 20V74C28 68 48 68 60 76C72 68 92 68 108 74V20C92 14 72 14 60 22Z" />
    <path d="M60 22V76" />
    <path d="M20 32C30 29 42 29 52 33M20 42C30 39 42 39 52 43M20 52C30 49 42 49 52 53" />
    <path class="shade" d="M70 36 90 30 94 41 74 47Z" />
    <circle class="full" cx="91" cy="36" r="2" />
    <path d="M78 46V56" />
    <path class="mark" d="M84 57 89 62 98 51" />
  `,
  // The old password is refused, the new one opens the picture.
  viewing_password: svg`
    <rect class="paper" x="8" y="14" width="70" height="22" rx="4" />
    <path class="dots" d="M18 25H54" />
    <path class="mark" d="M86 17 102 33M102 17 86 33" />
    <rect class="paper" x="8" y="52" width="70" height="22" rx="4" />
    <path class="dots" d="M18 63H66" />
    <path class="mark" d="M86 63 93 70 106 55" />
    <path d="M43 38V48M39 44 43 48 47 44" />
  `,
  // The tablet, guarded; the day of its definitions and an empty list of finds.
  antivirus: svg`
    <rect class="paper" x="8" y="10" width="104" height="68" rx="6" />
    <circle class="full" cx="104" cy="44" r="2" />
    <path class="shade" d="M38 20 58 26V44C58 56 49 63 38 68C27 63 18 56 18 44V26Z" />
    <path class="mark" d="M29 44 36 51 48 36" />
    <rect class="paper" x="70" y="22" width="26" height="24" rx="2" />
    <path d="M70 29H96M76 19V24M90 19V24" />
    <text x="83" y="42" class="small">7</text>
    <path d="M70 56H96M70 64H88" />
  `,
};

/** The drawing of a kind, with what it shows in words; a kind that a section made up itself has an eye. */
export function checkPicture(kind: string, alt: string): TemplateResult {
  const picture = PICTURES[kind];
  if (!picture) return html`<ha-icon icon="mdi:eye"></ha-icon>`;
  return html`<svg viewBox="0 0 120 90" role="img" aria-label=${alt || nothing}>${picture}</svg>`;
}
