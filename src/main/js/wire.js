// SPDX-License-Identifier: Apache-2.0

/** The error codes this SDK acts on or gives itself (PROTOCOL.md §4). */
export const NOT_LOGGED_IN = -10002;
export const TOKEN_REFUSED = [-10005, -10009];
export const FAILED = -14001;
export const UNKNOWN = -14002;
export const BUSY = -14007;
export const NO_SUCH_LOCK = -14008;
export const UNAVAILABLE = -14009;
const STORAGE_UNKNOWN = -12018;
const RETRYABLE = [-10021, UNKNOWN, UNAVAILABLE, STORAGE_UNKNOWN, -12019];

/** A refusal, by the service or by this SDK. */
export class RtmError extends Error {
  constructor(/** @type {any} */ failure) {
    super(failure.reason);
    const code = failure.errorCode;
    Object.assign(this, { name: "RtmError", error: true, code, retryable: RETRYABLE.includes(code) }, failure);
  }
}

/** A refusal of our own, worded as the wire's. */
export const failure = (op = "", errorCode = 0, reason = "", cause = "") =>
  new RtmError({ errorCode, operation: `RTM${op[0].toUpperCase()}${op.slice(1).replace("cquireLock", "cquire")}Operation`, reason, detail: { cause } });

/** May have happened all the same: asking again with the same id tells. */
export const isUnknown = (code = 0) => code === UNKNOWN || code === STORAGE_UNKNOWN;

export const ignore = () => {};
export const report = (/** @type {unknown} */ error) => (globalThis.reportError ?? console.error)(error);

export const channelKey = (/** @type {any} */ { channel, channelType }) => `${channelType == 2 || channelType === "STREAM"}/${channel}`;
export const lockKey = (/** @type {any} */ where) => `${channelKey(where)}/${where.lockName}`;

/** Now, on the monotonic clock and on the wall's. */
export const stamp = () => [performance.now(), Date.now()];
/** Milliseconds since, rather too many: a monotonic clock may stand still while the machine sleeps. */
export const since = ([now = 0, wall = 0]) => Math.max(performance.now() - now, Date.now() - wall);

/** @returns {any} a promise with its two ends */
export function deferred() {
  const ends = {};
  return Object.assign(ends, { promise: new Promise((resolve, reject) => Object.assign(ends, { resolve, reject })) });
}
