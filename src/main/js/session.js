// SPDX-License-Identifier: Apache-2.0
/** @import { NewSession, Session } from "./internal.js" */
import { createGrants } from "./grants.js";
import { createLink } from "./link.js";
import { createRequests } from "./requests.js";
import { createTab } from "./tab.js";
import { LOST, NOT_LOGGED_IN, UNAVAILABLE, deferred, failure, ignore, keyOf, listen, stamp, unlisten } from "./wire.js";

const LOGOUT_MS = 2000;
const BEATS_MOST = 64;
const HEARTBEATS_OF_TRUST = 1.5;

const MAY_BE = "perhaps no server can be reached there, or this page's origin is not in its http.allowedOrigins";

/** @type {NewSession} */
export const createSession = (options, emit) => {
  const { userId, getToken, urls, requestTimeoutMs, connectTimeoutMs } = options;
  let { token } = options;
  let stale = !token;
  let fresh = false;
  let exits = 0;
  /** @type {any} */
  let hello;
  /** @type {any} */
  let entering;
  /** @type {Promise<any> | undefined} */
  let leaving;
  /** @type {string | undefined} */
  let trouble = "no answer";
  /** @type {any[]} */
  let waiting = [];
  const beats = new Map();
  const subscriptions = new Map();

  const tab = createTab(`rtm-locks:${[...urls].sort()}:${userId}`);
  const requests = createRequests(requestTimeoutMs, tab.nextId, (text) => link.send(text));

  const sayLost = (/** @type {any[]} */ wheres) => {
    for (const where of wheres) onMessage({ event: "session", type: "LOCK_LOST", cause: "SESSION_LOST", ...where });
  };

  const prove = (/** @type {any} */ { channel, channelType }) => {
    const where = { channel, channelType };
    const onReply = (/** @type {any} */ { locks }, /** @type {any} */ { sentAt }) => {
      grants.confirm(locks.map((/** @type {any} */ lock) => ({ ...lock, ...where })), sentAt);
      sayLost(grants.missing(where, locks));
    };
    return requests.start("getLock", where, { onReply, patient: true }).promise;
  };

  const grants = createGrants(() => HEARTBEATS_OF_TRUST * hello.heartbeatMs, prove);
  const isOff = () => ["IDLE", "FAILED"].includes(link.state());

  const renewSubscription = (/** @type {any} */ fields) => {
    if (subscriptions.get(keyOf(fields)) !== fields || requests.any("subscribe", fields)) return;
    requests.start("subscribe", fields).promise.catch((error) => {
      if (error.retryable && link.state() === "CONNECTED") setTimeout(renewSubscription, 500 + 1000 * Math.random(), fields);
      else console.error(error);
    });
  };

  const enter = (how = "", /** @type {any} */ value) => {
    clearTimeout(entering?.timer);
    entering?.[how](value);
    entering = undefined;
  };

  const tooLate = (isFirst = false) => {
    const why = `no login at ${urls.join(", ")} within ${connectTimeoutMs} ms (${trouble}): ${MAY_BE}`;
    const error = failure("login", UNAVAILABLE, why);
    if (isFirst) link.close("FAILED", why, error);
    else enter("reject", error);
  };

  const forget = () => {
    tab.close();
    subscriptions.clear();
    grants.left.clear();
    hello = undefined;
  };

  const link = createLink(options, {
    async loginFrame() {
      fresh = stale && getToken;
      if (fresh) token = await getToken();
      stale = false;
      return { id: tab.nextId(), op: "login", userId, token, resumeToken: tab.resumeToken() };
    },

    canRenew: () => (stale = getToken && !fresh),

    onLogin(reply, sentAt) {
      const unanswered = requests.all();
      fresh = false;
      beats.clear();
      tab.keep(reply.resumeToken);
      grants.check();
      waiting = reply.waiting ?? [];
      if (reply.resumed) grants.resumed(reply.held ?? [], sentAt, !hello);
      else if (hello) {
        requests.onNewSession();
        sayLost(grants.loseAll("SESSION_LOST"));
      }
      hello = reply;
      subscriptions.forEach(renewSubscription);
      unanswered.forEach(requests.send);
      enter("resolve", reply);
    },

    onState(currentState, previousState, reason, cause) {
      const off = isOff();
      if (currentState === "DISCONNECTED") trouble = reason;
      if (cause === 4409) {
        grants.loseAll("TAKEN_OVER");
        forget();
      }
      if (cause === 1009) {
        const [longest] = requests.all().sort((a, b) => b.text.length - a.text.length);
        if (longest) requests.giveUp(longest, failure(longest.op, LOST, reason), true);
      }
      if (off || currentState === "SUSPENDED") {
        const isOver = currentState === "IDLE" || cause === 4409;
        for (const request of requests.all()) requests.giveUp(request, reason, isOver);
      }
      if (off) {
        watch(unlisten);
        if (tab.resumeToken()) listen("pagehide", onHide, { capture: true });
        else tab.close();
        enter("reject", cause?.error ? cause : failure("login", currentState === "FAILED" ? LOST : UNAVAILABLE, reason));
      }
      emit("linkState", { currentState, previousState, reason, timestamp: Date.now() });
    },

    onMessage,
  });

  function onMessage(/** @type {any} */ message) {
    const { id, event, type, requestId, cause, fencingToken } = message;
    grants.check();
    if (event === "heartbeat") return onHeartbeat(message);
    if (!event) {
      const ended = !message.errorCode && requests.get(id)?.op === "releaseLock" && keyOf(message);
      waiting = waiting.filter((place) => place.requestId !== id && keyOf(place) !== ended);
      return requests.onReply(message);
    }
    if (type === "LOCK_LOST") {
      grants.over.set(keyOf(message), fencingToken);
      grants.lose(message, cause);
      emit("lockLost", message);
    }
    emit(event, message);
    if (type === "WAITING") requests.get(requestId)?.onWaiting?.(message);
    if (type === "TOKEN_WILL_EXPIRE") {
      emit("tokenWillExpire", message);
      if (getToken) renew().catch(console.error);
    }
  }

  const renew = async () => session.renewToken(getToken());

  const onHeartbeat = ({ n = 0, acked = 0, quorum = false }) => {
    const now = stamp();
    if (link.send(JSON.stringify({ op: "heartbeat", n }))) beats.set(n, now);
    if (quorum && beats.has(acked)) grants.heard(beats.get(acked));
    beats.delete(n - BEATS_MOST);
    for (const { channel, channelType } of grants.thin()) {
      const where = { channel, channelType };
      if (!requests.of("getLock", where).some(({ patient }) => patient)) prove(where).catch(ignore);
    }
  };

  const leave = async () => {
    grants.loseAll("LOGOUT");
    for (const request of requests.all()) if (request.op === "acquireLock") requests.giveUp(request, "logged out", true);
    const isKnown = !isOff() && (hello || tab.resumeToken());
    if (isKnown) link.open();
    const reply = isKnown && (await session.start("logout", {}, { patienceMs: LOGOUT_MS - requestTimeoutMs }).promise.catch(ignore));
    forget();
    link.close("IDLE", "logged out");
    return reply || { errorCode: 0, timestamp: Date.now() };
  };

  const onWake = () => {
    grants.check();
    if (!isOff()) link.open();
  };
  const onHide = ({ persisted = false }) => {
    tab.leave();
    if (persisted) grants.loseAll("PAGE_HIDDEN");
  };
  const signs = { online: onWake, pageshow: onWake, resume: onWake, visibilitychange: onWake, pagehide: onHide };
  const watch = (/** @type {any} */ how) => Object.entries(signs).forEach(([type, run]) => how(type, run, { capture: true }));

  /** @type {Session} */
  const session = {
    grants,
    requests,
    link,
    place: (where) => waiting.find((place) => keyOf(place) === keyOf(where) && !requests.get(place.requestId))?.requestId,

    start(op, fields, how) {
      const waits = link.state() === "FAILED" && hello && op === "releaseLock";
      if (leaving || (isOff() && !entering && !waits)) throw failure(op, NOT_LOGGED_IN, "call login() first");
      const request = requests.start(op, fields, how);
      if (waits || link.state() === "SUSPENDED") requests.giveUp(request, "no connection");
      return request;
    },

    ask: async (op, fields = {}) => session.start(op, fields).promise,

    async login(given) {
      stale &&= !given?.token;
      token = given?.token ?? token;
      const before = exits;
      if (leaving) await leaving;
      if (exits > before) throw failure("login", UNAVAILABLE, "logged out");
      if (link.state() === "CONNECTED") return hello;
      const { promise } = (entering ??= deferred());
      entering.timer ??= setTimeout(tooLate, connectTimeoutMs, isOff());
      watch(listen);
      tab.open();
      link.open();
      return promise;
    },

    logout() {
      exits++;
      return (leaving ??= leave().finally(() => (leaving = undefined)));
    },

    async subscribe(channel, more) {
      const fields = { channel, ...more };
      const key = keyOf(fields);
      const reply = await session.ask("subscribe", fields);
      if (grants.left.get(key) > reply.id) return reply;
      subscriptions.set(key, fields);
      grants.left.delete(key);
      return reply;
    },

    async unsubscribe(channel, more) {
      const fields = { channel, ...more };
      const key = keyOf(fields);
      subscriptions.delete(key);
      const { id, promise } = session.start("unsubscribe", fields);
      grants.left.set(key, id);
      return promise;
    },

    async renewToken(renewed) {
      const next = await renewed;
      const reply = await session.ask("renewToken", { token: next });
      token = next;
      return reply;
    },
  };
  return session;
};
