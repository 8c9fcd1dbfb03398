// SPDX-License-Identifier: Apache-2.0
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ScriptedServer, turn } from "./scripted-server.js";
import { VirtualTime } from "./virtual-time.js";

export const SDK = fileURLToPath(new URL("../../main/js/", import.meta.url));

/** One tab's `sessionStorage`. */
export class TabStorage {
  constructor(entries = {}) {
    this.entries = new Map(Object.entries(entries));
  }
  getItem(key) {
    return this.entries.get(key) ?? null;
  }
  setItem(key, value) {
    this.entries.set(key, value);
  }
  removeItem(key) {
    this.entries.delete(key);
  }
  /** What a duplicated tab starts with. */
  copy() {
    return new TabStorage(Object.fromEntries(this.entries));
  }
}

/** One page in one tab: modules of its own, window events of its own. */
export class Page {
  window = new EventTarget();

  /** @param {World} world @param {TabStorage | undefined} storage */
  constructor(world, storage) {
    this.world = world;
    this.storage = storage;
  }

  async load() {
    const { window } = this;
    const folder = mkdtempSync(join(tmpdir(), "page-"));
    cpSync(SDK, folder, { recursive: true });
    globalThis.addEventListener = (...args) => window.addEventListener(...args);
    globalThis.removeEventListener = (...args) => window.removeEventListener(...args);
    const { default: RTM, RtmError } = await import(pathToFileURL(join(folder, "rtm-locks.js")).href);
    rmSync(folder, { recursive: true });
    return Object.assign(this, { RTM, RtmError });
  }

  /** A client of this page, not logged in. */
  client(options = {}) {
    globalThis.sessionStorage = this.storage;
    const { WebSocket } = this.world.server;
    return new this.RTM({ url: "ws://one/rtm", userId: "alice", WebSocket, ...options });
  }

  /** A client that is logged in. */
  async loggedIn(options = {}, welcome = {}) {
    const rtm = this.client(options);
    const login = rtm.login();
    await turn();
    await this.world.server.last.welcome(welcome);
    await login;
    return rtm;
  }

  fire(type, fields = {}) {
    this.window.dispatchEvent(Object.assign(new Event(type), fields));
  }

  /** The page goes and its tab loads it anew. */
  reload() {
    this.fire("pagehide", { persisted: false });
    return this.world.page(this.storage);
  }
}

/** Time, a server and pages for one test. */
export class World {
  time = new VirtualTime().install();
  server = new ScriptedServer();

  page(storage = new TabStorage()) {
    return new Page(this, storage).load();
  }

  get last() {
    return this.server.last;
  }

  end() {
    this.time.uninstall();
    delete globalThis.addEventListener;
    delete globalThis.removeEventListener;
    delete globalThis.sessionStorage;
  }
}

/**
 * Runs a test in a world of its own.
 * @param {(world: World) => Promise<void>} story
 */
export const inWorld = (story) => async () => {
  const world = new World();
  try {
    await story(world);
  } finally {
    world.end();
  }
};

/** How a promise stands now, without waiting for it. */
export async function standing(promise) {
  await turn();
  const open = Symbol();
  return Promise.race([promise, Promise.resolve(open)]).then(
    (value) => (value === open ? { state: "open" } : { state: "resolved", value }),
    (error) => ({ state: "rejected", error }),
  );
}
