// SPDX-License-Identifier: Apache-2.0
import { createLock, createStorage } from "./lock.js";
import { createSession } from "./session.js";
import { createWebLocks } from "./web-locks.js";
import { RtmError, report } from "./wire.js";

export { RtmError };

/** A client of the lock service: one session of one user. */
export default class RTM {
  /** @param {any} first options, or an app id (taken for the familiar shape, not used) @param {string} [userId] @param {any} [more] */
  constructor(first, userId, more) {
    const options = {
      WebSocket: globalThis.WebSocket,
      connectTimeoutMs: 10_000,
      requestTimeoutMs: 30_000,
      suspendAfterMs: 120_000,
      ...(typeof first === "object" ? first : { ...more, userId }),
    };
    const urls = [options.url ?? globalThis.location?.origin.replace("http", "ws") + "/rtm"].flat();
    /** @type {Record<string, Set<(event: any) => void>>} */
    const listeners = { lock: new Set(), storage: new Set(), linkState: new Set(), lockLost: new Set(), session: new Set() };
    const session = createSession({ ...options, urls }, (type, event) => {
      for (const listener of [...(listeners[type] ?? [])]) {
        try {
          listener(event);
        } catch (error) {
          report(error);
        }
      }
    });
    const { login, logout, renewToken, subscribe, unsubscribe, ask, link, hello } = session;
    const lock = createLock(session);
    Object.assign(this, { login, logout, renewToken, subscribe, unsubscribe, lock, Lock: lock, storage: createStorage(session), userId: options.userId });
    Object.defineProperties(this, { linkState: { get: link.state }, sessionId: { get: () => hello()?.sessionId } });
    this.ping = () => ask("ping");
    this.debug = { dropConnection: link.drop };
    this.locks = (/** @type {string} */ channel, /** @type {any} */ more) => createWebLocks(lock, { channel, ...more });
    this.addEventListener = (/** @type {string} */ type, /** @type {any} */ listener) => listeners[type].add(listener);
    this.removeEventListener = (/** @type {string} */ type, /** @type {any} */ listener) => listeners[type].delete(listener);
  }
}
