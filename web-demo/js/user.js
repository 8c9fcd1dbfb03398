// SPDX-License-Identifier: Apache-2.0
import { callText } from "./call-text.js";
import { openFrame } from "./frame.js";

const TAB = new URL("tab.js", import.meta.url).href;
const EVENTS_KEPT = 30;
const CALLS_KEPT = 20;
const FRAMES_PER_CALL_MAX = 30;
const TOKENS_KEPT = 5;
const OWN_CLOCK = /"(event|op)":"heartbeat"/;
const UNAVAILABLE = -14009;
let callsMade = 0;

/** One user of the page: a tab with a session, what it holds and waits for, and what was called and received. */
export class User {
  #tab;
  #frame;
  #urls;
  #channel;
  #changed;
  #framed;

  /** `urls`: of the nodes. `changed` is called after every change, `framed(user, direction, text)` for every frame. */
  constructor({ name, urls, channel, changed, framed = () => {} }) {
    this.name = name;
    this.#urls = urls;
    this.#channel = channel;
    this.#changed = changed;
    this.#framed = framed;
    this.state = "closed";
    this.linkState = "IDLE";
    /** Of the node that the client is connected to, tries or has lost. */
    this.url = urls[0];
    this.events = [];
    this.calls = [];
    /** Lock name -> every token this user ever got for it, newest first. */
    this.tokens = new Map();
    this.#forget();
  }

