/** The part of Home Assistant's own objects that the panel stands on. */

import type { BoardShown } from "./api-types";

export interface HassError {
  code?: string;
  message?: string;
  translation_key?: string;
  translation_domain?: string;
  translation_placeholders?: Record<string, string>;
}

export interface Connection {
  sendMessagePromise<T>(message: { type: string } & Record<string, unknown>): Promise<T>;
  subscribeMessage(
    callback: () => void,
    message: { type: string } & Record<string, unknown>,
  ): Promise<() => Promise<void>>;
}

/** Of home-assistant-js-websocket. */
export interface Auth {
  readonly accessToken: string;
  readonly expired: boolean;
  refreshAccessToken(): Promise<void>;
}

export interface Hass {
  auth: Auth;
  connection: Connection;
  connected: boolean;
  language: string;
  localize(key: string, values?: Record<string, string | number>): string;
  loadBackendTranslation(category: string, integration: string): Promise<unknown>;
  fetchWithAuth(path: string, init?: RequestInit): Promise<Response>;
  panels: Record<string, { config?: Record<string, unknown> | null } | undefined>;
}

export interface Route {
  prefix: string;
  path: string;
}

/** What the cards use beside that. */
export interface CardConnection extends Connection {
  subscribeMessage(
    callback: (board: BoardShown) => void,
    message: { type: string } & Record<string, unknown>,
    options?: { resubscribe?: boolean },
  ): Promise<() => Promise<void>>;
  addEventListener(event: "ready" | "disconnected", listener: () => void): void;
  removeEventListener(event: "ready" | "disconnected", listener: () => void): void;
}

export interface RegistryEntity {
  entity_id: string;
  platform: string;
  translation_key?: string;
  hidden?: boolean;
}

export interface CardHass extends Hass {
  connection: CardConnection;
  /** Of Home Assistant itself: "RUNNING" once everything is set up. */
  config: { state: string };
  entities: Record<string, RegistryEntity>;
  /** Whoever looks; Home Assistant learns it a moment after the page has opened. */
  user?: { is_admin: boolean } | undefined;
  callService(domain: string, service: string, data: Record<string, unknown>): Promise<unknown>;
}
