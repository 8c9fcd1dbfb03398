// SPDX-License-Identifier: Apache-2.0
/** @import { InStyle, Session } from "./internal.js" */
import { BUSY, failure, ignore, keyOf, mustCall, unless, whereOf } from "./wire.js";

/** @type {InStyle} */
const inStyle = (method, names, run) => async (...args) => {
  if (typeof args[0] === "object") return run(args[0]);
  const keys = ["channel", "channelType", ...names];
  const fields = { ...args[keys.length] };
  keys.forEach((key, i) => (fields[key] = args[i]));
  try {
    const { id, errorCode, channel: channelName, locks, ...reply } = await run(fields);
    return { channelName, ...reply, ...(locks && { lockDetails: locks }) };
  } catch (/** @type {any} */ error) {
    throw error?.error ? Object.assign(error, { operation: method }) : error;
  }
};

export const createApi = (/** @type {Session} */ session) => {
  const { grants, requests } = session;
  const method = (op = "", /** @type {string[]} */ ...names) => inStyle(op, names, (fields) => session.ask(op, fields));
  const turns = new Map();

  const takeTurn = (key = "", /** @type {Promise<any>} */ end) => {
    /** @type {any} */
    const turn = Promise.allSettled([turns.get(key), end]).then(() => turns.get(key) === turn && turns.delete(key));
    turns.set(key, turn);
  };

  const acquire = async (/** @type {any} */ { signal, onWaiting, ...fields }) => {
    const { retry, timeoutMs = Infinity } = fields;
    if (onWaiting) fields.withPosition = true;
    signal?.throwIfAborted();
    const id = retry ? session.place(fields) : undefined;
    const request = session.start("acquireLock", fields, {
      id,
      sentAt: id ? [0] : undefined,
      patienceMs: retry ? timeoutMs : 0,
      onWaiting,
      onReply: (reply, { settled, sentAt, freed }) => {
        if (settled) return giveBack(reply);
        const { fencingToken } = reply;
        const isGoing = requests.of("releaseLock", reply).some(({ fields }) => !(fields.fencingToken < fencingToken));
        if (isGoing || freed >= fencingToken) grants.over.set(keyOf(reply), fencingToken);
        if (isGoing || freed === Infinity) giveBack(reply);
        return grants.add(reply, sentAt);
      },
    });
    const leave = () => {
      request.reject(signal.reason);
      if (requests.get(request.id)) requests.giveUp(request, "left the queue");
      else release(fields).catch(ignore);
    };
    signal?.addEventListener("abort", leave);
    return request.promise.finally(() => signal?.removeEventListener("abort", leave));
  };

  const giveBack = (/** @type {any} */ reply) => {
    if (grants.get(reply)) return;
    const other = requests.any("acquireLock", reply);
    (other ? other.promise.catch(() => giveBack(reply)) : release(reply)).catch(ignore);
  };

  const release = async (/** @type {any} */ fields) => {
    const where = whereOf(fields);
    where.fencingToken ??= grants.get(where)?.where.fencingToken;
    grants.lose(where, "RELEASED");
    const onReply = (/** @type {any} */ reply) => {
      for (const request of requests.of("acquireLock", where))
        if (request.id < reply.id || request.sends > 1 || request.again) request.freed = where.fencingToken ?? Infinity;
      return reply;
    };
    return session.start("releaseLock", where, { onReply }).promise;
  };

  const acquireLock = (/** @type {any} */ fields) => {
    const ours = grants.get(fields)?.controller.signal;
    const grant = acquire(fields);
    takeTurn(keyOf(fields), grant.then(({ signal }) => signal === ours || unless(new Promise(ignore), signal)));
    return grant;
  };

  const withLock = async (/** @type {any} */ where, /** @type {any} */ options, fn = options) => {
    mustCall(fn);
    const wish = { retry: true, ...where, ...options };
    const { retry, timeoutMs, signal } = wish;
    const key = keyOf(wish);
    const turn = turns.get(key);
    const run = async () => {
      signal?.throwIfAborted();
      if (turn) {
        const busy = failure("acquireLock", BUSY, "in use by another call", "TIMEOUT");
        if (!retry) throw busy;
        await unless(turn, signal, timeoutMs, busy);
      }
      const grant = await acquire(wish);
      /** @type {any} */
      let released;
      const giveUp = () => void (released ??= release(grant).catch(ignore));
      grant.signal.addEventListener("abort", giveUp);
      try {
        grant.signal.throwIfAborted();
        return await fn(grant);
      } finally {
        grant.signal.removeEventListener("abort", giveUp);
        giveUp();
        await released;
      }
    };
    const mine = run();
    takeTurn(key, mine);
    return mine;
  };

  const getLock = method("getLock");
  const revokeLock = method("revokeLock", "lockName", "owner");
  const removeLock = method("removeLock", "lockName");
  return {
    lock: {
      setLock: method("setLock", "lockName"),
      acquireLock: inStyle("acquireLock", ["lockName"], acquireLock),
      cancelAcquire: method("cancelAcquire", "lockName"),
      releaseLock: inStyle("releaseLock", ["lockName"], release),
      revokeLock,
      revokeLockLock: revokeLock,
      getLock,
      getLocks: getLock,
      getLockLock: getLock,
      removeLock,
      removeLockLock: removeLock,
      withLock,
    },
    storage: {
      setChannelMetadata: method("setChannelMetadata", "data"),
      updateChannelMetadata: method("updateChannelMetadata", "data"),
      removeChannelMetadata: method("removeChannelMetadata"),
      getChannelMetadata: method("getChannelMetadata"),
    },
  };
};
