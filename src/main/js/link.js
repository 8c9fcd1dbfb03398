// SPDX-License-Identifier: Apache-2.0
/** @import { Link, LinkState } from "./internal.js" */
import { RtmError, TOKEN_REFUSED, since, stamp } from "./wire.js";

/** Neither 1000 nor 1001: we mean to come back, so our locks are not to be released. */
const DROPPED = 4000;
const TAKE_TOKEN = 4401;
/** Trying again would be refused again, or start a fight. */
const FINAL = [4400, 4403, 4409];

/**
 * One connection at a time, kept up: IDLE -> CONNECTING -> CONNECTED -> DISCONNECTED -> CONNECTING …
 * SUSPENDED is DISCONNECTED for long; out of IDLE and FAILED only `open` leads.
 * @type {(options: any, hooks: any) => Link}
 */
export function createLink({ urls, WebSocket, onFrame, connectTimeoutMs, suspendAfterMs }, { loginFrame, onLogin, canRenew, onMessage, onState }) {
  /** @type {LinkState} */
  let state = "IDLE";
  /** @type {any} */
  let socket, timer, downSince;
  let up = false;
  let tried = 0;
  let failures = 0;

  const after = (ms = 0, run = () => {}) => {
    clearTimeout(timer);
    timer = setTimeout(run, ms);
  };

  const transmit = (text = "") => {
    if (socket?.readyState !== 1) return false;
    socket.send(text);
    onFrame?.("out", text);
    return true;
  };

  const become = (/** @type {LinkState} */ next, reason = "", /** @type {any} */ cause = undefined) => {
    const previous = state;
    state = next;
    if (next !== previous) onState(next, previous, reason, cause);
  };

  const close = (/** @type {LinkState} */ next, reason = "", /** @type {any} */ cause = undefined) => {
    const old = socket;
    socket = undefined;
    up = false;
    clearTimeout(timer);
    old?.close(next === "IDLE" ? 1000 : DROPPED);
    become(next, reason, cause);
  };

  const lost = (code = DROPPED, reason = "", cause = code, holdMs = NaN) => {
    const now = code === TAKE_TOKEN || (code === 1001 && up);
    const final = FINAL.includes(code) || (code === TAKE_TOKEN && !canRenew());
    if (up) downSince = stamp();
    if (code === 1013 || code === 4429) failures += 4;
    tried++;
    close(final ? "FAILED" : since(downSince) > suspendAfterMs ? "SUSPENDED" : "DISCONNECTED", reason || `connection ended (${code})`, cause);
    if (final) return;
    if (now) return connect();
    const waitMs = holdMs >= 0 ? holdMs : Math.random() * Math.min(20_000, 500 * 2 ** failures++);
    if (waitMs < Infinity) after(waitMs, connect);
  };

  const connect = () => {
    /** @type {any} */
    let mine, login, sentAt, silenceMs;
    become("CONNECTING", "connecting");
    after(connectTimeoutMs, () => lost(DROPPED, "no answer to the login"));
    try {
      mine = socket = new WebSocket(urls[tried % urls.length], "rtm-locks.v1");
    } catch (error) {
      return close("FAILED", String(error));
    }
    mine.onopen = async () => {
      try {
        login = await loginFrame();
        sentAt = stamp();
        if (mine === socket) transmit(JSON.stringify(login));
      } catch (error) {
        if (mine === socket) lost(DROPPED, `no token: ${error}`);
      }
    };
    mine.onclose = (/** @type {any} */ { code, reason }) => mine === socket && lost(code, reason);
    mine.onmessage = (/** @type {any} */ { data }) => {
      if (mine !== socket) return;
      onFrame?.("in", data);
      const message = JSON.parse(data);
      const { errorCode, reason } = message;
      if (!up && errorCode) {
        const error = new RtmError(message);
        if (TOKEN_REFUSED.includes(errorCode)) lost(TAKE_TOKEN, reason, error);
        else if (error.retryable) lost(DROPPED, reason);
        else close("FAILED", reason, error);
        return;
      }
      silenceMs ??= message.offlineAfterMs;
      after(silenceMs, () => lost(DROPPED, "nothing heard for too long"));
      if (up) return onMessage(message);
      up = true;
      failures = 0;
      onLogin(message, sentAt);
      become("CONNECTED", "logged in");
    };
  };

  return {
    state: () => state,
    open() {
      if (socket) return;
      if (state === "IDLE" || state === "FAILED") downSince = stamp();
      failures = 0;
      connect();
    },
    send: (text) => up && transmit(text),
    drop: (holdMs) => socket && lost(DROPPED, "dropped on request", DROPPED, holdMs),
    close,
  };
}