  /** Lock name -> grant, place in the queue. */
  #forget() {
    this.grants = new Map();
    this.places = new Map();
    /** Locks that may be ours still, but must not be trusted any more. */
    this.doubts = new Set();
  }

  get rtm() {
    return this.#tab?.rtm;
  }

  async open() {
    if (this.#frame) return;
    this.#become("opening");
    const frame = (this.#frame = await openFrame(TAB));
    // A page that did not load has no openTab, one whose login is refused rejects.
    const opening = frame.contentWindow.openTab?.({
      url: this.#urls,
      userId: this.name,
      channel: this.#channel,
      listeners: {
        lock: (event) => this.#onEvent(event),
        lockLost: (event) => this.#onEvent(event),
        linkState: ({ currentState }) => this.#onLinkState(currentState),
      },
      onFrame: (direction, text) => this.#onFrame(direction, text),
      onConnect: (url) => (this.url = url),
    });
    this.refusal = undefined;
    const tab = await opening?.catch((error) => this.#onRefused(error));
    if (this.#frame !== frame) return;
    if (!tab) return this.#end(this.refusal ? "refused" : "unreached");
    this.#tab = tab;
    this.#become("online");
    // After a reload: the locks and the places are still ours, the calls take them up.
    for (const { lockName } of tab.held) this.acquire(lockName);
    for (const { lockName } of tab.waiting) this.acquire(lockName, { retry: true });
  }

  #onRefused({ errorCode, reason }) {
    if (errorCode && errorCode !== UNAVAILABLE) this.refusal = { method: "login", refused: reason, errorCode };
  }

  /** What closing the tab does: the browser ends the connection with code 1001. */
  close() {
    this.#end("closed");
  }

  #end(state) {
    this.#frame?.remove();
    this.#frame = this.#tab = undefined;
    this.#forget();
    this.#become(state);
  }

  reload() {
    this.close();
    return this.open();
  }

  /** The connection ends as if its node drained, and the same session goes on at the next one. */
  move() {
    this.#tab?.plug.sendAway();
  }

  pull() {
    this.#tab?.plug.pull();
    this.offlineSince = Date.now();
    this.#become("unplugged");
  }

  putBack() {
    this.#tab?.plug.putBack();
    this.offlineSince = undefined;
    this.#become("online");
  }

  /** Answered with the grant, or with nothing when refused. With `retry` it waits its turn. */
  async acquire(lockName, { retry = false } = {}) {
    const options = { lockName, retry };
    const leave = new AbortController();
    if (retry) {
      options.signal = leave.signal;
      options.onWaiting = ({ position }) => this.#wait(lockName, { position, leave });
      this.#wait(lockName, { leave });
    }
    const grant = await this.#call("lock", "acquireLock", options);
    if (this.places.get(lockName)?.leave === leave) this.places.delete(lockName);
    if (grant) {
      this.grants.set(lockName, grant);
      this.doubts.delete(lockName);
      this.#keepToken(lockName, grant.fencingToken);
      grant.signal.addEventListener("abort", () => this.#drop(lockName, grant));
    }
    this.#changed();
    return grant;
  }

  /** Whether the grant that it has was waited for. */
  hasWaited(lockName) {
    return this.grants.get(lockName)?.waitedMs > 0;
  }

  leaveQueue(lockName) {
    this.places.get(lockName)?.leave.abort();
  }

  release(lockName) {
    return this.#call("lock", "releaseLock", { lockName });
  }

  revoke(lockName) {
    return this.#call("lock", "revokeLock", { lockName });
  }

  set(lockName, ttl) {
    return this.#call("lock", "setLock", { lockName, ttl });
  }

  remove(lockName) {
    return this.#call("lock", "removeLock", { lockName });
  }

  list() {
    return this.#call("lock", "getLock", {});
  }

  /** Writes to the channel's storage, if this user owns `lockName` and `fencingToken` is the current one. */
  save(lockName, fencingToken, data) {
    return this.#call("storage", "setChannelMetadata", { data, lockName, fencingToken });
  }

  #wait(lockName, place) {
    this.places.set(lockName, { ...this.places.get(lockName), ...place });
    this.#changed();
  }

  #keepToken(lockName, token) {
    const others = (this.tokens.get(lockName) ?? []).filter((each) => each !== token);
    this.tokens.set(lockName, [token, ...others].slice(0, TOKENS_KEPT));
  }

  #drop(lockName, grant) {
    if (this.grants.get(lockName) === grant) this.grants.delete(lockName);
    if (grant.signal.reason?.detail?.cause === "UNCERTAIN") this.doubts.add(lockName);
    this.#changed();
  }

  /** Calls the SDK, and keeps the call as it would be written, its frames and its outcome. */
  async #call(api, method, options) {
    const where = { channel: this.#channel, channelType: 1, ...options };
    const call = { number: ++callsMade, code: callText(api, method, where), method, frames: [], user: this };
    this.calls.unshift(call);
    this.calls.length = Math.min(this.calls.length, CALLS_KEPT);
    this.#changed();
    if (!this.rtm) return this.#settle(call, { refused: "This tab is closed." });
    const began = performance.now();
    try {
      const reply = await this.rtm[api][method](where);
      return this.#settle(call, { reply, tookMs: performance.now() - began });
    } catch (error) {
      if (error.name === "AbortError") return this.#settle(call, { left: true });
      const refused = error.reason ?? error.message;
      return this.#settle(call, { refused, errorCode: error.errorCode });
    }
  }

  #settle(call, outcome) {
    Object.assign(call, outcome);
    this.#changed();
    return outcome.reply;
  }

  #onFrame(direction, text) {
    this.#framed(this, direction, text);
    if (OWN_CLOCK.test(text)) return;
    const frame = JSON.parse(text);
    const call =
      direction === "out"
        ? this.calls.find(({ id, method, settled }) => !settled && (id === frame.id || (!id && method === frame.op)))
        : this.calls.find(({ id }) => id && (id === frame.id || id === frame.requestId));
    const target = call ?? (frame.event === "lock" ? this.calls[0] : undefined);
    if (call) call.id ??= frame.id;
    if (target && target.frames.length < FRAMES_PER_CALL_MAX) target.frames.push({ direction, text, at: performance.now() });
  }

  #onEvent(event) {
    if (event.type === "LOCK_LOST" || event.eventType === "ACQUIRED") this.doubts.delete(event.lockName);
    if (event.eventType === "SNAPSHOT") this.#keepDoubts(event.snapshot);
    this.events.unshift({ ...event, at: Date.now() });
    this.events.length = Math.min(this.events.length, EVENTS_KEPT);
    this.#changed();
  }

  /** Only what is still owned with a token of ours can be ours. */
  #keepDoubts(locks) {
    const isOurs = ({ lockName, fencingToken }) => this.tokens.get(lockName)?.includes(fencingToken);
    const ours = new Set(locks.filter(isOurs).map(({ lockName }) => lockName));
    for (const lockName of this.doubts) if (!ours.has(lockName)) this.doubts.delete(lockName);
  }

  #onLinkState(state) {
    this.linkState = state;
    this.#changed();
  }

  #become(state) {
    this.state = state;
    this.#changed();
  }
}
