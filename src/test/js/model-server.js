// SPDX-License-Identifier: Apache-2.0
import { ModelLocks, typeOf } from "./model-locks.js";

const HEARTBEAT_MS = 5000;
const OFFLINE_AFTER_MS = 15_000;
const LOGIN_MS = 10_000;
const LEAVE_GRACE_MS = 2000;
const SESSION_MS = 300_000;
const ANSWERS_MS = 60_000;

const LOCK_OPS = ["setLock", "acquireLock", "cancelAcquire", "releaseLock", "revokeLock", "removeLock"];
const CHANNEL_OPS = [...LOCK_OPS, "getLock", "subscribe", "unsubscribe"];
/** Done again when asked again. */
const IDEMPOTENT = ["getLock", "subscribe", "unsubscribe"];
const OPS = [...CHANNEL_OPS, "logout", "ping"];
const NAME = /^[A-Za-z0-9 !#$%&()+,:;<=>?@[\]^`{|}~-][\w !#$%&()+,:;<=>?@[\]^`{|}~-]{0,63}$/;

const isId = (id) => Number.isSafeInteger(id) && id >= 1;

/** Says what of a frame the contract does not know; nothing when it is well made. */
function faultOf(frame) {
  const { op, id, n, channel, lockName, ttl, fencingToken, timeoutMs } = frame;
  if (op === "heartbeat") return isId(n) && id === undefined ? undefined : "n";
  if (!isId(id)) return "id";
  if (op !== "login" && !OPS.includes(op)) return "op";
  if (CHANNEL_OPS.includes(op) && !NAME.test(channel)) return "channel";
  if (LOCK_OPS.includes(op) && !NAME.test(lockName)) return "lockName";
  for (const [name, value] of Object.entries({ ttl, fencingToken, timeoutMs }))
    if (value !== undefined && !Number.isSafeInteger(value)) return name;
}

/**
 * The service as PROTOCOL.md tells it, in one process and in one step for each frame; where the contract leaves a choice, chance takes
 * it. `world` is time (`now`, `after`), chance (`chance`, `between`) and who hears of a broken promise (`broken`).
 */
export class ModelServer extends ModelLocks {
  byToken = new Map();
  nodes = [1, 2].map((n) => ({ name: `n${n}`, isOpen: true, hasQuorum: true }));
  connections = new Set();
  /** No refusal but those the caller earned. */
  isCalm = false;
  serial = 0;

  // Connections

  accept(connection) {
    Object.assign(connection, { session: undefined, heardAt: this.world.now, beat: 0, acked: 0 });
    this.connections.add(connection);
    connection.late = this.world.after(LOGIN_MS, () => this.close(connection, 4408));
  }

  /** The service ends a connection. */
  close(connection, code) {
    if (!this.connections.has(connection)) return;
    connection.endFromServer(code);
    this.ended(connection, 1006);
  }

  /** A connection ended, as the service sees it. */
  ended(connection, code) {
    if (!this.connections.delete(connection)) return;
    connection.late.cancel();
    connection.tick?.cancel();
    const { session } = connection;
    if (session?.connection !== connection) return;
    session.connection = undefined;
    session.isOnline = false;
    session.subscriptions.clear();
    if (code === 1000) return this.end(session, "LOGOUT");
    this.setOnline(session, false);
    if (code === 1001) session.leaving = this.world.after(LEAVE_GRACE_MS, () => this.releaseAll(session));
    session.over = this.world.after(SESSION_MS + this.later(), () => this.end(session, "OFFLINE"));
  }

  /** Anything at all was heard: a frame, or the pong of a browser whose page sleeps. */
  onPong(connection) {
    if (!this.connections.has(connection)) return;
    connection.heardAt = this.world.now;
    const { session, node } = connection;
    if (session?.connection === connection && node.hasQuorum) session.heardAt = this.world.now;
  }

  tick(connection) {
    if (this.world.now - connection.heardAt > OFFLINE_AFTER_MS) return this.close(connection, 1006);
    connection.ping();
    const { node, acked } = connection;
    connection.deliver({ event: "heartbeat", n: ++connection.beat, acked, quorum: node.hasQuorum });
    connection.tick = this.world.after(HEARTBEAT_MS, () => this.tick(connection));
  }

  receive(connection, text) {
    if (!this.connections.has(connection)) return;
    const frame = JSON.parse(text);
    const fault = faultOf(frame);
    if (fault) this.world.broken("everyFrameIsWellMade", `${fault} of ${text}`);
    this.onPong(connection);
    const { session } = connection;
    if (!session === (frame.op !== "login")) this.world.broken("loginComesFirstAndOnce", text);
    if (frame.op === "login") return this.login(connection, frame);
    if (frame.op === "heartbeat") this.beat(session, connection, frame);
    else this.request(session, connection, frame);
  }

  beat(session, connection, { n }) {
    connection.acked = Math.max(connection.acked, n);
    session.losses = session.losses.filter(({ at, beat }) => at !== connection || beat >= n);
  }

  // Sessions

  login(connection, frame) {
    const { world } = this;
    connection.late.cancel();
    if (!this.isCalm && world.chance(0.05)) return this.close(connection, 1013);
    const known = this.byToken.get(frame.resumeToken);
    if (!connection.node.hasQuorum || (!this.isCalm && world.chance(0.05)))
      return connection.deliver(this.refusal(frame, -14009));
    const session = known ?? this.newSession(frame);
    if (session.connection) {
      const former = session.connection;
      session.connection = connection;
      this.close(former, 4409);
    }
    const { page = connection.page } = session;
    if (page !== connection.page && !page.isDead) this.world.isAnyShared = page.isShared = connection.page.isShared = true;
    session.page = connection.page;
    session.over?.cancel();
    session.leaving?.cancel();
    for (const token of session.tokens) if (token !== frame.resumeToken) this.byToken.delete(token);
    const resumeToken = `r${++this.serial}`;
    session.tokens = [frame.resumeToken, resumeToken];
    this.byToken.set(resumeToken, session);
    this.noteId(session, frame);
    Object.assign(session, { connection, heardAt: world.now });
    Object.assign(connection, { session, heardAt: world.now });
    const places = known && { held: this.held(session), waiting: this.waiting(session) };
    connection.deliver({
      id: frame.id, errorCode: 0, timestamp: world.now, userId: session.userId, sessionId: session.id, resumeToken,
      resumed: !!known, heartbeatMs: HEARTBEAT_MS, offlineAfterMs: OFFLINE_AFTER_MS, node: connection.node.name, ...places,
    });
    session.outbox.length = 0;
    this.setOnline(session, true);
    connection.tick = world.after(world.between(0, HEARTBEAT_MS), () => this.tick(connection));
  }

  newSession({ userId }) {
    const fields = { connection: undefined, tokens: [], ids: new Map(), requests: new Map(), isOnline: false };
    return { id: `s${++this.serial}`, userId, losses: [], outbox: [], subscriptions: new Set(), ...fields };
  }

  held(session) {
    return this.owned(session).map(({ where, token }) => ({ ...where, fencingToken: token }));
  }

  waiting(session) {
    return this.locks.flatMap(({ where, waiters }) =>
      waiters.flatMap((it, i) => (it.session === session ? [{ ...where, requestId: it.request.id, position: i + 1 }] : [])));
  }

  owned(session) {
    return this.locks.filter(({ owner }) => owner === session);
  }

  setOnline(session, isOnline) {
    session.isOnline = isOnline;
    if (isOnline) this.flush(session);
    for (const lock of this.locks) {
      if (lock.owner === session) this.countDown(lock);
      for (const waiter of lock.waiters) if (waiter.session === session) this.lapse(lock, waiter);
      if (isOnline) this.handOver(lock);
    }
  }

  /** What a session missed, first the losses of which it has not shown that it knows. */
  flush(session) {
    for (const loss of session.losses) {
      session.connection.deliver(loss.frame);
      Object.assign(loss, { at: session.connection, beat: session.connection.beat });
    }
    for (const frame of session.outbox.splice(0)) session.connection.deliver(frame);
    for (const channel of session.subscriptions) this.snapshot(session, channel);
  }

  releaseAll(session) {
    for (const lock of this.owned(session)) this.vacate(lock, "RELEASED", "LOGOUT");
  }

  /** The session is over, on purpose or because nobody came back. */
  end(session, cause) {
    session.tokens.forEach((token) => this.byToken.delete(token));
    session.over?.cancel();
    session.leaving?.cancel();
    for (const lock of this.locks)
      for (const waiter of lock.waiters) if (waiter.session === session) this.refuseWait(lock, waiter, -14007, cause);
    this.releaseAll(session);
  }

  /** A node loses the cluster, or finds it again; its sessions are offline meanwhile, though they are connected. */
  setQuorum(node, hasQuorum) {
    node.hasQuorum = hasQuorum;
    const sessions = [...this.connections].filter((it) => it.node === node && it.session).map(({ session }) => session);
    for (const session of sessions) session.isOnline = hasQuorum;
    if (hasQuorum) sessions.forEach((session) => this.flush(session));
    for (const session of sessions) this.setOnline(session, hasQuorum);
  }

  // Requests

  noteId(session, { id, op, channel, lockName }) {
    const what = [op, channel, lockName].join();
    const before = session.ids.get(id) ?? what;
    if (before !== what && !session.page.isShared) this.world.broken("noIdIsUsedAgain", `${id}: ${before}, then ${what}`);
    session.ids.set(id, what);
  }

  request(session, connection, frame) {
    this.noteId(session, frame);
    const { id, op } = frame;
    if (op === "ping") return connection.deliver(this.success({ id }));
    if (!connection.node.hasQuorum) return connection.deliver(this.refusal(frame, -14009));
    const known = session.requests.get(id);
    if (known?.answer) return this.send(session, known.answer);
    if (known) {
      known.isMuted = false;
      return this.place(session, known);
    }
    const { world } = this;
    const trouble = !this.isCalm && op !== "logout" && world.chance(0.06) && world.pick([-14009, -10021, -14002, -14002]);
    if (trouble) connection.deliver(this.refusal(frame, trouble));
    if (trouble && (trouble !== -14002 || world.chance(0.5))) return;
    const request = { ...frame, isMuted: !!trouble, answer: undefined };
    session.requests.set(id, request);
    this[op](session, request, CHANNEL_OPS.includes(op) ? this.channel(frame) : undefined);
  }

  success(request, more = {}) {
    const { id, channel, channelType, lockName } = request;
    const where = channel && { channel, channelType: typeOf(channelType), lockName };
    return { id, errorCode: 0, timestamp: this.world.now, ...where, ...more };
  }

  refusal({ id, op }, errorCode, cause) {
    const retryable = [-14009, -14002, -10021].includes(errorCode);
    const reason = `refused by the model: ${errorCode}`;
    return { id, errorCode, operation: op, reason, timestamp: this.world.now, retryable, ...(cause && { detail: { cause } }) };
  }

  /** The one answer of a request, remembered for a while. */
  answer(session, request, answer) {
    request.answer = IDEMPOTENT.includes(request.op) ? undefined : answer;
    if (!request.answer) session.requests.delete(request.id);
    this.world.after(ANSWERS_MS, () => session.requests.delete(request.id));
    if (!request.isMuted) this.send(session, answer);
  }

  send(session, frame) {
    if (session.isOnline) session.connection.deliver(frame);
    else session.outbox.push(frame);
  }

  refuse = (session, request, errorCode, cause) => this.answer(session, request, this.refusal(request, errorCode, cause));

  logout(session, request) {
    const { connection } = session;
    this.end(session, "LOGOUT");
    this.answer(session, request, this.success({ id: request.id }));
    session.connection = undefined;
    session.isOnline = false;
    this.close(connection, 1000);
  }
}
