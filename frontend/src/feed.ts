/** How the section's cameras stand, as the server pushes it: one subscription for all cards of a page. */

import { DOMAIN, ServerError } from "./api";
import type { BoardCamera, BoardSection, BoardShown } from "./api-types";
import type { CardConnection, CardHass, HassError } from "./hass";

/** While Home Assistant starts, or the section is not there, it is asked again after so many milliseconds. */
const AGAIN = 3000;

/**
 * Why nothing is shown: "reading" at first, "starting" while Home Assistant does, "not_loaded" while the section is not,
 * "removed" where there is none, "refused" for whoever may not.
 */
export type FeedState = "reading" | "starting" | "not_loaded" | "removed" | "refused" | "loaded";

export interface FeedShown {
  state: FeedState;
  /** Whether the page has a connection: without one, what is shown is of `at`. */
  connected: boolean;
  at: Date | undefined;
  section: BoardSection | undefined;
  cameras: readonly BoardCamera[];
  /** Why this person may not see it. */
  refusal: ServerError | undefined;
}

const NOTHING = { section: undefined, cameras: [] as readonly BoardCamera[] };

function hassError(error: unknown): HassError {
  return typeof error === "object" && error !== null ? error : { message: String(error) };
}

/** One page's subscription; it begins with the first card that listens and ends with the last. */
export class Feed {
  private static readonly feeds = new WeakMap<CardConnection, Feed>();

  static of(hass: CardHass): Feed {
    let feed = Feed.feeds.get(hass.connection);
    if (!feed) {
      feed = new Feed(hass);
      Feed.feeds.set(hass.connection, feed);
    }
    feed.hass = hass;
    return feed;
  }

  shown: FeedShown = {
    state: "reading",
    connected: true,
    at: undefined,
    refusal: undefined,
    ...NOTHING,
  };
  private readonly listeners = new Set<() => void>();
  private unsubscribe: (() => Promise<void>) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Grows with each attempt: what an earlier one brings late is thrown away. */
  private attempt = 0;

  private constructor(private hass: CardHass) {}

  /** Call `listener` whenever something changed; returns what ends that. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.begin();
    return () => {
      this.listeners.delete(listener);
      if (!this.listeners.size) this.end();
    };
  }

  /** Return how things stand as soon as that is known, or what is known after a while. */
  first(patience: number): Promise<FeedShown> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.shown.state !== "reading") end();
      };
      const end = () => {
        const { shown } = this;
        clearTimeout(timer);
        stop();
        resolve(shown);
      };
      const timer = setTimeout(end, patience);
      const stop = this.listen(look);
      look();
    });
  }

  private begin(): void {
    const { connection } = this.hass;
    connection.addEventListener("ready", this.reconnected);
    connection.addEventListener("disconnected", this.disconnected);
    void this.open();
  }

  private end(): void {
    const { connection } = this.hass;
    connection.removeEventListener("ready", this.reconnected);
    connection.removeEventListener("disconnected", this.disconnected);
    this.attempt += 1;
    clearTimeout(this.timer);
    this.drop(this.unsubscribe);
    this.unsubscribe = undefined;
    this.shown = { ...this.shown, ...NOTHING, state: "reading" };
  }

  /** A subscription of a connection that is gone cannot be ended, and need not be. */
  private drop(unsubscribe: (() => Promise<void>) | undefined): void {
    unsubscribe?.().catch(() => undefined);
  }

  private readonly reconnected = (): void => {
    this.unsubscribe = undefined;
    this.set({ connected: true });
    void this.open();
  };

  private readonly disconnected = (): void => {
    this.attempt += 1;
    clearTimeout(this.timer);
    this.set({ connected: false });
  };

  private async open(): Promise<void> {
    this.attempt += 1;
    const { attempt } = this;
    clearTimeout(this.timer);
    try {
      const unsubscribe = await this.hass.connection.subscribeMessage(
        (board: BoardShown) => {
          if (attempt === this.attempt) this.take(board);
        },
        { type: `${DOMAIN}/board` },
        // Renewed here: Home Assistant's own renewal gives up on a section that is not there yet.
        { resubscribe: false },
      );
      if (attempt === this.attempt) this.unsubscribe = unsubscribe;
      else this.drop(unsubscribe);
    } catch (error) {
      if (attempt === this.attempt) this.failed(new ServerError(hassError(error)));
    }
  }

  private failed(error: ServerError): void {
    if (error.refusesPerson) {
      // Asking again by itself would only fill the ledger with refusals.
      this.set({ ...NOTHING, state: "refused", refusal: error });
      return;
    }
    this.set({ ...NOTHING, state: this.reason(error.cause) });
    this.timer = setTimeout(() => void this.open(), AGAIN);
  }

  private reason({ code, translation_key }: HassError): FeedState {
    if (this.hass.config.state !== "RUNNING") return "starting";
    if (translation_key === "service_config_entry_not_loaded") return "not_loaded";
    return code === "unknown_command" || translation_key?.endsWith("not_found") ? "removed" : "not_loaded";
  }

  private take({ state, section, cameras, ids }: BoardShown): void {
    if (state !== "loaded") {
      this.set({ ...NOTHING, state: state as FeedState, refusal: undefined });
      return;
    }
    const known = new Map([...this.shown.cameras, ...cameras].map((one) => [one.id, one]));
    this.set({
      state: "loaded",
      refusal: undefined,
      section: section ?? undefined,
      cameras: ids.flatMap((id) => known.get(id) ?? []),
    });
  }

  private set(changes: Partial<FeedShown>): void {
    const at = changes.state ? new Date() : this.shown.at;
    this.shown = { ...this.shown, at, ...changes };
    for (const listener of [...this.listeners]) listener();
  }
}
