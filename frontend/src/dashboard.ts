/** What Home Assistant loads with every page: the dashboard's cards and what builds it. */

import { NiizaCctvBoard } from "./board";
import { pickerWord } from "./card";
import { NiizaCctvLive, NiizaCctvTile } from "./live";
import { NiizaCctvOverlay } from "./overlay";
import { NiizaCctvStrategy } from "./strategy";

interface Offered {
  type: string;
  readonly name: string;
  readonly description: string;
}
interface Pickers {
  customCards?: Offered[];
  customStrategies?: (Offered & { strategyType: string })[];
}

/** By the language of who looks, which is known only when the picker opens. */
function offered<More extends object>(type: string, word: string, more: More): Offered & More {
  return {
    type,
    get name() {
      return pickerWord(word);
    },
    get description() {
      return pickerWord(`${word}_help`);
    },
    ...more,
  };
}

/** Offered with any entity of ours. */
function suggestion(type: string) {
  return (hass: { entities?: Record<string, { platform?: string }> }, entity: string) =>
    hass.entities?.[entity]?.platform === "niiza_cctv" ? { config: { type: `custom:${type}` } } : null;
}

const pickers = window as Pickers;
const cards = (pickers.customCards ??= []);
for (const [type, word] of [
  ["niiza-cctv-board", "card_board"],
  ["niiza-cctv-live", "card_live"],
] as const) {
  if (!cards.some((one) => one.type === type))
    cards.push(offered(type, word, { preview: true, getEntitySuggestion: suggestion(type) }));
}
const strategies = (pickers.customStrategies ??= []);
if (!strategies.some(({ type }) => type === "niiza-cctv"))
  strategies.push(offered("niiza-cctv", "strategy", { strategyType: "dashboard" }));

// Home Assistant replaces the registry while it loads; what is defined before that is lost.
await customElements.whenDefined("home-assistant");

for (const [name, element] of Object.entries({
  "niiza-cctv-overlay": NiizaCctvOverlay,
  "niiza-cctv-tile": NiizaCctvTile,
  "niiza-cctv-board": NiizaCctvBoard,
  "niiza-cctv-live": NiizaCctvLive,
  "ll-strategy-dashboard-niiza-cctv": NiizaCctvStrategy,
})) {
  if (!customElements.get(name)) customElements.define(name, element);
}
