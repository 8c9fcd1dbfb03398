// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";

/** Lets every promise that can settle do so. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));

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

  // What the client calls.
  send(text) {
    assert.notEqual(this.readyState, 0, "sent before it was open");
    if (this.readyState === 1) this.received.push(JSON.parse(text));
  }

  close(code) {
    this.closedWith = code;
    this.readyState = 3;
  }

  // What the script calls.
  async accept() {
    this.readyState = 1;
    this.onopen?.({});
    await turn();
  }

  /** Sends frames in one go, as a server does that writes without a pause. */
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

  grant(request, fencingToken, more = {}) {
    return this.say(granted(request, fencingToken, more));
  }

  beat(n, acked, quorum = true) {
    return this.say({ event: "heartbeat", n, acked, quorum });
  }

  lockLost(cause, fencingToken, where = LOCK) {
    return this.say({ event: "session", type: "LOCK_LOST", ...where, fencingToken, cause });
  }

  /** It could not be made: an error, which Node's `ws` throws when nobody listens, then the end. */
  async fail(error) {
    if (!this.onerror) throw error;
    this.onerror({ error });
    await this.hangUp(1006);
  }

  /** The connection ends. */
  async hangUp(code = 1006, reason = "") {
    this.readyState = 3;
    this.onclose?.({ code, reason });
    await turn();
  }

  /** Accepts, and answers the login; returns the login's frame. */
  async welcome(more = {}) {
    await this.accept();
    const login = this.expect("login");
    const session = { userId: login.userId, sessionId: "s1", resumeToken: "r1", resumed: false };
    await this.reply(login, { ...session, heartbeatMs: 5000, offlineAfterMs: 15000, node: "n1", ...more });
    return login;
  }

  /** As `welcome`, to a session that came back. */
  comeBack(more = {}) {
    return this.welcome({ resumed: true, resumeToken: "r2", held: [], waiting: [], ...more });
  }
}

/** The lock most tests are about. */
export const LOCK = { channel: "c", channelType: "MESSAGE", lockName: "l" };

export function granted({ id, channel, channelType = "MESSAGE", lockName }, fencingToken, more = {}) {
  return { id, errorCode: 0, timestamp: 1, channel, channelType, lockName, owner: "alice", ttl: 30, fencingToken, waitedMs: 0, ...more };
}

/** Hands out connections; its `WebSocket` goes into the client's options. */
export class ScriptedServer {
  /** @type {Connection[]} */
  connections = [];

  WebSocket = ((connections) =>
    class extends Connection {
      constructor(url, protocol) {
        super(url, protocol);
        connections.push(this);
      }
    })(this.connections);

  /** The connection the client opened last. */
  get last() {
    return this.connections.at(-1);
  }
}
