// SPDX-License-Identifier: Apache-2.0

export const TOKEN_REFUSED = [-10005, -10009];
export const NOT_LOGGED_IN = -10002;
export const LOST = -14001;
export const BUSY = -14007;
export const NO_SUCH_LOCK = -14008;
export const UNAVAILABLE = -14009;
export const RATE_LIMITED = -10021;
export const UNKNOWN = [-14002, -12018];
const RETRYABLE = [...UNKNOWN, UNAVAILABLE, RATE_LIMITED, -12019];

export class RtmError extends Error {
  name = "RtmError";
  error = true;

  /** @param {any} failure */
  constructor(failure) {
    super(failure.reason);
    this.code = failure.errorCode;
    this.retryable = RETRYABLE.includes(this.code);
    Object.assign(this, failure);
  }
}

export const failure = (operation = "", errorCode = 0, reason = "", cause = "") =>
  new RtmError({ errorCode, operation, reason, detail: cause ? { cause } : undefined });

export const ignore = () => {};
export const mustCall = (/** @type {unknown} */ value) => {
  if (typeof value !== "function") throw new TypeError(`not a function: ${value}`);
};
export const listen = globalThis.addEventListener ?? ignore;
export const unlisten = globalThis.removeEventListener ?? ignore;

/** @returns {any} */
export const whereOf = (/** @type {any} */ { channelName, channel = channelName, channelType, lockName, fencingToken }) =>
  ({ channel, channelType, lockName, fencingToken });
export const keyOf = (/** @type {any} */ { channel, channelType, lockName }) =>
  `${channelType == 2 || channelType === "STREAM"}/${channel}/${lockName}`;

export const stamp = () => [performance.now(), Date.now()];
export const since = ([now, wall] = stamp()) => Math.max(performance.now() - now, Date.now() - wall);

export async function unless(/** @type {any} */ promise, /** @type {any} */ signal, ms = 0, /** @type {any} */ late = undefined) {
  const { promise: over, reject } = deferred();
  const leave = () => reject(signal?.reason);
  const timer = ms && setTimeout(reject, ms, late);
  signal?.addEventListener("abort", leave);
  if (signal?.aborted) leave();
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
  }
}

/** @returns {any} */
export function deferred() {
  const ends = {};
  const promise = new Promise((resolve, reject) => Object.assign(ends, { resolve, reject }));
  return { promise, ...ends };
}
