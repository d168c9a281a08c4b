/** How the section's cameras stand, as the server pushes it: one subscription for all cards of a page. */

import { AGAIN, DOMAIN, ServerError } from "./api";
import type { BoardCamera, BoardSection, BoardShown } from "./api-types";
import type { CardConnection, CardHass, HassError } from "./hass";

/** So long a subscription outlives its last listener (ms): the next view of the dashboard, or what it is built of, goes on with it. */
const LINGER = 5000;

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

/** One page's subscription; it begins with the first card that listens and ends a moment after the last. */
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
  private lingering: ReturnType<typeof setTimeout> | undefined;
  private begun = false;
  /** Grows with each attempt: what an earlier one brings late is thrown away. */
  private attempt = 0;

  private constructor(private hass: CardHass) {}

  /** Call `listener` whenever something changed; returns what ends that. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    clearTimeout(this.lingering);
    if (!this.begun) this.begin();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size) return;
      clearTimeout(this.lingering);
      this.lingering = setTimeout(() => {
        this.end();
      }, LINGER);
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
    this.begun = true;
    const { connection } = this.hass;
    connection.addEventListener("ready", this.reconnected);
    connection.addEventListener("disconnected", this.disconnected);
    void this.open();
  }

  private end(): void {
    this.begun = false;
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
    // What is shown is of before, until the first answer.
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
      if (attempt === this.attempt) await this.failed(new ServerError(hassError(error)));
    }
  }

  private async failed(error: ServerError): Promise<void> {
    if (error.refusesPerson) {
      // Asking again by itself would only fill the ledger with refusals.
      this.set({ ...NOTHING, state: "refused", refusal: error });
      return;
    }
    const { attempt } = this;
    const starts = await this.starts();
    if (attempt !== this.attempt) return;
    this.set({ ...NOTHING, state: starts ? "starting" : this.reason(error.cause) });
    this.timer = setTimeout(() => void this.open(), AGAIN);
  }

  /** Whether Home Assistant starts, by its own word: what a page knows of that is of before the restart for a while. */
  private async starts(): Promise<boolean> {
    try {
      const { state } = await this.hass.connection.sendMessagePromise<{ state: string }>({ type: "get_config" });
      return state !== "RUNNING";
    } catch {
      // A connection that is lost again is told by its own event.
      return true;
    }
  }

  private reason({ code, translation_key }: HassError): FeedState {
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
    // Whatever was heard is of now.
    const heard = changes.state ? { at: new Date(), connected: true } : {};
    this.shown = { ...this.shown, ...heard, ...changes };
    for (const listener of [...this.listeners]) listener();
  }
}
