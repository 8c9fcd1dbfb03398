// SPDX-License-Identifier: Apache-2.0
/** @import { NewRequests } from "./internal.js" */
import { RATE_LIMITED, RtmError, UNAVAILABLE, UNKNOWN, deferred, failure, ignore, keyOf, since, stamp, whereOf } from "./wire.js";

const HARMLESS = /^(get|sub|unsub|ping|renew)/;
const MUST_ARRIVE = /^(release|cancel)/;
const PACED = /Lock$/;
const PACE_MS = 100;

/** @type {NewRequests} */
export const createRequests = (timeoutMs, nextId, send) => {
  const pending = new Map();

  const forget = (/** @type {any} */ { id, timer, again }) => {
    pending.delete(id);
    clearTimeout(timer);
    clearTimeout(again);
  };

  /** @type {ReturnType<NewRequests>} */
  const requests = {
    get: (id) => pending.get(id),
    all: () => [...pending.values()],
    of: (op, where) => requests.all().filter((it) => it.op === op && keyOf(it.fields) === keyOf(where)),
    any: (op, where) => requests.of(op, where).find((it) => it.sends && !it.settled),

    start(op, fields, { id = nextId(), patienceMs = 0, ...hooks } = {}) {
      const head = { id, op };
      const text = JSON.stringify({ ...head, ...fields, ...head });
      const begun = stamp();
      const request = { ...head, fields, text, patienceMs, begun, sends: 0, must: MUST_ARRIVE.test(op), ...deferred(), ...hooks };
      pending.set(id, request);
      if (patienceMs < Infinity) request.timer = setTimeout(() => requests.giveUp(request, "no answer in time"), patienceMs + timeoutMs);
      requests.send(request);
      return request;
    },

    send(request) {
      const now = stamp();
      request.again = undefined;
      if (!pending.has(request.id) || !send(request.text)) return;
      request.sentAt ??= now;
      request.sends++;
    },

    onReply(reply) {
      const request = pending.get(reply.id);
      if (!request) return;
      const { op, must, patient, patienceMs, begun, sends, settled, onReply } = request;
      const error = reply.errorCode && new RtmError(reply);
      const tooFast = error?.code === RATE_LIMITED;
      const inTime = tooFast && PACED.test(op) ? since(begun) < (patienceMs || timeoutMs) : sends > 1;
      const isOpen = UNKNOWN.includes(error?.code);
      if (error?.retryable && op !== "unsubscribe" && (must || isOpen || ((patient || inTime) && (sends > 1 || !settled)))) {
        if (!isOpen && !--request.sends && request.sentAt[1]) request.sentAt = undefined;
        const behind = tooFast ? requests.all().filter(({ again }) => again).length : 0;
        request.again = setTimeout(requests.send, sends * (500 + 1000 * Math.random()) + PACE_MS * behind, request);
        return;
      }
      forget(request);
      try {
        if (error) throw error;
        const value = onReply ? onReply(reply, request) : reply;
        if (value?.then) value.then(request.resolve, request.reject);
        else request.resolve(value);
      } catch (error) {
        request.reject(error);
      }
    },

    giveUp(request, why, sessionOver) {
      const { op, fields, sends, settled, must } = request;
      if (!pending.has(request.id)) return;
      const callBack = !sessionOver && sends && op === "acquireLock";
      if (sessionOver || !(must || callBack)) forget(request);
      if (settled) return;
      const first = requests.any(op, fields);
      if (callBack && (first === request || !first?.fields.retry)) requests.start("cancelAcquire", whereOf(fields)).promise.catch(ignore);
      request.settled = true;
      request.reject(typeof why === "string" ? failure(op, must || sends ? UNKNOWN[0] : UNAVAILABLE, why) : why);
    },

    onNewSession() {
      for (const request of pending.values()) {
        const { op, sends, settled, must, fields } = request;
        if (settled || must || (sends && !HARMLESS.test(op) && !fields.retry)) requests.giveUp(request, "the session ended", true);
      }
    },
  };
  return requests;
};
