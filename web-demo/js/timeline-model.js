// SPDX-License-Identifier: Apache-2.0

const MARKS = { ACQUIRED: "got", EXPIRED: "expired", REMOVED: "removed" };
const CAUSES = { RELEASED: "released", REVOKED: "revoked", LOGOUT: "left" };

/**
 * Who held and who waited when, for the last `windowMs`. Built from lock events; pure, so times are arguments.
 * A bar is `{ kind: "hold" | "away" | "wait", lockName, from, to }`; `to` is undefined while it lasts.
 */
export class Timeline {
  #lanes = new Map();
  #windowMs;

  constructor(windowMs = 60_000) {
    this.#windowMs = windowMs;
  }

  /** Makes a lane, so that a user shows before anything happens to it. */
  lane(user) {
    if (!this.#lanes.has(user)) this.#lanes.set(user, { user, bars: [], marks: [] });
    return this.#lanes.get(user);
  }

  /** `lostAt`: since when nothing was heard before this; then a snapshot ends what it does not confirm. */
  on(event, now, lostAt = now) {
    const { eventType, lockName, owner, previousOwner, cause } = event;
    if (eventType === "SNAPSHOT") return this.#onSnapshot(event.snapshot, now, lostAt);
    if (eventType === "QUEUE") return this.#onQueue(lockName, event.queue, now);
    const who = owner || previousOwner;
    if (!who) return;
    if (eventType === "ACQUIRED") {
      this.#end(who, lockName, ["wait"], now);
      this.#begin(who, lockName, "hold", now);
    } else {
      this.#end(who, lockName, ["hold", "away"], now);
    }
    this.lane(who).marks.push({ kind: MARKS[eventType] ?? CAUSES[cause] ?? "released", lockName, at: now });
  }

  /** The owner of a lock went offline, or came back. */
  onPresence(user, lockName, online, now) {
    const bar = this.#open(user, lockName, ["hold", "away"]);
    const kind = online ? "hold" : "away";
    if (!bar || bar.kind === kind) return;
    bar.to = now;
    this.#begin(user, lockName, kind, now);
  }

  /** All lanes with what still shows; what is older is forgotten. */
  lanes(now) {
    const oldest = now - this.#windowMs;
    for (const lane of this.#lanes.values()) {
      lane.bars = lane.bars.filter(({ to = now }) => to >= oldest);
      lane.marks = lane.marks.filter(({ at }) => at >= oldest);
    }
    return [...this.#lanes.values()];
  }

  #onSnapshot(locks, now, lostAt) {
    for (const { user, bars } of this.#lanes.values()) {
      for (const { lockName, kind } of bars.filter(({ to }) => to === undefined)) {
        const lock = locks.find((each) => each.lockName === lockName);
        const still = kind === "wait" ? lock?.waiters !== 0 && lock : lock?.owner === user;
        if (!still) this.#end(user, lockName, [kind], lostAt);
      }
    }
    for (const { lockName, owner, since } of locks) {
      if (owner && !this.#open(owner, lockName, ["hold", "away"])) this.#begin(owner, lockName, "hold", Math.min(since, now));
    }
  }

  #onQueue(lockName, queue, now) {
    const waiting = new Set(queue.map(({ userId }) => userId));
    for (const user of this.#lanes.keys()) if (!waiting.has(user)) this.#end(user, lockName, ["wait"], now);
    for (const user of waiting) if (!this.#open(user, lockName, ["wait"])) this.#begin(user, lockName, "wait", now);
  }

  #open(user, lockName, kinds) {
    return this.lane(user).bars.find((bar) => bar.to === undefined && bar.lockName === lockName && kinds.includes(bar.kind));
  }

  #begin(user, lockName, kind, now) {
    this.lane(user).bars.push({ kind, lockName, from: now, to: undefined });
  }

  #end(user, lockName, kinds, now) {
    const bar = this.#open(user, lockName, kinds);
    if (bar) bar.to = now;
  }
}
