// SPDX-License-Identifier: Apache-2.0
import { turn } from "./scripted-server.js";
import { ModelServer } from "./model-server.js";
import { App, isAborted } from "./simulated-app.js";

const TROUBLED_MS = 4 * 60_000;
const HEALING_MS = 4 * 60_000;
/** Twenty requests that must arrive, each asked again once a second, as long as no shard can decide. */
const FRAMES_PER_MINUTE_MAX = 1_200;
const CONNECTIONS_PER_MINUTE_MAX = 60;

const IDEAS = {
  acquire: 8, withLock: 8, request: 4, steal: 1, release: 1, cancel: 1, revoke: 1, remove: 1, set: 1, look: 3,
  subscribe: 2, unsubscribe: 1, logout: 1, drop: 1, reload: 2, duplicate: 1, leave: 1,
};
const TROUBLES = { cut: 4, hang: 3, stall: 3, freeze: 3, sleep: 2, refuse: 2, away: 1, drain: 1, split: 2, dismiss: 1 };

/** A promise that was broken, by its name. */
export class Broken extends Error {
  constructor(promise, what, at) {
    super(`${promise} at ${(at / 1000).toFixed(3)} s: ${what}`);
    this.promise = promise;
  }
}

const mulberry32 = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

// What is promised. Those here are asked after every event, or at the end; the others where they can be broken.

/**
 * A grant that can be trusted is the service's grant. Only one that was revoked or removed is not, or one of a session that a copied
 * tab took over, until its page could hear of it: that is what the token is for. A page that just woke may find out by looking.
 */
function everyTrustedGrantIsOurs(world) {
  for (const { grants, page, name } of world.apps) {
    if (page.isFrozen) continue;
    for (const held of grants) {
      const { fencingToken, signal, validForMs, isTold } = held;
      if (isAborted(signal)) grants.delete(held);
      else if (isTold) world.broken("aLossThatIsHeardAborts", `${name} still trusts ${fencingToken}`);
      else if (!page.isShared && !world.server.mayTrust(fencingToken)) {
        if (page.isThawing && world.chance(0.5)) continue;
        const ms = validForMs();
        if (ms > 0) world.broken("everyTrustedGrantIsOurs", `${name} trusts ${fencingToken} for ${ms} ms more`);
        if (!page.isThawing) world.broken("signalsAbortInTime", `${name} had to look at ${fencingToken}`);
      }
    }
  }
}

function everyPromiseSettles(world) {
  if (world.isAnyShared) return;
  for (const { calls, name } of world.apps)
    for (const { what, at } of calls) world.broken("everyPromiseSettles", `${name}: ${what} of ${(at / 1000).toFixed(3)} s`);
}

/** Of two pages of one session neither knows what the other has. */
function nothingIsLeftBehind(world) {
  if (world.isAnyShared) return;
  for (const { where, owner, token, waiters } of world.server.locks) {
    const lock = `${where.channel} ${where.lockName} with ${token}`;
    if (owner) world.broken("nothingIsLeftBehind", `${lock} is owned by ${owner.userId} ${owner.id}`);
    if (waiters.length) world.broken("nothingIsLeftBehind", `${where.lockName} has waiters`);
  }
}

function everySubscriberIsUpToDate(world) {
  for (const { channels, rtm, name } of world.apps) {
    if (rtm.linkState !== "CONNECTED") world.broken("everybodyIsConnected", `${name} is ${rtm.linkState}`);
    for (const [channel, { seq, isIn }] of channels) {
      const now = world.server.channels.get(`MESSAGE/${channel}`)?.seq;
      if (isIn && seq !== now) world.broken("everySubscriberIsUpToDate", `${name} saw ${seq} of ${channel}, not ${now}`);
    }
  }
}

/** @param {number} most what is needed: connected, it listens for silence */
function noTimerIsLeft(world, most) {
  for (const { page, name } of world.apps)
    if (page.timers > most) world.broken("noTimerIsLeft", `${name} has ${page.timers}`);
}

/** One run: a few applications, the model of the service, all that may go wrong, and one seed for all of it. */
export class Simulation {
  now = 0;
  isCalm = false;
  /** A copied tab was quicker than the one it was copied from. */
  isAnyShared = false;
  apps = [];
  /** Of the wall's clocks, of which no reload sees one go back. */
  clockRate;
  counts = {};
  #queue = [];
  #pages = 0;

  /** @param {number} seed @param {Function} Sdk @param {(line: string) => void} [tell] */
  constructor(seed, Sdk, tell) {
    this.Sdk = Sdk;
    this.tell = tell;
    this.random = mulberry32(seed);
    this.paceMs = this.pick([3000, 8000, 20_000]);
    this.troubleMs = this.pick([4000, 15_000, 40_000]);
    this.ideas = this.#some(IDEAS);
    this.troubles = this.#some(TROUBLES);
    this.server = new ModelServer(this);
  }

  // Chance

  between(from, to) {
    return from + this.random() * (to - from);
  }

  chance(probability) {
    return this.random() < probability;
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  /** Each run leaves some things out: so the rest meets more often. */
  #some(weights) {
    const some = Object.entries(weights).filter(() => this.chance(0.7));
    return (some.length ? some : Object.entries(weights)).flatMap(([name, weight]) => Array(weight).fill(name));
  }

