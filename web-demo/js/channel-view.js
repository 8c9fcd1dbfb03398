// SPDX-License-Identifier: Apache-2.0

/** What a channel's locks look like, built from what a subscriber is told. Times are this page's, in milliseconds. */
export class ChannelView {
  #locks = new Map();

  /** All locks, by name: `{ lockName, owner, ttl, fencingToken, heldSince, offlineSince, queue }`; `owner` is "" when free. */
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
    const lock = this.#locks.get(lockName) ?? { lockName, owner: "", queue: [] };
    this.#locks.set(lockName, lock);
    if (eventType === "QUEUE") lock.queue = event.queue;
    else Object.assign(lock, change(event, now));
  }

  /** Takes the list of getLock; only it says who is online. */
  onList(list, now) {
    for (const { lockName, fencingToken, owner, ownerOnline, queue } of list) {
      const lock = this.#locks.get(lockName);
      if (!lock) continue;
      lock.queue = queue ?? lock.queue;
      if (lock.fencingToken !== fencingToken || !owner) continue;
      lock.offlineSince = ownerOnline ? undefined : (lock.offlineSince ?? now);
    }
  }

  #replace(list, now) {
    const old = this.#locks;
    this.#locks = new Map();
    for (const { lockName, owner, ttl, fencingToken, since, ownerOnline } of list) {
      const before = old.get(lockName);
      const offlineSince = owner && !ownerOnline ? (before?.offlineSince ?? now) : undefined;
      const queue = before?.queue ?? [];
      this.#locks.set(lockName, { lockName, owner, ttl, fencingToken, heldSince: Math.min(since, now), offlineSince, queue });
    }
  }
}

function change({ eventType, owner, ttl, fencingToken }, now) {
  if (eventType === "SET") return { ttl };
  if (eventType === "ACQUIRED") return { owner, ttl, fencingToken, heldSince: now, offlineSince: undefined };
  return { owner: "", fencingToken: undefined, heldSince: undefined, offlineSince: undefined };
}
