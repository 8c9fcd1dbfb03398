// SPDX-License-Identifier: Apache-2.0
/** @import { Request, Requests } from "./internal.js" */
import { RtmError, UNAVAILABLE, UNKNOWN, deferred, failure, ignore, isUnknown, stamp } from "./wire.js";

/** Asking twice does no harm, not even in another session. */
const HARMLESS = /^(get|sub|unsub|ping|renew)/;
/** Outlives its caller's patience: a lock nobody wants must not stay ours. */
const MUST_ARRIVE = /^(release|cancel)/;

/**
 * Requests without an answer, in the order made. Each one's promise settles; each one's effect happens once.
 * @param {number} timeoutMs @param {() => number} nextId @param {(text: string) => boolean} send @returns {Requests}
 */
export function createRequests(timeoutMs, nextId, send) {
  /** @type {Map<number, Request>} */
  const pending = new Map();

  const forget = (/** @type {Request} */ { id, timer, again }) => {
    pending.delete(id);
    clearTimeout(timer);
    clearTimeout(again);
  };

  /** @type {Requests} */
  const requests = {
    get: (id) => pending.get(id),
    all: () => [...pending.values()],

    start(op, fields, { id = nextId(), patienceMs = 0, ...hooks } = {}) {
      const request = { id, op, fields, text: JSON.stringify({ id, op, ...fields }), sends: 0, ...deferred(), ...hooks };
      pending.set(id, request);
      if (patienceMs < Infinity) request.timer = setTimeout(() => requests.giveUp(request, "no answer in time"), patienceMs + timeoutMs);
      requests.send(request);
      return request;
    },

    send(request) {
      const now = stamp();
      if (request.held || !pending.has(request.id) || !send(request.text)) return;
      request.sentAt = now;
      request.sends++;
    },

    onReply(reply) {
      const request = pending.get(reply.id);
      if (!request) return;
      const { op, sends, onReply } = request;
      const error = reply.errorCode ? new RtmError(reply) : undefined;
      if (error?.retryable && (isUnknown(reply.errorCode) || sends > 1 || MUST_ARRIVE.test(op))) {
        request.refusal = error;
        request.again = setTimeout(requests.send, 500 + 1000 * Math.random(), request);
        return;
      }
      forget(request);
      try {
        if (error) throw error;
        request.resolve(onReply ? onReply(reply, request) : reply);
      } catch (error) {
        request.reject(error);
      }
    },

    /** Answers the caller. An acquire on its way is called back; what it brings all the same, its `onReply` gives back. */
    giveUp(request, why, sessionOver) {
      const { id, op, fields, sentAt, settled, refusal } = request;
      const { channel, channelType, lockName } = fields;
      if (!pending.has(id)) return;
      const must = MUST_ARRIVE.test(op);
      const acquiring = sentAt && op === "acquireLock";
      if (sessionOver || !(must || acquiring)) forget(request);
      if (settled) return;
      request.settled = true;
      const ours = sentAt || must ? failure(op, UNKNOWN, `${why}: it may have happened`) : failure(op, UNAVAILABLE, `${why}: nothing happened`);
      request.reject(typeof why === "string" ? (refusal ?? ours) : why);
      if (acquiring && !sessionOver) requests.start("cancelAcquire", { channel, channelType, lockName }).promise.catch(ignore);
    },

    onNewSession() {
      for (const request of pending.values()) {
        const { op, sentAt, settled, fields } = request;
        if (settled || MUST_ARRIVE.test(op) || (sentAt && !HARMLESS.test(op) && !fields.retry)) requests.giveUp(request, "the session ended", true);
      }
    },
  };
  return requests;
}