  // Time

  after(ms, run) {
    return this.at(this.now + ms, run);
  }

  /** Those of one moment run in the order they were asked for. */
  at(moment, run) {
    const event = { at: moment, run, cancel: () => (event.run = undefined) };
    let [low, high] = [0, this.#queue.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#queue[middle].at > event.at) low = middle + 1;
      else high = middle;
    }
    this.#queue.splice(low, 0, event);
    return event;
  }

  async #advance(ms) {
    const end = this.now + ms;
    while (this.#queue.length && this.#queue.at(-1).at <= end) {
      const { at, run } = this.#queue.pop();
      if (!run) continue;
      this.now = at;
      run();
      await turn();
      everyTrustedGrantIsOurs(this);
      if (this.failure) throw this.failure;
    }
    this.now = end;
  }

  // Those who take part

  open(name, userId, storage) {
    this.apps.push(new App(this, name, userId, storage));
  }

  newName() {
    return `p${this.#pages++}`;
  }

  forget(app) {
    this.apps = this.apps.filter((it) => it !== app);
  }

  broken(promise, what) {
    this.trace(`BROKEN ${promise}: ${what}`);
    this.failure ??= new Broken(promise, what, this.now);
  }

  trace(line) {
    this.tell?.(`${(this.now / 1000).toFixed(3)} ${line}`);
  }

  onTraffic({ name }, what, minute, count) {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
    const most = what === "connects" ? CONNECTIONS_PER_MINUTE_MAX : FRAMES_PER_MINUTE_MAX;
    if (count > most) this.broken("nothingSpins", `${name}: ${count} ${minute}`);
  }

  async run() {
    const onRejection = (error) => this.broken("noRejectionIsUnhandled", error?.stack ?? `${error}`);
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", onRejection);
    try {
      ["alice", "bob", "carol", "carol"].forEach((user) => this.open(this.newName(), user));
      this.#trouble();
      await this.#advance(TROUBLED_MS);
      this.#heal();
      await this.#advance(HEALING_MS);
      this.#end([nothingIsLeftBehind, everyPromiseSettles, everySubscriberIsUpToDate, (world) => noTimerIsLeft(world, 1)]);
      for (const app of this.apps) (app.isLeaving = true), app.page.run(() => app.logout());
      await this.#advance(30_000);
      this.#end([everyPromiseSettles, (world) => noTimerIsLeft(world, 0)]);
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const each of others) process.on("unhandledRejection", each);
    }
  }

  #end(promises) {
    promises.forEach((check) => check(this));
    if (this.failure) throw this.failure;
  }

  // What goes wrong

  #trouble() {
    this.after(this.between(0, this.troubleMs), () => {
      if (this.isCalm) return;
      const trouble = this.pick(this.troubles);
      const app = this.pick(this.apps);
      if (app) this[trouble](app.page, this.pick([...app.page.connections]));
      this.#trouble();
    });
  }

  #heal() {
    this.trace("all is well again");
    this.isCalm = this.server.isCalm = true;
    for (const { page } of this.apps) {
      page.reach = "all";
      page.thaw();
    }
    for (const node of this.server.nodes) {
      node.isOpen = true;
      if (!node.hasQuorum) this.server.setQuorum(node, true);
    }
  }

  cut(page, connection) {
    connection?.cut();
  }

  hang(page, connection) {
    if (connection) connection.isHung = true;
    this.trace(`${page.name} hangs`);
  }

  stall(page, connection) {
    connection?.stall(this.between(0, 30_000));
  }

  freeze(page) {
    if (page.isFrozen) return;
    page.freeze(false);
    this.after(this.between(0, 60_000), () => page.thaw());
  }

  sleep(page) {
    if (page.isFrozen) return;
    page.freeze(true);
    this.after(this.chance(0.1) ? this.between(0, 400_000) : this.between(0, 60_000), () => page.thaw());
  }

  refuse(page) {
    this.#unreachable(page, "refused", this.between(0, 30_000));
  }

  away(page) {
    this.#unreachable(page, this.pick(["refused", "nobody"]), this.between(0, this.pick([60_000, 180_000, 340_000])));
  }

  #unreachable(page, how, ms) {
    page.reach = how;
    this.trace(`${page.name} reaches: ${how}`);
    for (const connection of page.connections) how === "refused" ? connection.cut() : (connection.isHung = true);
    this.after(ms, () => (page.reach = "all"));
  }

  drain() {
    const node = this.pick(this.server.nodes);
    node.isOpen = false;
    this.trace(`${node.name} drains`);
    for (const connection of this.server.connections) if (connection.node === node) this.server.close(connection, 1001);
    this.after(this.between(1000, 30_000), () => (node.isOpen = true));
  }

  split() {
    const node = this.pick(this.server.nodes);
    if (!node.hasQuorum) return;
    this.trace(`${node.name} loses the cluster`);
    this.server.setQuorum(node, false);
    this.after(this.between(500, this.pick([5000, 60_000])), () => node.hasQuorum || this.server.setQuorum(node, true));
  }

  dismiss(page, connection) {
    if (connection) this.server.close(connection, this.pick([1013, 4429, 1001, 1006]));
  }
}
