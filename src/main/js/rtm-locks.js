// SPDX-License-Identifier: Apache-2.0
import { createApi } from "./lock.js";
import { createSession } from "./session.js";
import { createWebLocks } from "./web-locks.js";
import { RtmError, mustCall } from "./wire.js";

export { RtmError };

export default class RTM {
  /** @param {any} first options, or an app id that is not used */
  constructor(first, userId = "", more = {}) {
    /** @type {any} */
    const options = {
      WebSocket: globalThis.WebSocket,
      connectTimeoutMs: 10_000,
      requestTimeoutMs: 30_000,
      suspendAfterMs: 120_000,
      ...(typeof first === "object" ? first : { ...more, userId }),
    };
    options.urls = [options.url ?? globalThis.location?.origin.replace("http", "ws") + "/rtm"].flat();
    /** @type {Map<string, Set<(event: any) => void>>} */
    const listeners = new Map();
    const session = createSession(options, (type, event) => {
      for (const listener of listeners.get(type) ?? []) {
        try {
          listener(event);
        } catch (error) {
          console.error(error);
        }
      }
    });
    const { login, logout, renewToken, subscribe, unsubscribe, link } = session;
    const api = createApi(session);
    Object.defineProperty(this, "linkState", { get: link.state });
    Object.assign(this, api, { login, logout, renewToken, subscribe, unsubscribe, Lock: api.lock, userId: options.userId });
    this.ping = () => session.ask("ping");
    this.locks = (channel = "", more = {}) => createWebLocks(session, api.lock, { channel, ...more });
    this.debug = { dropConnection: link.drop };
    this.addEventListener = (type = "", /** @type {any} */ listener) => {
      mustCall(listener);
      listeners.set(type, (listeners.get(type) ?? new Set()).add(listener));
    };
    this.removeEventListener = (type = "", /** @type {any} */ listener) => void listeners.get(type)?.delete(listener);
  }
}
