/** What a picture will look like, drawn here at once: everything black but what is revealed. */

import { html, svg } from "lit";

import type { StageBox } from "./mask-stage";
import { WHOLE } from "./mask-track";

function shape({ shape: form, sides: [left, top, right, bottom] }: StageBox, fill: "black" | "white") {
  return form === "ellipse"
    ? svg`<ellipse cx=${(left + right) / 2} cy=${(top + bottom) / 2} rx=${(right - left) / 2} ry=${(bottom - top) / 2} fill=${fill}></ellipse>`
    : svg`<rect x=${left} y=${top} width=${right - left} height=${bottom - top} fill=${fill}></rect>`;
}

/** To be laid over the picture as it is; boxes that are not in force reveal nothing. */
export function blackout(boxes: readonly StageBox[]) {
  const acting = boxes.filter(({ standing }) => standing === "in_force");
  return html`<svg class="blackout" viewBox="0 0 ${WHOLE} ${WHOLE}" preserveAspectRatio="none" aria-hidden="true">
    <mask id="all">
      <rect width=${WHOLE} height=${WHOLE} fill="white"></rect>
      ${acting.filter(({ which }) => which.kind === "reveal").map((box) => shape(box, "black"))}
      ${acting.filter(({ which }) => which.kind === "hide").map((box) => shape(box, "white"))}
    </mask>
    <rect width=${WHOLE} height=${WHOLE} mask="url(#all)"></rect>
  </svg>`;
}
