// SPDX-License-Identifier: Apache-2.0
import { TabStorage } from "./page.js";
import { SimulatedPage } from "./simulated-tab.js";

const URLS = ["ws://one/rtm", "ws://two/rtm"];
const CHANNELS = ["c", "d"];
const LOCKS = ["a", "b"];
const TTLS = [10, 10, 15, 60, undefined];
const HOLD_MS = 30_000;
const APPS_MAX = 6;

const { get: aborted } = Object.getOwnPropertyDescriptor(AbortSignal.prototype, "aborted");

/** Without making it ask the clocks, as whoever looks at a grant's signal does. */
export const isAborted = (signal) => aborted.call(signal);

/** What an application may be told when a call fails. */
const isExplained = (error) =>
  (error?.error === true && error.errorCode < 0 && !!error.reason) || ["AbortError", "NotSupportedError"].includes(error?.name);

/** An application in one page: does what comes to its mind, and gives back whatever it knows it has. */
export class App {
  calls = new Set();
  /** Grants whose signals have not aborted. */
  grants = new Set();
  /** By channel: the last seq seen, and whether it is surely subscribed. */
  channels = new Map();
  perMinute = new Map();

  constructor(world, name, userId, storage = new TabStorage()) {
    Object.assign(this, { world, name, userId, storage });
    const page = (this.page = new SimulatedPage(world, name, world.Sdk, storage));
    page.note = (what, text = "") => this.#note(what, text);
    page.hears = (frame) => this.#hears(frame);
    page.told = () => this.#tellAll();
    this.rtm = new page.RTM({ url: URLS, userId, WebSocket: page.WebSocket });
    this.rtm.addEventListener("lock", (event) => this.#onLock(event));
    this.rtm.addEventListener("linkState", ({ currentState, reason }) => {
      world.trace(`${name} is ${currentState}: ${reason}`);
      if (currentState === "FAILED") this.channels.clear();
    });
    this.#login();
    this.#think();
  }

  get isQuiet() {
    return this.world.isCalm;
  }

  #note(what, text) {
    this.world.trace(`${this.name} ${what} ${text}`);
    const minute = `${what} in minute ${Math.floor(this.world.now / 60_000)}`;
    const count = (this.perMinute.get(minute) ?? 0) + 1;
    this.perMinute.set(minute, count);
    this.world.onTraffic(this, what, minute, count);
  }

