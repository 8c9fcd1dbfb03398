// SPDX-License-Identifier: Apache-2.0
/** @import { LinkState, Session } from "./internal.js" */
import { createGrants } from "./grants.js";
import { createLink } from "./link.js";
import { createRequests } from "./requests.js";
import { createTab } from "./tab.js";
import { NOT_LOGGED_IN, RtmError, UNAVAILABLE, channelKey, deferred, failure, lockKey, report, stamp } from "./wire.js";

const LOGOUT_PATIENCE_MS = 2000;
const BEATS_MOST = 64;

/**
 * One session with the service, over as many connections as it takes.
 * @type {(options: any, emit: (type: string, event: any) => void) => Session}
 */
export function createSession(options, emit) {
  const { userId, getToken, urls, requestTimeoutMs } = options;
  let { token } = options;
  let tokenStale = !token;
  let tokenFresh = false;
  /** @type {any} */
  let hello, entering, opened;
  /** The latest moment at which the service has proved to have heard us. */
  let heardAt = [-Infinity];
  /** When heartbeat n of this connection was answered. */
  const beats = new Map();
  const subscriptions = new Map();
  const confirming = new Set();
  /** Places in queues kept over a reload: lock -> request id. */
  const places = new Map();

  const tab = createTab(`rtm-locks:${urls}:${userId}`);
  const grants = createGrants();
  const requests = createRequests(requestTimeoutMs, tab.nextId, (text) => link.send(text));

  const loginFrame = async () => {
    tokenFresh = tokenStale && getToken;
    if (tokenFresh) token = await getToken();
    tokenStale = false;
    return { id: tab.nextId(), op: "login", userId, token, resumeToken: tab.resumeToken() };
  };

  const canRenew = () => (tokenStale = getToken && !tokenFresh);

  const enter = (end = "reject", /** @type {any} */ value = hello) => {
    entering?.[end](value);
    entering = undefined;
  };

  const tellLost = (/** @type {any} */ lock) => emit("lockLost", { event: "session", type: "LOCK_LOST", ...lock });

  const resubscribe = (/** @type {any} */ fields, key = "") =>
    requests.start("subscribe", fields).promise.catch((/** @type {any} */ error) => {
      if (!error.retryable) subscriptions.delete(key);
      report(error);
    });

  const onLogin = (/** @type {any} */ reply, sentAt = [0]) => {
    const unanswered = requests.all();
    beats.clear();
    confirming.clear();
    places.clear();
    tab.keep(reply.resumeToken);
    if (reply.resumed) {
      grants.check();
      grants.confirm(reply.held, sentAt);
      for (const place of reply.waiting) if (!requests.get(place.requestId)) places.set(lockKey(place), place.requestId);
    } else if (hello) {
      const cause = "SESSION_LOST";
      for (const { where, token } of grants.loseAll(cause)) tellLost({ ...where, fencingToken: token, cause });
      requests.onNewSession();
    }
    hello = reply;
    subscriptions.forEach(resubscribe);
    unanswered.forEach(requests.send);
    enter("resolve");
  };

  const onState = (/** @type {LinkState} */ currentState, /** @type {LinkState} */ previousState, reason = "", /** @type {any} */ cause = undefined) => {
    const over = currentState === "IDLE" || currentState === "FAILED";
    if (cause === 4409) forget(grants.loseAll("TAKEN_OVER"));
    if (over || currentState === "SUSPENDED") {
      for (const request of requests.all()) requests.giveUp(request, reason, over);
      enter("reject", cause instanceof RtmError ? cause : failure("login", UNAVAILABLE, reason));
    }
    emit("linkState", { currentState, previousState, reason, timestamp: Date.now() });
  };

  const onMessage = (/** @type {any} */ message) => {
    const { id, event, type, requestId, cause, fencingToken, n } = message;
    grants.check();
    if (!event) {
      for (const [key, place] of places) if (place === id) places.delete(key);
      return requests.onReply(message);
    }
    if (event === "heartbeat") return onHeartbeat(message);
    if (type === "LOCK_LOST") {
      grants.lose(message, cause, fencingToken);
      tellLost(message);
    }
    emit(event, message);
    if (type === "TOKEN_WILL_EXPIRE" && getToken) Promise.resolve(getToken()).then(session.renewToken).catch(report);
    if (type === "WAITING") requests.get(requestId)?.onWaiting?.(message);
  };

  const onHeartbeat = ({ n = 0, acked = 0, quorum = false }) => {
    const now = stamp();
    if (link.send(JSON.stringify({ op: "heartbeat", n }))) beats.set(n, now);
    if (quorum && beats.has(acked)) grants.heard((heardAt = beats.get(acked)));
    for (const old of beats.keys()) if (old < acked || beats.size > BEATS_MOST) beats.delete(old);
    // Heartbeats alone leave a short ttl no slack: ask the shard before the trust ends.
    for (const { channel, channelType } of grants.thin(1.5 * hello.heartbeatMs)) {
      const key = channelKey({ channel, channelType });
      if (confirming.has(key)) continue;
      confirming.add(key);
      const done = () => confirming.delete(key);
      const request = requests.start("getLock", { channel, channelType });
      request.promise.then(({ locks = [{}] }) => grants.confirm(locks.map((lock) => ({ ...lock, channel, channelType })), request.sentAt)).then(done, done);
    }
  };

  const link = createLink(options, { loginFrame, onLogin, canRenew, onMessage, onState });

  const forget = (_ = {}) => {
    tab.close();
    opened = undefined;
    subscriptions.clear();
  };

  for (const type of ["online", "pageshow", "resume", "visibilitychange"]) {
    globalThis.addEventListener?.(type, () => {
      grants.check();
      if (hello && ["DISCONNECTED", "SUSPENDED"].includes(link.state())) link.open();
    }, true);
  }
  // To the service a page in the back/forward cache is gone; its locks may be released while it is away.
  globalThis.addEventListener?.("pagehide", ({ persisted }) => persisted && grants.loseAll("PAGE_HIDDEN"));

  /** @type {Session} */
  const session = {
    grants,
    requests,
    link,
    places,
    hello: () => hello,
    baseOf: (sentAt) => (sentAt[0] > heardAt[0] ? sentAt : heardAt),

    async login(given) {
      token = given?.token ?? token;
      if (link.state() === "CONNECTED") return hello;
      const { promise } = (entering ??= deferred());
      await (opened ??= tab.open());
      if (entering) link.open();
      return promise;
    },

    async logout() {
      await opened;
      grants.loseAll("LOGOUT");
      const leaving = requests.start("logout", {});
      setTimeout(() => requests.giveUp(leaving, "no answer"), link.state() === "CONNECTED" ? LOGOUT_PATIENCE_MS : 0);
      const reply = await leaving.promise.catch(() => ({ errorCode: 0, timestamp: Date.now() }));
      forget();
      link.close("IDLE", "logged out");
      return reply;
    },

    async start(op, fields, how) {
      await opened;
      const state = link.state();
      if (!entering && (state === "IDLE" || state === "FAILED")) throw failure(op, NOT_LOGGED_IN, "not logged in: call login() first");
      const request = requests.start(op, fields, how);
      if (state === "SUSPENDED") requests.giveUp(request, "no connection");
      return request;
    },

    ask: async (op, fields = {}) => (await session.start(op, fields)).promise,

    async subscribe(channel, more) {
      const fields = { channel, ...more };
      const key = channelKey(fields);
      const reply = await session.ask("subscribe", fields);
      subscriptions.set(key, fields);
      grants.left.delete(key);
      return reply;
    },

    unsubscribe(channel, more) {
      const fields = { channel, ...more };
      const key = channelKey(fields);
      subscriptions.delete(key);
      grants.left.add(key);
      return session.ask("unsubscribe", fields);
    },

    renewToken(renewed) {
      token = renewed;
      return session.ask("renewToken", { token });
    },
  };
  return session;
}
