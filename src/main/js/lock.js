// SPDX-License-Identifier: Apache-2.0
/** @import { Session } from "./internal.js" */
import { dress } from "./grants.js";
import { BUSY, RtmError, deferred, failure, ignore, lockKey } from "./wire.js";

const whereOf = (/** @type {any} */ { channel, channelType, lockName }) => ({ channel, channelType, lockName });

/**
 * A method in both styles: one object, answered with the wire's reply; or `names` one by one and options, answered in other words.
 * @type {(method: string, names: string[], run: (fields: any) => Promise<any>) => (...args: any[]) => Promise<any>}
 */
const inStyle = (method, names, run) => async (...args) => {
  if (typeof args[0] === "object") {
    const { id, op, channelName, channel = channelName, ...fields } = args[0];
    return run({ channel, ...fields });
  }
  const keys = ["channel", "channelType", ...names];
  const fields = { ...args[keys.length] };
  keys.forEach((key, i) => (fields[key] = args[i]));
  try {
    const reply = await run(fields);
    const { id, errorCode, channel, locks, ...rest } = reply;
    return dress({ channelName: channel, ...rest, ...(locks && { lockDetails: locks }) }, reply);
  } catch (error) {
    if (error instanceof RtmError) Object.assign(error, { operation: method });
    throw error;
  }
};

const asking = (/** @type {Session} */ { ask }) => (op = "", ...names) => inStyle(op, names, (fields) => ask(op, fields));

/** Channel metadata, guarded by a lock when `lockName` is given (PROTOCOL.md §6). */
export const createStorage = (/** @type {Session} */ session) => {
  const method = asking(session);
  return {
    setChannelMetadata: method("setChannelMetadata", "data"),
    updateChannelMetadata: method("updateChannelMetadata", "data"),
    removeChannelMetadata: method("removeChannelMetadata"),
    getChannelMetadata: method("getChannelMetadata"),
  };
};

/** The lock calls (PROTOCOL.md §4, §8). */
export const createLock = (/** @type {Session} */ session) => {
  const { grants, requests, places } = session;
  /** The service sees one owner in all of this client; here its callers take turns: lock -> the end of the last one's. */
  const turns = new Map();

  const acquire = async (/** @type {any} */ { signal, onWaiting, turn, ...fields }) => {
    signal?.throwIfAborted();
    const { retry, timeoutMs } = fields;
    const key = lockKey(fields);
    let id = places.get(key);
    places.delete(key);
    if (id && !retry) id = void session.ask("cancelAcquire", whereOf(fields)).catch(ignore);
    if (onWaiting) fields.withPosition = true;
    const onReply = (/** @type {any} */ reply, /** @type {any} */ { settled, sentAt }) =>
      settled ? giveBack(reply) : grants.add(reply, session.baseOf(sentAt));
    const request = await session.start("acquireLock", fields, { id, onWaiting, onReply, held: turn, patienceMs: retry ? (timeoutMs ?? Infinity) : 0 });
    const leave = () => requests.giveUp(request, signal.reason);
    signal?.addEventListener("abort", leave);
    if (signal?.aborted) leave();
    if (turn) {
      const tooLate = () => request.held && requests.giveUp(request, failure("acquireLock", BUSY, "another call of this client has the lock", "TIMEOUT"));
      const timer = retry ? timeoutMs && setTimeout(tooLate, timeoutMs) : tooLate();
      turn.then(() => {
        clearTimeout(timer);
        request.held = undefined;
        requests.send(request);
      });
    }
    return request.promise.finally(() => signal?.removeEventListener("abort", leave));
  };

  /** A grant nobody waits for any more, unless another call here wants that lock. */
  const giveBack = (/** @type {any} */ reply) => {
    const wanted = requests.all().some(({ op, settled, fields }) => op === "acquireLock" && !settled && lockKey(fields) === lockKey(reply));
    if (!wanted && !grants.get(reply)) release(reply).catch(ignore);
  };

  const release = (/** @type {any} */ fields) => {
    const held = grants.get(fields);
    const fencingToken = fields.fencingToken ?? held?.token;
    if (held?.token === fencingToken) grants.lose(fields, "RELEASED");
    return session.ask("releaseLock", { ...whereOf(fields), fencingToken });
  };

  const withLock = async (/** @type {any} */ where, /** @type {any} */ options, fn = options) => {
    const wish = { retry: true, ...where, ...options };
    const key = lockKey(wish);
    const turn = turns.get(key);
    const mine = deferred();
    const end = Promise.all([turn, mine.promise]).then(() => turns.get(key) === end && turns.delete(key));
    turns.set(key, end);
    try {
      const grant = await acquire({ ...wish, turn });
      try {
        if (!grant.validForMs()) throw grant.signal.reason;
        return await fn(grant);
      } finally {
        await release(grant).catch(ignore);
      }
    } finally {
      mine.resolve();
    }
  };

  const method = asking(session);
  const getLock = method("getLock");
  const revokeLock = method("revokeLock", "lockName", "owner");
  const removeLock = method("removeLock", "lockName");
  return {
    setLock: method("setLock", "lockName"),
    acquireLock: inStyle("acquireLock", ["lockName"], acquire),
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
  };
};