  #hears({ type, fencingToken, resumed }) {
    if (type === "LOCK_LOST") for (const held of this.grants) if (held.fencingToken === fencingToken) held.isTold = true;
    if (resumed === false) this.#tellAll();
  }

  #tellAll() {
    for (const held of this.grants) held.isTold = true;
  }

  #onLock({ eventType, channel, channelType, seq }) {
    const known = this.#channel(channel);
    if (eventType === "SNAPSHOT" ? seq < known.seq : seq !== known.seq + 1)
      this.world.broken("eventsComeInOrderAndOnce", `${this.name}: ${eventType} ${seq} of ${channelType}/${channel} after ${known.seq}`);
    known.seq = seq;
  }

  #channel(name) {
    if (!this.channels.has(name)) this.channels.set(name, { seq: undefined, isIn: undefined, calls: 0, open: 0 });
    return this.channels.get(name);
  }

  // Calls

  later(ms, run) {
    this.world.after(ms, () => this.page.run(run));
  }

  /** A call of the SDK; its failure must be one that says why. */
  async call(what, run) {
    const call = { what, at: this.world.now };
    this.calls.add(call);
    this.world.trace(`${this.name} calls ${what}`);
    try {
      const value = await run();
      this.world.trace(`${this.name} has ${what}: ${value?.fencingToken ?? "done"}`);
      return value;
    } catch (error) {
      this.world.trace(`${this.name} failed ${what}: ${error?.errorCode ?? ""} ${error?.message}`);
      if (!isExplained(error)) this.world.broken("everyFailureIsExplained", `${what}: ${error?.stack ?? error}`);
    } finally {
      this.calls.delete(call);
    }
  }

  async #login() {
    const isOut = () => ["IDLE", "FAILED"].includes(this.rtm.linkState);
    const reply = await this.call("login", () => this.rtm.login());
    if (reply?.resumed) this.#takeUp(reply);
    const again = () => {
      if (isOut() && !this.isLeaving) this.#login();
      else this.later(this.world.between(1000, 20_000), again);
    };
    this.later(this.world.between(500, 10_000), again);
  }

  /** What the page before a reload left behind: goes on with it, or gives it back. */
  #takeUp({ held, waiting }) {
    for (const { channel, channelType, lockName } of [...held, ...waiting]) {
      const where = { channel, channelType, lockName };
      if (this.world.chance(0.5)) this.#acquire({ ...where, retry: true }).then((grant) => grant || this.#giveBack(where));
      else this.later(this.#holdMs(), () => this.#giveBack(where));
    }
  }

  async #giveBack(where) {
    await this.call("cancel of what was before", () => this.rtm.lock.cancelAcquire(where));
    await this.call("release of what was before", () => this.rtm.lock.releaseLock(where));
  }

  #watch({ fencingToken, signal, validForMs }, { channel, lockName }) {
    this.grants.add({ fencingToken, signal, validForMs, channel, lockName, isTold: false });
  }

  async #acquire(wish) {
    const what = `acquireLock ${JSON.stringify({ ...wish, signal: !!wish.signal })}`;
    const grant = await this.call(what, () => this.rtm.lock.acquireLock(wish));
    if (!grant) return;
    this.#watch(grant, wish);
    const { channel, lockName } = wish;
    const where = this.world.chance(0.8) ? grant : { channel, lockName };
    this.later(this.#holdMs(), () => this.call(`releaseLock ${lockName} ${grant.fencingToken}`, () => this.rtm.lock.releaseLock(where)));
    return grant;
  }

  /** What runs under a lock: for a while, or until it is lost, or a bit longer. */
  #work(grant, where) {
    if (!grant) return;
    this.#watch(grant, where);
    return new Promise((resolve, reject) => {
      const end = () => (this.world.chance(0.1) ? reject(new DOMException("no more", "AbortError")) : resolve());
      this.later(this.#holdMs(), end);
      if (this.world.chance(0.7)) grant.signal.addEventListener("abort", end);
    });
  }

  #holdMs() {
    return this.world.between(0, this.isQuiet ? 1000 : HOLD_MS);
  }

  // Ideas

  #think() {
    this.later(this.world.between(0, this.world.paceMs), () => {
      if (this.isQuiet || this.isLeaving) return;
      this[this.world.pick(this.world.ideas)]();
      this.#think();
    });
  }

  #where() {
    const { world } = this;
    return { channel: world.pick(CHANNELS), channelType: world.pick([1, "MESSAGE", undefined]), lockName: world.pick(LOCKS) };
  }

  #signal() {
    const { world } = this;
    if (world.chance(0.6)) return undefined;
    const leaving = new AbortController();
    this.later(world.pick([0, 30, world.between(0, 20_000)]), () => leaving.abort());
    return leaving.signal;
  }

  #wish() {
    const { world } = this;
    const timeoutMs = world.chance(0.3) ? Math.ceil(world.between(1, 30_000)) : undefined;
    const onWaiting = world.chance(0.2) ? () => {} : undefined;
    const retry = world.chance(0.8);
    return { create: world.chance(0.95), ttl: world.pick(TTLS), signal: this.#signal(), retry, onWaiting, ...(retry && { timeoutMs }) };
  }

  acquire() {
    this.#acquire({ ...this.#where(), ...this.#wish() });
  }

  withLock() {
    const where = this.#where();
    const wish = this.#wish();
    const what = `withLock ${JSON.stringify({ ...where, ...wish, signal: !!wish.signal })}`;
    this.call(what, () => this.rtm.lock.withLock(where, wish, (grant) => this.#work(grant, where)));
  }

  request() {
    const { channel, lockName } = this.#where();
    const mode = this.world.chance(0.05) ? "shared" : undefined;
    const options = this.world.pick([{ ifAvailable: true }, { signal: this.#signal() }, {}, { ttl: this.world.pick(TTLS), mode }]);
    this.#request(channel, lockName, options);
  }

  #request(channel, lockName, options) {
    const work = (grant) => this.#work(grant, { channel, lockName });
    this.call(`request ${channel} ${lockName}`, () => this.rtm.locks(channel).request(lockName, options, work));
  }

  steal() {
    const { channel, lockName } = this.#where();
    this.#request(channel, lockName, { steal: true });
  }

  release() {
    const where = this.#where();
    this.call(`release ${where.lockName}`, () => this.rtm.lock.releaseLock(where));
  }

  cancel() {
    const where = this.#where();
    this.call(`cancelAcquire ${where.lockName}`, () => this.rtm.lock.cancelAcquire(where));
  }

  revoke() {
    const where = this.#where();
    this.call(`revokeLock ${where.lockName}`, () => this.rtm.lock.revokeLock(where));
  }

  remove() {
    const where = this.#where();
    this.call(`removeLock ${where.lockName}`, () => this.rtm.lock.removeLock(where));
  }

  set() {
    const where = { ...this.#where(), ttl: this.world.pick(TTLS), ifExists: this.world.pick(["keep", undefined]) };
    this.call(`setLock ${where.lockName}`, () => this.rtm.lock.setLock(where));
  }

  look() {
    const { channel } = this.#where();
    this.call("query", () => this.rtm.locks(channel).query());
    this.call("getLock", () => this.rtm.lock.getLock({ channel }));
    this.call("ping", () => this.rtm.ping());
    for (const { signal } of this.grants) this.world.chance(0.5) && signal.aborted;
  }

  /** Whether one is subscribed is sure only after a call that was alone. */
  async #membership(name, isIn) {
    const known = this.#channel(name);
    const turn = ++known.calls;
    const isAlone = known.open++ === 0;
    known.isIn = undefined;
    const run = isIn ? () => this.rtm.subscribe(name) : () => this.rtm.unsubscribe(name);
    const reply = await this.call(`${isIn ? "" : "un"}subscribe ${name}`, run);
    known.open--;
    if (reply && isAlone && known.calls === turn) known.isIn = isIn;
    if (known.isIn === false) known.seq = undefined;
  }

  subscribe() {
    this.#membership(this.world.pick(CHANNELS), true);
  }

  unsubscribe() {
    this.#membership(this.world.pick(CHANNELS), false);
  }

  logout() {
    return this.call("logout", () => this.rtm.logout()).then(() => this.channels.clear());
  }

  drop() {
    this.rtm.debug.dropConnection();
  }

  reload() {
    this.isLeaving = true;
    const { world, name, userId, storage } = this;
    world.trace(`${name} is reloaded`);
    this.page.leave();
    world.forget(this);
    const copy = world.chance(0.03) ? storage.copy() : undefined;
    if (copy) world.after(world.between(50, 5000), () => world.open(world.newName(), userId, copy));
    world.after(world.pick([0, 100, world.between(0, 5000)]), () => world.open(name, userId, storage));
  }

  duplicate() {
    const { world, name, userId, storage } = this;
    if (world.apps.length < APPS_MAX) world.open(world.newName(), userId, storage.copy());
  }

  /** The tab is closed. */
  leave() {
    if (this.world.apps.length < APPS_MAX / 2) return;
    this.isLeaving = true;
    this.page.leave();
    this.world.forget(this);
  }
}
