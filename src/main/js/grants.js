// SPDX-License-Identifier: Apache-2.0
/** @import { Grants, Held, NewGrants } from "./internal.js" */
import { LOST, failure, ignore, keyOf, since, whereOf } from "./wire.js";

/** Clocks differ in speed, timers are late. */
const TRUST_MS_PER_TTL_SECOND = 980;

const lost = (cause = "") => Object.assign(failure("acquireLock", LOST, `not surely ours any more: ${cause}`, cause), { retryable: true });

const ENOUGH = 0.75;

/** @type {NewGrants} */
export function createGrants(enoughMs, prove) {
  /** @type {Map<string, Held>} */
  const held = new Map();
  const over = new Map();
  const left = new Map();
  let heardAt = [0, 0];
  /** @type {any} */
  let timer;

  const all = (isMeant = (/** @type {Held} */ _) => true) => [...held.values()].filter(isMeant).map(({ where }) => where);

  const channelOf = (/** @type {any} */ where) => keyOf({ ...where, lockName: undefined });

  const end = (/** @type {Held} */ { where, controller }, cause = "") => {
    held.delete(keyOf(where));
    controller.abort(lost(cause));
  };

  const validForMs = (/** @type {Held} */ grant) => {
    const { where, trustMs, base, proving } = grant;
    if (grants.get(where) !== grant) return 0;
    const ms = trustMs - since(base);
    if (ms <= 0 && !proving) end(grant, "UNCERTAIN");
    return Math.max(0, ms);
  };

  /** @type {Grants} */
  const grants = {
    over,
    left,
    get: (where) => held.get(keyOf(where)),

    check() {
      clearTimeout(timer);
      const next = [...held.values()].filter(({ proving }) => !proving).map(validForMs);
      if (held.size && next.length) timer = setTimeout(grants.check, Math.min(...next));
    },

    add(reply, sentAt) {
      const where = whereOf(reply);
      const key = keyOf(where);
      if (where.fencingToken <= over.get(key)) throw lost("LOST");
      const old = held.get(key);
      if (old && old.where.fencingToken !== where.fencingToken) end(old, "REPLACED");
      const base = left.has(channelOf(where)) ? [0, 0] : sentAt[0] > heardAt[0] ? sentAt : heardAt;
      const trustMs = reply.ttl * TRUST_MS_PER_TTL_SECOND;
      const proving = trustMs - since(base) < Math.min(enoughMs(), ENOUGH * trustMs);
      const grant = held.get(key) ?? { where, trustMs, base, proving, doubted: false, controller: new AbortController() };
      held.set(key, grant);
      grants.confirm([where], base);
      grants.check();
      const { signal } = grant.controller;
      Object.defineProperty(signal, "aborted", { get: () => !validForMs(grant), configurable: true });
      signal.throwIfAborted = () => {
        if (signal.aborted) throw signal.reason;
      };
      const mine = { ...reply, signal, validForMs: () => validForMs(grant) };
      if (!grant.proving) return mine;
      return prove(where).catch(ignore).then(() => {
        grant.proving = false;
        grants.check();
        return mine;
      });
    },

    heard(base) {
      heardAt = base;
      grants.confirm(all((grant) => !grant.doubted), base);
    },

    resumed(locks, base, isReload) {
      if (isReload) for (const lock of locks) left.set(channelOf(lock), left.get(channelOf(lock)) ?? 0);
      heardAt = base;
      for (const grant of held.values()) grant.doubted = true;
      grants.confirm(locks, base);
    },

    confirm(locks, base) {
      for (const lock of locks) {
        const grant = grants.get(lock);
        const online = lock.ownerOnline ?? !left.has(channelOf(lock));
        if (!online || grant?.where.fencingToken !== lock.fencingToken) continue;
        grant.doubted = false;
        if (base[0] > grant.base[0]) grant.base = base;
      }
    },

    missing(channel, locks) {
      const tokens = locks.map(({ fencingToken }) => fencingToken);
      return all(({ where, doubted }) => doubted && channelOf(where) === keyOf(channel) && !tokens.includes(where.fencingToken));
    },

    thin: () => all((grant) => grant.doubted || validForMs(grant) < enoughMs()),

    lose(where, cause) {
      const grant = grants.get(where);
      if (grant?.where.fencingToken <= where.fencingToken) end(grant, cause);
    },

    loseAll(cause) {
      const wheres = all();
      for (const where of wheres) grants.lose(where, cause);
      return wheres;
    },
  };
  return grants;
}
