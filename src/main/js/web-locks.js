// SPDX-License-Identifier: Apache-2.0
/** @import { LockApi, Session } from "./internal.js" */
import { BUSY, NO_SUCH_LOCK, mustCall } from "./wire.js";

const mode = "exclusive";
const MODES = [mode, "shared"];

export const createWebLocks = (
  /** @type {Session} */ { requests, start },
  /** @type {LockApi} */ lock,
  /** @type {any} */ channel,
) => ({
  async request(name = "", /** @type {any[]} */ ...args) {
    const [options, callback] = args.length > 1 ? args : [{}, ...args];
    const { ifAvailable, steal, signal, ttl, mode: asked = mode } = options ?? {};
    mustCall(callback);
    if (!MODES.includes(asked)) throw new TypeError(`no such mode: ${asked}`);
    if (asked !== mode || (ifAvailable && steal) || (signal && (ifAvailable || steal)))
      throw new DOMException("these options", "NotSupportedError");
    const where = { ...channel, lockName: `${name}` };
    for (;;) {
      let begun = false;
      const stealing = new AbortController();
      const removal = steal && start("removeLock", where);
      removal?.promise.catch((/** @type {any} */ error) => error.code !== NO_SUCH_LOCK && stealing.abort(error));
      const wish = { create: true, retry: !ifAvailable, signal: signal ?? stealing.signal, ttl };
      try {
        return await lock.withLock(where, wish, (/** @type {any} */ grant) => {
          begun = true;
          if (removal) requests.giveUp(removal, "granted");
          const result = callback({ ...grant, name, mode });
          const stolen = new Promise((_, reject) =>
            grant.signal.addEventListener("abort", () => reject(new DOMException("lost", "AbortError"))),
          );
          return Promise.race([result, stolen]);
        });
      } catch (/** @type {any} */ error) {
        const code = !begun && error?.errorCode;
        if (code === BUSY && ifAvailable) return callback(null);
        if (code !== NO_SUCH_LOCK) throw error;
      }
    }
  },

  async query() {
    const { locks } = await lock.getLock({ ...channel, withQueue: true });
    const held = [];
    const pending = [];
    for (const { lockName: name, owner: clientId, queue } of locks) {
      if (clientId) held.push({ name, mode, clientId });
      for (const { userId: clientId } of queue) pending.push({ name, mode, clientId });
    }
    return { held, pending };
  },
});
