// SPDX-License-Identifier: Apache-2.0
/** @import { LockApi } from "./internal.js" */
import { BUSY, NO_SUCH_LOCK, ignore } from "./wire.js";

const mode = "exclusive";

export const createWebLocks = (/** @type {LockApi} */ lock, /** @type {any} */ channel) => ({
  async request(name = "", /** @type {any} */ options = {}, callback = options) {
    const { ifAvailable, steal, signal, ttl } = options;
    if (options.mode === "shared" || (ifAvailable && steal) || (signal && (ifAvailable || steal)))
      throw new DOMException("these options", "NotSupportedError");
    const where = { ...channel, lockName: name };
    for (;;) {
      let begun = false;
      if (steal) lock.removeLock(where).catch(ignore);
      try {
        return await lock.withLock(where, { create: true, retry: !ifAvailable, signal, ttl }, (/** @type {any} */ grant) => {
          begun = true;
          const result = callback({ ...grant, name, mode });
          const stolen = new Promise((_, reject) =>
            grant.signal.addEventListener("abort", () => reject(new DOMException("lost", "AbortError"))),
          );
          return Promise.race([result, stolen]);
        });
      } catch (/** @type {any} */ error) {
        const code = !begun && error.errorCode;
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
