// SPDX-License-Identifier: Apache-2.0
/** @import { Grants, Held } from "./internal.js" */
import { FAILED, channelKey, failure, lockKey, since } from "./wire.js";

/** A little less than the ttl: clocks differ in speed, timers are late. */
const TRUST_MS_PER_TTL_SECOND = 980;

/**
 * The locks this client may trust. None can pass to anybody before `base` + ttl, where `base` is when something was sent
 * that the service has proved to have heard (PROTOCOL.md §2).
 * @returns {Grants}
 */
export function createGrants() {
  /** @type {Map<string, Held>} */
  const all = new Map();
  /** Tokens that ended: the word may come before the grant. */
  const over = new Map();
  /** Channels we unsubscribed: being heard counts for nothing there. */
  const left = new Set();
  /** @type {any} */
  let timer;

  const lost = (cause = "") => failure("acquireLock", FAILED, `the lock may no longer be ours: ${cause}`, cause);

  const end = (/** @type {Held} */ held, cause = "") => {
    all.delete(held.key);
    held.controller.abort(lost(cause));
  };

  const validForMs = (/** @type {Held} */ held) => {
    const ms = held.trustMs - since(held.base);
    if (all.get(held.key) !== held) return 0;
    if (ms <= 0) end(held, "UNCERTAIN");
    return Math.max(0, ms);
  };

  const move = (/** @type {Held | undefined} */ held, base = [0]) => {
    if (held && base[0] > held.base[0]) held.base = base;
  };

  /** @type {Grants} */
  const grants = {
    left,
    get: (where) => all.get(lockKey(where)),

    /** Ends what can no longer be trusted; runs before anything else of ours. */
    check() {
      clearTimeout(timer);
      const next = Math.min(...[...all.values()].map(validForMs));
      if (all.size) timer = setTimeout(grants.check, Math.ceil(next));
    },

    add(reply, base) {
      const { fencingToken: token, ttl } = reply;
      const key = lockKey(reply);
      if (token <= over.get(key)) throw lost("RELEASED");
      const old = all.get(key);
      move(old, base);
      if (old && old.token !== token) end(old, "REPLACED");
      const held = all.get(key) ?? { key, where: reply, token, trustMs: ttl * TRUST_MS_PER_TTL_SECOND, base, controller: new AbortController() };
      all.set(key, held);
      const { signal } = held.controller;
      // Asks the clock first: after a freeze it is right before any timer has run.
      Object.defineProperty(signal, "aborted", { get: () => !validForMs(held), configurable: true });
      grants.check();
      return dress(reply, { signal, validForMs: () => validForMs(held) });
    },

    heard(base) {
      for (const held of all.values()) if (!left.has(channelKey(held.where))) move(held, base);
    },

    /** The shard said, after `base`, that these are ours. */
    confirm(locks, base) {
      for (const lock of locks) {
        const held = grants.get(lock);
        if (held?.token === lock.fencingToken && (lock.ownerOnline ?? !left.has(channelKey(lock)))) move(held, base);
      }
    },

    thin: (ms) => [...all.values()].filter((held) => validForMs(held) < ms).map(({ where }) => where),

    lose(where, cause, token) {
      const held = grants.get(where);
      if (token) over.set(lockKey(where), token);
      if (held && held.token <= (token ?? held.token)) end(held, cause);
    },

    loseAll(cause) {
      const held = [...all.values()];
      for (const one of held) end(one, cause);
      return held;
    },
  };
  return grants;
}

/** Gives `target` the living side of a grant; it does not show in the wire's answer. @returns {any} */
export const dress = (target = {}, /** @type {any} */ { signal, validForMs }) =>
  signal ? Object.defineProperties(target, { signal: { value: signal }, validForMs: { value: validForMs } }) : target;
