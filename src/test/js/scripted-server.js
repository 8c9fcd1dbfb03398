// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";

/** The far end of one connection, as the script sees it. */
export class Connection {
  readyState = 0;
  /** Frames of the client that no `expect` has taken yet. */
  received = [];
  closedWith;

  constructor(url, protocol) {
    this.url = url;
    this.protocol = protocol;
  }

  // The client's side.
  send(text) {
    assert.equal(this.readyState, 1, "sent on a closed socket");
    this.received.push(JSON.parse(text));
  }

  close(code) {
    this.closedWith = code;
    this.readyState = 3;
  }

  // The script's side.
  async accept() {
    this.readyState = 1;
    this.onopen?.({});
    await turn();
  }

  /** Sends frames in one go, as a server that writes without pause. */
  async say(...frames) {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
    await turn();
  }

  /** Takes the client's next frame and checks the given fields. */
  expect(op, fields = {}) {
    const frame = this.received.shift();
    assert.ok(frame, `no frame, expected ${op}`);
    assert.equal(frame.op, op, `got ${JSON.stringify(frame)}`);
    for (const [key, value] of Object.entries(fields)) assert.deepEqual(frame[key], value, `${op}.${key}`);
    return frame;
  }

  expectNothing() {
    assert.deepEqual(this.received, []);
  }

  reply({ id }, more = {}) {
    return this.say({ id, errorCode: 0, timestamp: 1, ...more });
  }

  refuse({ id }, errorCode, more = {}) {
    return this.say({ id, errorCode, operation: "RTMAcquireOperation", reason: "refused by the script", timestamp: 1, ...more });
  }

  grant({ id, channel, channelType = "MESSAGE", lockName }, fencingToken, more = {}) {
    const owner = "alice";
    return this.say({ id, errorCode: 0, timestamp: 1, channel, channelType, lockName, owner, ttl: 30, fencingToken, waitedMs: 0, ...more });
  }

  beat(n, acked, quorum = true) {
    return this.say({ event: "heartbeat", n, acked, quorum });
  }

  /** The connection ends. */
  async hangUp(code = 1006, reason = "") {
    this.readyState = 3;
    this.onclose?.({ code, reason });
    await turn();
  }

  /** Accepts and answers the login; returns the login's frame. */
  async welcome(more = {}) {
    await this.accept();
    const login = this.expect("login");
    await this.reply(login, { userId: login.userId, sessionId: "s1", resumeToken: "r1", resumed: false, heartbeatMs: 5000, offlineAfterMs: 15000, node: "n1", ...more });
    return login;
  }
}

export const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Hands out connections; `WebSocket` goes into the client's options. */
export class ScriptedServer {
  connections = [];
  WebSocket;

  constructor() {
    const { connections } = this;
    this.WebSocket = class extends Connection {
      constructor(url, protocol) {
        super(url, protocol);
        connections.push(this);
      }
    };
  }

  /** The connection the client opened last. */
  get last() {
    return this.connections.at(-1);
  }
}

/** One tab's `sessionStorage`; `copy()` is what a duplicated tab gets, `sameTab()` what the page after a reload sees. */
export class TabStorage {
  constructor(entries = new Map()) {
    this.entries = entries;
  }
  getItem(key) {
    return this.entries.get(key) ?? null;
  }
  setItem(key, value) {
    this.entries.set(key, String(value));
  }
  removeItem(key) {
    this.entries.delete(key);
  }
  copy() {
    return new TabStorage(new Map(this.entries));
  }
}

/** `navigator.locks` of one browser: enough of it for claims, with `release` for a page that went. */
export class TabLocks {
  #held = new Map();
  #waiting = new Map();

  request(name, { signal }, callback) {
    return new Promise((resolve, reject) => {
      const run = () => {
        this.#held.set(name, true);
        callback({ name });
        resolve();
      };
      if (!this.#held.has(name)) return run();
      this.#waiting.set(name, run);
      signal.addEventListener("abort", () => {
        this.#waiting.delete(name);
        reject(signal.reason);
      });
    });
  }

  /** Every page that held a claim went away. */
  releaseAll() {
    this.#held.clear();
    for (const run of this.#waiting.values()) run();
    this.#waiting.clear();
  }
}
