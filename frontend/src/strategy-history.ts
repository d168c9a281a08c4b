/** What the dashboard shows of the past: Home Assistant's own graphs of its long-term statistics. */

import type { CardHass, RegistryEntity } from "./hass";
import type { Texts } from "./texts";

/** So many cameras' lines can be told apart; more get graphs of their own. */
const LINES = 8;

interface Graph {
  /** What is shown, and the text above it: "board.history_…". */
  key: "retained_days" | "outage_minutes" | "clock_offset" | "bit_rate" | "releases";
  stats: string[];
  period: "day" | "month";
  days: number;
  chart: "line" | "bar";
}

const OF_CAMERAS: readonly Graph[] = [
  { key: "retained_days", stats: ["min"], period: "day", days: 90, chart: "line" },
  { key: "outage_minutes", stats: ["change"], period: "day", days: 30, chart: "bar" },
  { key: "clock_offset", stats: ["mean"], period: "day", days: 90, chart: "line" },
  // Disabled until somebody wants it.
  { key: "bit_rate", stats: ["mean"], period: "day", days: 90, chart: "line" },
];
const OF_CASES: Graph = { key: "releases", stats: ["change"], period: "month", days: 365, chart: "bar" };

function named(hass: CardHass, { entity_id, device_id }: RegistryEntity) {
  const device = hass.devices[device_id ?? ""];
  const name = device?.name_by_user ?? device?.name;
  return name ? { entity: entity_id, name } : { entity: entity_id };
}

function graphs(hass: CardHass, t: Texts, { key, stats, period, days, chart }: Graph) {
  const shown = Object.values(hass.entities)
    .filter(({ platform, hidden, translation_key }) => platform === "niiza_cctv" && !hidden && translation_key === key)
    .map((entity) => named(hass, entity))
    .sort((one, other) => (one.name ?? one.entity).localeCompare(other.name ?? other.entity, hass.language));
  const parts = Math.ceil(shown.length / LINES);
  return Array.from({ length: parts }, (_, part) => ({
    type: "statistics-graph",
    title: t(`board.history_${key}`) + (parts > 1 ? ` (${part + 1}/${parts})` : ""),
    entities: shown.slice(part * LINES, (part + 1) * LINES),
    stat_types: stats,
    period,
    days_to_show: days,
    chart_type: chart,
    grid_options: { columns: "full" },
  }));
}

/** The graphs of what there is; the releases for whoever may read cases. */
export function history(hass: CardHass, t: Texts, cases: boolean) {
  const all = cases ? [...OF_CAMERAS, OF_CASES] : OF_CAMERAS;
  const found = all.flatMap((graph) => graphs(hass, t, graph));
  if (!found.length) return [];
  return [{ type: "markdown", content: t("board.history_help"), grid_options: { columns: "full" } }, ...found];
}
