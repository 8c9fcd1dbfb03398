// SPDX-License-Identifier: Apache-2.0

/** `ttl` is a lower bound. */
const LATER_MS = 2000;

export const typeOf = (channelType = 1) => (channelType === 2 || channelType === "STREAM" ? "STREAM" : "MESSAGE");

/**
 * Channels and their locks as PROTOCOL.md §4 and §5 tell them. Who asks, and how an answer reaches it, is the affair of `ModelServer`,
 * which extends this.
 */
export class ModelLocks {
  channels = new Map();
  /** Grants that were taken from their owner: it may go on until it hears of it. */
  taken = new Set();
  fence = 0;

  constructor(world) {
    this.world = world;
  }

  /** Whether this is the token of an owner, or of one that was taken by others and may not have heard of it. */
  mayTrust(token) {
    return this.taken.has(token) || this.locks.some((lock) => lock.owner && lock.token === token);
  }

  get locks() {
    return [...this.channels.values()].flatMap(({ locks }) => [...locks.values()]);
  }

  channel({ channel, channelType }) {
    const key = `${typeOf(channelType)}/${channel}`;
    const made = this.channels.get(key) ?? { key, channel, channelType: typeOf(channelType), seq: 0, locks: new Map() };
    this.channels.set(key, made);
    return made;
  }

  // Requests of a channel

  subscribe(session, request, channel) {
    session.subscriptions.add(channel);
    for (const lock of channel.locks.values()) {
      if (lock.owner !== session || !lock.isLeft) continue;
      lock.isLeft = false;
      this.countDown(lock);
    }
    this.answer(session, request, this.success(request, { seq: channel.seq }));
    this.snapshot(session, channel);
  }

  unsubscribe(session, request, channel) {
    session.subscriptions.delete(channel);
    for (const lock of channel.locks.values()) {
      for (const waiter of lock.waiters) if (waiter.session === session) this.refuseWait(lock, waiter, -14007, "UNSUBSCRIBED");
      if (lock.owner !== session || lock.isLeft) continue;
      lock.isLeft = true;
      this.countDown(lock);
    }
    this.answer(session, request, this.success(request));
  }

  getLock(session, request, channel) {
    const locks = this.view(channel, request.withQueue);
    this.answer(session, request, this.success(request, { totalLocks: locks.length, locks, seq: channel.seq }));
  }

  setLock(session, request, channel) {
    const known = channel.locks.get(request.lockName);
    if (known && request.ifExists !== "keep") return this.refuse(session, request, -14004);
    const { ttl } = known ?? this.create(session, request, channel);
    this.answer(session, request, this.success(request, { ttl }));
  }

  acquireLock(session, request, channel) {
    const lock = channel.locks.get(request.lockName) ?? (request.create ? this.create(session, request, channel) : undefined);
    if (!lock) return this.refuse(session, request, -14008);
    if (lock.owner === session) return this.answer(session, request, this.granted(lock, request, 0));
    if (lock.waiters.some((it) => it.session === session)) return this.refuse(session, request, -14003);
    if (!lock.owner) return this.own(lock, session, request, 0);
    if (!request.retry) return this.refuse(session, request, -14007);
    const waiter = { session, request, since: this.world.now };
    lock.waiters.push(waiter);
    const end = () => this.refuseWait(lock, waiter, -14007, "TIMEOUT");
    waiter.timeout = request.timeoutMs && this.world.after(request.timeoutMs, end);
    this.place(session, request);
  }

  cancelAcquire(session, request, channel) {
    const lock = channel.locks.get(request.lockName);
    if (!lock) return this.refuse(session, request, -14008);
    const waiter = lock.waiters.find((it) => it.session === session);
    if (waiter) this.refuseWait(lock, waiter, -14007, "CANCELLED");
    this.answer(session, request, this.success(request, { cancelled: !!waiter }));
  }

  releaseLock(session, request, channel) {
    const lock = channel.locks.get(request.lockName);
    const { fencingToken } = request;
    if (!lock) return this.refuse(session, request, -14008);
    if (lock.owner !== session || (fencingToken ?? lock.token) !== lock.token) return this.refuse(session, request, -14006);
    this.answer(session, request, this.success(request));
    this.vacate(lock, "RELEASED", "RELEASED");
  }

  revokeLock(session, request, channel) {
    const lock = channel.locks.get(request.lockName);
    if (!lock) return this.refuse(session, request, -14008);
    if (!lock.owner || (request.owner ?? lock.owner.userId) !== lock.owner.userId) return this.refuse(session, request, -14006);
    const { userId: owner } = lock.owner;
    this.lose(lock, "REVOKED");
    this.answer(session, request, this.success(request, { owner }));
    this.vacate(lock, "RELEASED", "REVOKED");
  }

