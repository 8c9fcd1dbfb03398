// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { SDK, TabStorage } from "./page.js";

const GLOBALS = ["globalThis", "setTimeout", "clearTimeout", "performance", "Date", "Math", "sessionStorage", "console"];
const IMPORT = /^import (\{.*\}) from "\.\/(.*)";$/gm;
const EXPORT = /^export (?:default )?((?:async )?(?:const|class|function) (\w+))/gm;

/**
 * The SDK as one function of what a browser gives it; each call is a page with modules of its own.
 * @param {(text: string) => string} change what is done to its source first: plants a fault
 */
export function loadSdk(change = (text) => text) {
  const scripts = readdirSync(SDK).filter((name) => name.endsWith(".js"));
  const texts = new Map(scripts.map((name) => [name, readFileSync(join(SDK, name), "utf8")]));
  const seen = new Set();
  const moduleOf = (name) => {
    if (seen.has(name)) return "";
    seen.add(name);
    const text = texts.get(name);
    const before = [...text.matchAll(IMPORT)].map(([, , from]) => moduleOf(from)).join("");
    const names = [...text.matchAll(EXPORT)].map((found) => found[2]);
    const body = text.replace(IMPORT, 'const $1 = modules["$2"];').replace(EXPORT, "$1").replace(/^export \{.*\};$/m, "");
    return `${before}modules["${name}"] = (() => {\n${body}\nreturn { ${names} };\n})();\n`;
  };
  const whole = moduleOf("rtm-locks.js");
  return new Function(...GLOBALS, `const modules = {};\n${change(whole)}\nreturn modules["rtm-locks.js"].RTM;`);
}

/** One connection: what the SDK sees of it, the two directions between, and what the service sees of it. */
export class Connection {
  readyState = 0;
  #up = 0;
  #down = 0;
  /** Nothing gets through, and nobody is told. */
  isHung = false;

  constructor(page, url) {
    const { world } = page;
    this.page = page;
    this.world = world;
    this.node = world.server.nodes[url.includes("two") ? 1 : 0];
    page.connections.add(this);
    page.note("connects");
    const { isOpen } = this.node;
    if (page.reach === "nobody") this.isHung = true;
    else if (page.reach === "refused" || (!isOpen && world.chance(0.5))) this.#later("down", () => this.#fail());
    else this.#later("down", () => this.#opened());
  }

  #later(way, run) {
    const { now } = this.world;
    const at = Math.max(way === "up" ? this.#up : this.#down, now + this.page.delayMs());
    if (way === "up") this.#up = at;
    else this.#down = at;
    this.world.at(at, () => this.isHung || run());
  }

  #fail() {
    this.page.run(() => this.readyState < 3 && this.onerror?.({}));
    this.#closed(1006);
  }

  #opened() {
    if (this.readyState) return;
    if (!this.node.isOpen) return this.endFromServer(1001);
    this.world.server.accept(this);
    this.page.run(() => {
      if (this.readyState) return;
      this.readyState = 1;
      this.onopen?.({});
    });
  }

  #closed(code) {
    this.page.connections.delete(this);
    this.page.run(() => {
      if (this.readyState === 3) return;
      this.readyState = 3;
      if (code === 4409) this.page.told("all");
      this.onclose?.({ code, reason: "" });
    });
  }

  // What the SDK calls.
  send(text) {
    if (this.readyState === 0) throw new Error("sent before it was open");
    this.page.note("sends", text);
    this.#later("up", () => this.world.server.receive(this, text));
  }

  close(code) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.page.connections.delete(this);
    this.world.trace(`${this.page.name} closes ${code}`);
    this.#later("up", () => this.world.server.ended(this, code));
  }

  // What the service calls.
  deliver(frame) {
    const text = JSON.stringify(frame);
    this.#later("down", () =>
      this.page.run(() => {
        if (this.readyState !== 1) return;
        this.world.trace(`${this.page.name} < ${text}`);
        this.page.hears(frame);
        this.onmessage?.({ data: text });
      }),
    );
  }

  /** A browser answers by itself, whatever its page does; not while the machine sleeps. */
  ping() {
    this.#later("down", () => this.page.isAsleep || this.#later("up", () => this.world.server.onPong(this)));
  }

  endFromServer(code) {
    this.#later("down", () => this.#closed(code));
  }

  // What the network does.
  cut() {
    this.world.trace(`${this.page.name} is cut`);
    const { world } = this;
    world.after(world.between(0, 3000), () => world.server.ended(this, 1006));
    world.after(world.between(0, 3000), () => this.#closed(1006));
    this.isHung = true;
  }

  stall(ms) {
    const until = this.world.now + ms;
    this.#up = Math.max(this.#up, until);
    this.#down = Math.max(this.#down, until);
  }
}

