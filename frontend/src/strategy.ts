/** The section's dashboard, which builds itself. */

import { DOMAIN } from "./api";
import type { BoardSection } from "./api-types";
import { pickerWord } from "./card";
import { Feed } from "./feed";
import type { CardHass } from "./hass";
import { history } from "./strategy-history";
import { type Texts, textsOf } from "./texts";

/** So long the dashboard waits to learn who looks; without an answer it is built as for a tablet (ms). */
const PATIENCE = 2500;

interface CardConfig {
  type: string;
  [option: string]: unknown;
}
interface View {
  title: string;
  path: string;
  icon: string;
  type: "sections";
  max_columns: number;
  sections: { type: "grid"; column_span: number; cards: CardConfig[] }[];
}

/** The texts of now: this `hass` is older than what it is asked to load, which it therefore returns. */
async function texts(hass: CardHass): Promise<Texts> {
  try {
    const localize = await hass.loadBackendTranslation("config_panel", DOMAIN);
    if (typeof localize === "function") return textsOf({ localize: localize as CardHass["localize"] });
  } catch {
    // Without texts their keys are shown: better than no dashboard at all.
  }
  return textsOf(hass);
}

const FULL = { grid_options: { columns: "full" } };

function view(title: string, path: string, icon: string, cards: CardConfig[]): View {
  return { title, path, icon, type: "sections", max_columns: 4, sections: [{ type: "grid", column_span: 4, cards }] };
}

/** Our entities by what they are, whatever they are called. */
function entities(hass: CardHass, domain: string, ...keys: string[]): string[] {
  const ours = Object.values(hass.entities).filter(
    ({ entity_id, platform, hidden }) =>
      platform === "niiza_cctv" && !hidden && entity_id.startsWith(`${domain}.`),
  );
  if (!keys.length) return ours.map(({ entity_id }) => entity_id);
  return keys.flatMap((key) =>
    ours.filter(({ translation_key }) => translation_key === key).map(({ entity_id }) => entity_id),
  );
}

/** The entities of a dashboard, by their views. */
function listed(hass: CardHass): Record<"calendars" | "tiles", string[]> {
  return {
    calendars: entities(hass, "calendar"),
    tiles: [
      ...entities(hass, "sensor", "open_cases", "clips_being_fetched"),
      ...entities(hass, "binary_sensor", "footage_at_risk", "settings_to_put_back", "ledger_available"),
    ],
  };
}

/** What of the section decides which views there are. */
function basis(section: BoardSection | undefined): string {
  return `${section?.panel ?? ""} ${section?.cases?.path ?? ""}`;
}

/** What "take control" leaves: our cards, which need no entity, and Home Assistant's own. */
export class NiizaCctvStrategy extends HTMLElement {
  /** What each dashboard, by its configuration, was built for. */
  private static readonly built = new WeakMap<object, string>();

  /** Those whose entities came, went or changed their names since they were built. */
  private static readonly outgrown = new WeakSet<object>();

  static async getCreateSuggestions() {
    await Promise.resolve();
    return { title: pickerWord("strategy"), icon: "mdi:cctv" };
  }

  /**
   * Home Assistant asks this with every state of every entity: whether to build the dashboard anew.
   *
   * It gives up on a strategy that it has to wait for (five seconds), and a section that is slow to answer is built
   * as for a tablet; on a wall nobody would reload either.
   */
  static shouldRegenerate(config: object, before: CardHass, hass: CardHass): boolean {
    const { state, section } = Feed.of(hass).shown;
    const built = this.built.get(config);
    // While a section is away its views stay.
    const known = built === undefined || state === "loaded" || state === "refused";
    const now = known ? basis(section) : built;
    this.built.set(config, now);
    if (before.entities !== hass.entities && JSON.stringify(listed(before)) !== JSON.stringify(listed(hass)))
      this.outgrown.add(config);
    // A view that somebody looks at must not go while the section is away: Home Assistant fails at that.
    return now !== built || before.language !== hass.language || (known && this.outgrown.has(config));
  }

  static async generate(config: object, hass: CardHass): Promise<{ views: View[] }> {
    const [shown, t] = await Promise.all([Feed.of(hass).first(PATIENCE), texts(hass)]);
    this.built.set(config, basis(shown.section));
    this.outgrown.delete(config);
    const views = [
      view(t("board.view_overview"), "overview", "mdi:cctv", [
        { type: "custom:niiza-cctv-board", ...FULL },
        { type: "custom:niiza-cctv-live", title: t("board.pictures"), beside_board: true, ...FULL },
      ]),
    ];
    const { section } = shown;
    if (section?.panel) views.push(this.checks(hass, t, section));
    if (section?.cases) views.push(this.cases(hass, t, section));
    const past = section?.panel ? history(hass, t, section.cases !== null) : [];
    if (past.length) views.push(view(t("board.view_history"), "history", "mdi:chart-line", past));
    return { views };
  }

  private static checks(hass: CardHass, t: Texts, section: BoardSection): View {
    const { calendars } = listed(hass);
    return view(t("board.view_checks"), "checks", "mdi:clipboard-check", [
      link(t("board.to_checks"), "mdi:clipboard-check", `${section.panel ?? ""}/checks`),
      { type: "markdown", content: t("board.checks_help"), ...FULL },
      // No to-do list: a tick there by mistake is a check on record.
      ...calendars.map((entity) => ({
        type: "calendar",
        initial_view: "listWeek",
        entities: [entity],
        ...FULL,
      })),
    ]);
  }

  private static cases(hass: CardHass, t: Texts, section: BoardSection): View {
    return view(t("board.view_cases"), "cases", "mdi:folder-lock", [
      link(t("board.to_cases"), "mdi:folder-lock", section.cases?.path ?? ""),
      { type: "markdown", content: t("board.cases_help"), ...FULL },
      ...listed(hass).tiles.map((entity) => ({ type: "tile", entity })),
    ]);
  }
}

function link(name: string, icon: string, path: string): CardConfig {
  return {
    type: "button",
    name,
    icon,
    show_state: false,
    tap_action: { action: "navigate", navigation_path: path },
    ...FULL,
  };
}