  removeLock(session, request, channel) {
    const lock = channel.locks.get(request.lockName);
    if (!lock) return this.refuse(session, request, -14008);
    if (lock.owner) this.lose(lock, "REMOVED");
    channel.locks.delete(lock.where.lockName);
    lock.expiry?.cancel();
    this.answer(session, request, this.success(request));
    for (const waiter of lock.waiters) this.refuseWait(lock, waiter, -14008, "REMOVED");
    lock.owner = undefined;
    this.publish(lock, "REMOVED");
  }

  // Locks

  create(session, { lockName, ttl = 10 }, channel) {
    const where = { channel: channel.channel, channelType: channel.channelType, lockName };
    const lock = { where, channel, ttl: Math.min(300, Math.max(10, ttl)), owner: undefined, token: 0, isLeft: false, waiters: [] };
    channel.locks.set(lockName, lock);
    this.publish(lock, "SET");
    return lock;
  }

  granted({ where, ttl, token, owner }, { id }, waitedMs) {
    return this.success({ id, ...where }, { owner: owner.userId, ttl, fencingToken: token, waitedMs });
  }

  own(lock, session, request, waitedMs) {
    Object.assign(lock, { owner: session, token: ++this.fence, isLeft: false });
    this.answer(session, request, this.granted(lock, request, waitedMs));
    this.publish(lock, "ACQUIRED");
  }

  vacate(lock, eventType, cause) {
    lock.expiry?.cancel();
    lock.owner = undefined;
    this.publish(lock, eventType, cause);
    this.handOver(lock);
  }

  handOver(lock) {
    const next = !lock.owner && lock.waiters.find(({ session }) => session.isOnline);
    if (!next) return;
    this.leaveQueue(lock, next);
    this.own(lock, next.session, next.request, this.world.now - next.since);
  }

  lose(lock, cause) {
    const { owner, where, token } = lock;
    if (cause !== "OFFLINE") this.taken.add(token);
    const frame = { event: "session", type: "LOCK_LOST", ...where, fencingToken: token, cause };
    owner.losses.push({ frame, at: owner.isOnline && owner.connection, beat: owner.connection?.beat });
    if (owner.isOnline) owner.connection.deliver(frame);
  }

  /** The ttl runs while the owner is away, from when it was last heard at the earliest. */
  countDown(lock) {
    lock.expiry?.cancel();
    const { owner, isLeft, ttl } = lock;
    if (owner.isOnline && !isLeft) return;
    const { now } = this.world;
    const from = this.world.chance(0.5) && !isLeft ? owner.heardAt : now;
    lock.expiry = this.world.after(Math.max(0, from + ttl * 1000 - now) + this.later(), () => {
      this.lose(lock, "OFFLINE");
      this.vacate(lock, "EXPIRED", "OFFLINE");
    });
  }

  later() {
    return this.world.chance(0.5) ? 0 : this.world.between(0, LATER_MS);
  }

  lapse(lock, waiter) {
    waiter.lapse?.cancel();
    if (waiter.session.isOnline) return;
    const end = () => this.refuseWait(lock, waiter, -14007, "OFFLINE");
    waiter.lapse = this.world.after(lock.ttl * 1000 + this.later(), end);
  }

  leaveQueue(lock, waiter) {
    lock.waiters = lock.waiters.filter((it) => it !== waiter);
    waiter.timeout?.cancel();
    waiter.lapse?.cancel();
  }

  refuseWait(lock, waiter, errorCode, cause) {
    this.leaveQueue(lock, waiter);
    this.refuse(waiter.session, waiter.request, errorCode, cause);
  }

  /** Tells a waiter that wants to know where it stands. */
  place(session, { id, op, withPosition }) {
    const place = withPosition && op === "acquireLock" && this.waiting(session).find(({ requestId }) => requestId === id);
    if (place) this.send(session, { event: "session", type: "WAITING", ...place, waiters: place.position });
  }

  // Events

  view(channel, withQueue) {
    return [...channel.locks.values()].map(({ where, owner, ttl, token, isLeft, waiters }) => ({
      lockName: where.lockName, owner: owner?.userId ?? "", ttl, fencingToken: token, since: 0, waiters: waiters.length,
      ownerOnline: !!owner?.isOnline && !isLeft,
      ...(withQueue && { queue: waiters.map(({ session }) => ({ userId: session.userId, since: 0, online: session.isOnline })) }),
    }));
  }

  snapshot(session, channel) {
    const { channel: name, channelType, seq } = channel;
    this.send(session, { event: "lock", eventType: "SNAPSHOT", channel: name, channelType, snapshot: this.view(channel), seq });
  }

  publish({ where, channel, owner, token, ttl }, eventType, cause) {
    const frame = { event: "lock", eventType, ...where, owner: owner?.userId ?? "", ttl, fencingToken: token, cause, seq: ++channel.seq };
    for (const { session, node } of this.connections) {
      if (!session?.subscriptions.has(channel) || !node.hasQuorum) continue;
      if (this.world.chance(0.02)) this.snapshot(session, channel);
      else this.send(session, frame);
    }
  }
}