/** One page in one tab: its clocks, timers, storage, window and network. */
export class SimulatedPage {
  window = new EventTarget();
  connections = new Set();
  reach = "all";
  isDead = false;
  /** Its session was another living page's, too: what one of them does the other need not know. */
  isShared = false;
  isFrozen = false;
  isAsleep = false;
  /** Awake again, but not all that was due has run. */
  isThawing = false;
  #timers = new Map();
  #nextTimer = 1;
  #inbox = [];
  #bornAt;
  #lostMs = 0;
  #stoppedAt;

  constructor(world, name, Sdk, storage = new TabStorage()) {
    Object.assign(this, { world, name, storage });
    this.#bornAt = world.now;
    this.clockRate = 1 + (world.random() - 0.5) * 0.016;
    world.clockRate ??= this.clockRate;
    this.slowness = world.pick([20, 20, 100, 400]);
    const math = Object.assign(Object.create(Math), { random: world.random });
    const { window } = this;
    const global = {
      addEventListener: window.addEventListener.bind(window),
      removeEventListener: window.removeEventListener.bind(window),
    };
    const clocks = [{ now: () => this.mono() }, { now: () => Math.floor(1.7e12 + world.now * world.clockRate) }];
    const console = { error: (what) => world.trace(`${name} console: ${what?.stack ?? what}`) };
    const timers = [(...args) => this.#setTimeout(...args), (id) => void this.#timers.delete(id)];
    this.RTM = Sdk(global, ...timers, ...clocks, math, storage, console);
    const page = this;
    this.WebSocket = class extends Connection {
      constructor(url) {
        super(page, url);
      }
    };
  }

  mono() {
    return 1 + ((this.#stoppedAt ?? this.world.now) - this.#bornAt - this.#lostMs) * this.clockRate;
  }

  get timers() {
    return this.#timers.size;
  }

  delayMs() {
    const { world } = this;
    return world.chance(0.02) && !world.isCalm ? world.between(0, 4000) : world.between(1, this.slowness);
  }

  // Its one thread

  /** Runs a task of the page, now or when it wakes. */
  run(task) {
    if (this.isDead) return;
    if (this.isFrozen) return this.#inbox.push(task);
    try {
      task();
    } catch (error) {
      this.world.broken("nothingThrows", error.stack);
    }
  }

  #setTimeout(run, ms = 0, ...args) {
    const id = this.#nextTimer++;
    this.#timers.set(id, { due: this.mono() + Math.max(0, Math.ceil(ms)), run: () => run(...args) });
    this.#arm(id);
    return id;
  }

  #arm(id) {
    const left = this.#timers.get(id).due - this.mono();
    this.world.after(Math.max(0, left / this.clockRate), () => this.#fire(id));
  }

  #fire(id) {
    const timer = this.#timers.get(id);
    if (!timer || this.isFrozen || this.isDead) return;
    if (timer.due > this.mono() + 1e-6) return this.#arm(id);
    this.#timers.delete(id);
    this.run(timer.run);
  }

  /** No task and no timer runs. With `asleep` the whole machine stands still; its monotonic clock may, too. */
  freeze(asleep) {
    this.isFrozen = true;
    this.isAsleep = asleep;
    this.world.trace(`${this.name} ${asleep ? "sleeps" : "freezes"}`);
    if (!asleep) return;
    if (this.world.chance(0.5)) this.#stoppedAt = this.world.now;
    for (const connection of this.connections) if (this.world.chance(0.5)) connection.isHung = true;
  }

  /** All that was due happens now, timers or the network first. */
  thaw(tasks = []) {
    if (!this.isFrozen || this.isDead) return;
    this.world.trace(`${this.name} wakes`);
    if (this.#stoppedAt !== undefined) this.#lostMs += this.world.now - this.#stoppedAt;
    this.#stoppedAt = undefined;
    const wasAsleep = this.isAsleep;
    this.isFrozen = this.isAsleep = false;
    this.isThawing = true;
    const late = [...this.#timers].sort((a, b) => a[1].due - b[1].due || a[0] - b[0]).map(([id]) => () => this.#fire(id));
    const heard = this.#inbox.splice(0).map((task) => () => this.run(task));
    const fires = () => this.run(() => this.fire(wasAsleep ? "online" : "visibilitychange"));
    const first = this.world.chance(0.5) ? [...late, ...heard] : [...heard, ...late];
    for (const each of this.world.chance(0.5) ? [fires, ...tasks, ...first] : [...tasks, ...first, fires]) this.world.after(0, each);
    this.world.after(0, () => (this.isThawing = false));
  }

  fire(type, fields = {}) {
    this.window.dispatchEvent(Object.assign(new Event(type), fields));
  }

  /** The page goes, and its browser closes what it had open. */
  leave() {
    this.thaw();
    this.run(() => this.fire("pagehide", { persisted: false }));
    for (const connection of [...this.connections]) connection.close(1001);
    this.isDead = true;
    this.#timers.clear();
  }

  // Replaced by whoever watches.
  note() {}
  hears() {}
  told() {}
}
