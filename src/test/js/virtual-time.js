// SPDX-License-Identifier: Apache-2.0
import { turn } from "./scripted-server.js";

/**
 * The clocks, timers and chance the SDK uses, replaced by ones that move only when a test says so.
 */
export class VirtualTime {
  now = 1000;
  /** A sleeping machine's monotonic clock may stand still: the wall's is ahead by this. */
  asleepMs = 0;
  #timers = new Map();
  #next = 1;
  #real = {};

  install() {
    const { setTimeout, clearTimeout, performance } = globalThis;
    this.#real = { setTimeout, clearTimeout, dateNow: Date.now, random: Math.random };
    globalThis.setTimeout = (run, ms = 0, ...args) => {
      this.#timers.set(this.#next, { at: this.now + Math.max(ms, 0), run: () => run(...args) });
      return this.#next++;
    };
    globalThis.clearTimeout = (timer) => void this.#timers.delete(timer);
    performance.now = () => this.now;
    Date.now = () => 1_700_000_000_000 + this.now + this.asleepMs;
    Math.random = () => 0.5;
    return this;
  }

  uninstall() {
    const { setTimeout, clearTimeout, dateNow, random } = this.#real;
    Object.assign(globalThis, { setTimeout, clearTimeout });
    delete performance.now;
    Date.now = dateNow;
    Math.random = random;
  }

  /** Runs the timers of the next `ms`, in order, each at its time. */
  async advance(ms) {
    const end = this.now + ms;
    await turn();
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a[1].at - b[1].at || a[0] - b[0]);
      if (!next || next[1].at > end) break;
      this.now = Math.max(this.now, next[1].at);
      this.#timers.delete(next[0]);
      next[1].run();
      await turn();
    }
    this.now = Math.max(this.now, end);
    await turn();
  }

  /** How many timers are set. */
  get timers() {
    return this.#timers.size;
  }

  /** The clocks go on, no timer runs. */
  freeze(ms) {
    this.now += ms;
  }

  /** The machine sleeps: only the wall clock goes on. */
  sleep(ms) {
    this.asleepMs += ms;
  }
}
