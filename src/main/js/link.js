// SPDX-License-Identifier: Apache-2.0
/** @import { Link, LinkState, NewLink } from "./internal.js" */
import { LOST, RtmError, TOKEN_REFUSED, failure, ignore, since, stamp } from "./wire.js";

const DROPPED = 4000;
const REFUSED = 4400;
const ORIGIN_REFUSED = 4403;
const FINAL = [REFUSED, ORIGIN_REFUSED, 4409];

/** @type {NewLink} */
export const createLink = (
  { urls, WebSocket, onFrame, connectTimeoutMs, suspendAfterMs },
  { loginFrame, onLogin, canRenew, onMessage, onState },
) => {
  /** @type {LinkState} */
  let state = "IDLE";
  /** @type {any} */
  let socket;
  /** @type {any} */
  let timer;
  let downSince = stamp();
  let attemptMs = connectTimeoutMs / urls.length;
  let up = false;
  let tries = 0;
  let failures = 0;

  const after = (ms = 0, run = () => {}) => {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };

  const transmit = (text = "") => {
    socket.send(text);
    onFrame?.("out", text);
    return true;
  };

  /** @type {Link["close"]} */
  const become = (next, reason, cause) => {
    const previous = state;
    state = next;
    if (next !== previous) onState(next, previous, reason, cause);
  };

  /** @type {Link["close"]} */
  const close = (next, reason, cause) => {
    const old = socket;
    socket = undefined;
    up = false;
    clearTimeout(timer);
    old?.close(next === "IDLE" ? 1000 : DROPPED);
    become(next, reason, cause);
  };

  /** @returns {void} */
  const lost = (code = 0, reason = "", /** @type {any} */ cause = code) => {
    const final = FINAL.includes(code) || (code === 4401 && !canRenew());
    const atOnce = code === 4401 || (code === 1001 && up);
    if (up) downSince = stamp();
    if (code === 1013 || code === 4429) failures += 4;
    tries++;
    const next = since(downSince) < suspendAfterMs ? "DISCONNECTED" : "SUSPENDED";
    if (code === ORIGIN_REFUSED) reason = "the server refuses pages of this origin: it is not in its http.allowedOrigins";
    close(final ? "FAILED" : next, reason || `closed: ${code}`, cause);
    if (!final && !socket) after(atOnce ? 0 : Math.random() * Math.min(20_000, 500 * 2 ** failures++), connect);
  };

  const connect = () => {
    /** @type {any} */
    let mine;
    const sentAt = stamp();
    let silenceMs = 0;
    const url = urls[tries % urls.length];
    after(attemptMs, () => lost(DROPPED, "no answer to login"));
    try {
      mine = socket = new WebSocket(url, "rtm-locks.v1");
    } catch (error) {
      const why = WebSocket ? `cannot connect to ${url}: ${error}` : "there is no WebSocket here: hand one in, as an option";
      return lost(REFUSED, why, failure("login", LOST, why));
    }
    const ifMine = (/** @type {(event: any) => void} */ run) => (/** @type {any} */ event) => mine === socket && run(event);
    const login = ifMine((frame) => transmit(JSON.stringify(frame)));
    become("CONNECTING", "connecting");
    mine.onopen = () => loginFrame().then(login, ifMine((error) => lost(DROPPED, `no token: ${error}`)));
    mine.onerror = ignore;
    mine.onclose = ifMine(({ code, reason }) => lost(code, reason));
    mine.onmessage = ifMine(({ data }) => {
      onFrame?.("in", data);
      const message = JSON.parse(data);
      const { errorCode, reason, offlineAfterMs } = message;
      if (!up && errorCode) {
        const error = new RtmError(message);
        return lost(TOKEN_REFUSED.includes(errorCode) ? 4401 : error.retryable ? DROPPED : REFUSED, reason, error);
      }
      silenceMs ||= offlineAfterMs;
      after(silenceMs, () => lost(DROPPED, "no sign of life"));
      if (up) return onMessage(message);
      up = true;
      failures = 0;
      attemptMs = connectTimeoutMs;
      onLogin(message, sentAt);
      become("CONNECTED", "logged in");
    });
  };

  return {
    state: () => state,
    open() {
      if (socket) return;
      failures = 0;
      downSince = stamp();
      connect();
    },
    send: (text) => up && transmit(text),
    drop: () => socket && lost(DROPPED, "dropped"),
    close,
  };
};
