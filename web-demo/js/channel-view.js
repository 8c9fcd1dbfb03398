// SPDX-License-Identifier: Apache-2.0

/** What a channel's locks look like, built from what a subscriber is told. Times are this page's, in milliseconds. */
export class ChannelView {
  #locks = new Map();

  /** All locks, by name: `{ lockName, owner, ttl, fencingToken, heldSince, offlineSince, queue, waiters }`; `owner` is "" when free. */
  locks() {
    return [...this.#locks.values()].sort((a, b) => a.lockName.localeCompare(b.lockName));
  }

  lock(lockName) {
    return this.#locks.get(lockName);
  }

  /** Takes a lock event. */
  on(event, now) {
    const { eventType, lockName } = event;
    if (eventType === "SNAPSHOT") return this.#replace(event.snapshot, now);
    if (eventType === "REMOVED") return void this.#locks.delete(lockName);
    const lock = this.#locks.get(lockName) ?? { lockName, owner: "", queue: [], waiters: 0 };
    this.#locks.set(lockName, lock);
    if (eventType === "QUEUE") Object.assign(lock, { queue: event.queue, waiters: event.waiters });
    else Object.assign(lock, change(event, now));
  }

  /** Takes the list of getLock; only it says who is online. */
  onList(list, now) {
    for (const { lockName, fencingToken, owner, ownerOnline, queue, waiters } of list) {
      const lock = this.#locks.get(lockName);
      if (!lock) continue;
      lock.queue = queue ?? lock.queue;
      lock.waiters = waiters;
      if (lock.fencingToken !== fencingToken || !owner) continue;
      lock.offlineSince = ownerOnline ? undefined : (lock.offlineSince ?? now);
    }
  }

  #replace(list, now) {
    const old = this.#locks;
    this.#locks = new Map();
    for (const { lockName, owner, ttl, fencingToken, since, ownerOnline, waiters } of list) {
      const before = old.get(lockName);
      const offlineSince = owner && !ownerOnline ? (before?.offlineSince ?? now) : undefined;
      const queue = before?.queue ?? [];
      const heldSince = Math.min(since, now);
      this.#locks.set(lockName, { lockName, owner, ttl, fencingToken, heldSince, offlineSince, queue, waiters });
    }
  }
}

function change({ eventType, owner, ttl, fencingToken }, now) {
  if (eventType === "SET") return { ttl };
  if (eventType === "ACQUIRED") return { owner, ttl, fencingToken, heldSince: now, offlineSince: undefined };
  return { owner: "", fencingToken: undefined, heldSince: undefined, offlineSince: undefined };
}
