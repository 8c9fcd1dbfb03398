// SPDX-License-Identifier: Apache-2.0
import { BUSY, NO_SUCH_LOCK, ignore } from "./wire.js";

const domError = (name = "", what = "") => new DOMException(what, name);

/** The shape of `navigator.locks`, across devices. */
export const createWebLocks = (/** @type {ReturnType<typeof import("./lock.js").createLock>} */ lock, /** @type {any} */ channel) => ({
  async request(name = "", /** @type {any} */ options = {}, /** @type {any} */ callback = options) {
    const { mode = "exclusive", ifAvailable, steal, signal, ttl } = options;
    if (typeof callback !== "function") throw new TypeError("no callback");
    if (mode !== "exclusive") throw domError("NotSupportedError", `mode: ${mode}`);
    if ((steal && ifAvailable) || (signal && (steal || ifAvailable))) throw domError("NotSupportedError", "ifAvailable, steal and signal exclude each other");
    const where = { ...channel, lockName: name };
    for (;;) {
      let begun = false;
      // Its owner goes, and so do those who wait: they would come before us. The ones who came by `request` queue up again.
      if (steal) lock.removeLock(where).catch(ignore);
      try {
        return await lock.withLock(where, { create: true, retry: !ifAvailable, signal, ttl }, (/** @type {any} */ { fencingToken, signal, validForMs }) => {
          begun = true;
          const stolen = new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(domError("AbortError", signal.reason.reason)));
          });
          return Promise.race([callback({ name, mode, fencingToken, signal, validForMs }), stolen]);
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
    const asLock = (name = "", clientId = "") => ({ name, clientId, mode: "exclusive" });
    return {
      held: locks.flatMap(({ lockName = "", owner = "" }) => (owner ? asLock(lockName, owner) : [])),
      pending: locks.flatMap(({ lockName = "", queue = [] }) => queue.map(({ userId = "" }) => asLock(lockName, userId))),
    };
  },
});
