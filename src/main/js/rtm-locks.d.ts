// SPDX-License-Identifier: Apache-2.0

/**
 * `1` and `"MESSAGE"` are the same type, and the default; `2` and `"STREAM"` are the other; another number is refused with -10019.
 * Replies and events always name it by the string.
 */
export type ChannelType = number | "MESSAGE" | "STREAM";
export type ChannelTypeName = "MESSAGE" | "STREAM";

/** A channel, by name and type. */
export interface ChannelRef {
  channel: string;
  channelType?: ChannelType;
}

/** A lock, by channel and name. */
export interface LockRef extends ChannelRef {
  lockName: string;
}

/** What every answer of the object form has. */
export interface Reply {
  errorCode: 0;
  /** When the service answered, in UTC milliseconds. */
  timestamp: number;
}

/** What every answer of the positional form has. */
export interface ChannelAnswer {
  timestamp: number;
  channelName: string;
  channelType: ChannelTypeName;
}

export interface LockAnswer extends ChannelAnswer {
  lockName: string;
}

export interface LockReply extends Reply, LockRef {
  channelType: ChannelTypeName;
}

export interface LoginReply extends Reply {
  userId: string;
  sessionId: string;
  /** Whether this is the session from before, with what it held and waited for. */
  resumed: boolean;
  heartbeatMs: number;
  offlineAfterMs: number;
  /** The node that answered. */
  node: string;
  /** Locks the session holds; with `resumed` only. Calling `acquireLock` for one gives its grant at once. */
  held?: (LockRef & { fencingToken: number })[];
  /** Queues the session stands in; with `resumed` only. Calling `acquireLock` with `retry` for one goes on from its place. */
  waiting?: (LockRef & { requestId: number; position: number })[];
}

/**
 * What a held lock is to the code that holds it. It can be handed to `releaseLock` as it is.
 *
 * The lock cannot be anybody else's while `signal` is not aborted and `validForMs()` is above 0: the client counts, on its
 * own clocks, from something the service has proved to have heard. A page that was frozen finds the signal aborted as soon as
 * it looks. What no client can promise is that a page frozen between a look and a write has not written late: hand the
 * `fencingToken` to whatever you write to, as this service's storage does.
 *
 * The other side of an aborted signal: the service may still keep the lock for this client, when it is `UNCERTAIN` and the session
 * comes back, and keeps it as long as the client is online. `withLock` and `locks().request` give it back then. Who called
 * `acquireLock` decides: `releaseLock` gives it back, `acquireLock` again is answered with a grant that can be trusted. Do one of both,
 * or nobody else gets the lock.
 */
export interface GrantSignal {
  /**
   * Aborts before the lock can be anybody else's: it was lost (`reason.detail.cause` says how: `REVOKED`, `REMOVED`, …),
   * released, or is no longer certain (`UNCERTAIN`: nothing was heard from the service for about the lock's ttl).
   */
  readonly signal: AbortSignal;
  /** For how many milliseconds from now on nobody else can have the lock; 0 when that is over. */
  validForMs(): number;
}

export interface GrantFields {
  owner: string;
  /** Seconds for which the lock waits for an owner that went offline. */
  ttl: number;
  /** Grows with every grant of the lock. */
  fencingToken: number;
  /** How long the request stood in the queue. */
  waitedMs: number;
}

export interface Grant extends LockReply, GrantFields, GrantSignal {}
export interface GrantAnswer extends LockAnswer, GrantFields, GrantSignal {}

export interface LockDetail {
  lockName: string;
  /** Empty when the lock is free. */
  owner: string;
  ttl: number;
  fencingToken: number;
  /** Since when it is held, in UTC milliseconds. */
  since: number;
  ownerOnline: boolean;
  waiters: number;
  /** The first hundred, with `withQueue`. */
  queue?: QueueEntry[];
}

export interface QueueEntry {
  userId: string;
  since: number;
  online: boolean;
}

export interface SetLockOptions {
  /** Seconds for which the lock waits for an owner that went offline; 10 by default, 10 to 300. */
  ttl?: number;
  /** What to do when the lock exists: refuse with -14004 (the default), or leave it as it is. */
  ifExists?: "error" | "keep";
}

export interface AcquireOptions {
  /** Stand in the queue until the lock is granted; otherwise a busy lock is refused at once with -14007. */
  retry?: boolean;
  /** The longest stay in the queue; with `retry`. */
  timeoutMs?: number;
  /** Set the lock first when it is missing. */
  create?: boolean;
  /** The ttl of a lock that is created, in seconds. */
  ttl?: number;
  /** Leaves the queue and rejects with the signal's reason (an AbortError, if it was given none); a grant on its way is given back. */
  signal?: AbortSignal;
  /** Called with the place in the queue, at once and when it changes. */
  onWaiting?: (place: { position: number; waiters: number }) => void;
}

export interface LockEvent {
  event: "lock";
  eventType: "SNAPSHOT" | "SET" | "ACQUIRED" | "RELEASED" | "EXPIRED" | "REMOVED" | "QUEUE";
  channel: string;
  channelType: ChannelTypeName;
  timestamp: number;
  /** Per channel, one more with every event; a `QUEUE` event has none. */
  seq?: number;
  lockName?: string;
  owner?: string;
  previousOwner?: string;
  ttl?: number;
  fencingToken?: number;
  publisher?: string;
  cause?: string;
  /** With `SNAPSHOT`: all locks of the channel. */
  snapshot?: LockDetail[];
  /** With `QUEUE`. */
  waiters?: number;
  queue?: QueueEntry[];
}

export interface StorageEvent {
  event: "storage";
  eventType: "SNAPSHOT" | "UPDATE";
  channel: string;
  channelType: ChannelTypeName;
  majorRevision: number;
  metadata: Record<string, MetadataItem>;
  publisher?: string;
  timestamp: number;
}

export type LinkState =
  /** Not logged in, or logged out. */
  | "IDLE"
  | "CONNECTING"
  | "CONNECTED"
  /** The connection was lost; it comes back by itself. */
  | "DISCONNECTED"
  /** As DISCONNECTED, for so long that requests are not kept any more. */
  | "SUSPENDED"
  /**
   * It does not come back by itself: the token or the page's origin was refused, another connection took the session over, or a login
   * was not answered in time. `login` tries anew.
   */
  | "FAILED";

export interface LinkStateEvent {
  currentState: LinkState;
  previousState: LinkState;
  /** For a person. */
  reason: string;
  timestamp: number;
}

/** This client lost a lock: revoked, removed, expired while away, or (`SESSION_LOST`) left behind in a session that is over. */
export interface LockLostEvent {
  event: "session";
  type: "LOCK_LOST";
  channel: string;
  channelType: ChannelTypeName;
  lockName: string;
  fencingToken: number;
  cause: string;
}

/**
 * The token ends soon. With `getToken` the client renews it by itself; else call `renewToken`, or the connection ends then, the
 * state is FAILED until `login` with another token, and locks are kept for their ttl.
 */
export interface TokenWillExpireEvent {
  event: "session";
  type: "TOKEN_WILL_EXPIRE";
  /** In UTC milliseconds by the service's clock, as is `timestamp`, when it said so. */
  expiresAt: number;
  timestamp: number;
}

/** Whatever the service tells this session alone: `LOCK_LOST`, `WAITING`, `TOKEN_WILL_EXPIRE`. */
export interface SessionEvent {
  event: "session";
  type: string;
  [field: string]: unknown;
}

export interface EventMap {
  lock: LockEvent;
  storage: StorageEvent;
  linkState: LinkStateEvent;
  lockLost: LockLostEvent;
  tokenWillExpire: TokenWillExpireEvent;
  session: SessionEvent;
}

export interface SubscribeOptions {
  channelType?: ChannelType;
  /** Lock events; true by default. */
  withLock?: boolean;
  /** Storage events. */
  withStorage?: boolean;
  /** `QUEUE` events as well. */
  withQueue?: boolean;
}

export interface MetadataInput {
  key: string;
  value: string;
  /** Absent or -1: no check; 0: only when the key is new; above 0: only when it is at this revision. */
  revision?: number;
}

export interface MetadataItem {
  value: string;
  revision: number;
  updated: number;
  authorUid: string;
}

/** The guard of a write: with `lockName` it happens only while this client owns that lock. */
export interface MetadataGuard {
  majorRevision?: number;
  lockName?: string;
  /** Then only with this token, which a later grant makes stale. */
  fencingToken?: number;
}

export interface MetadataFields {
  totalCount: number;
  majorRevision: number;
}

export interface MetadataReply extends Reply, MetadataFields {
  channel: string;
  channelType: ChannelTypeName;
}
export interface MetadataAnswer extends ChannelAnswer, MetadataFields {}

export interface RTMOptions {
  /**
   * A WebSocket URL, by default `/rtm` on the page's own host; or those of several nodes of one cluster. The first is tried first.
   * Whenever a connection ends, does not answer or could not be made, the next one is, at once when the node said that it drains;
   * after the last comes the first. The session goes on wherever that leads: its locks stay, and so do its places in queues. A
   * reload finds its session by the same URLs, in any order.
   * @example new RTM({ url: ["wss://a.example.com/rtm", "wss://b.example.com/rtm"], userId: "alice" });
   */
  url?: string | string[];
  userId: string;
  token?: string;
  /** Called when a token is needed: at the first login without `token`, and when one expires or is refused. */
  getToken?: () => string | Promise<string>;
  /**
   * How long a login may take; then it is given up and rejects. Several URLs share it. A connection that was lost is given as much for
   * each attempt to come back. 10,000.
   */
  connectTimeoutMs?: number;
  /** How long a request may stay without an answer, beyond what it asked to wait for; 30,000. */
  requestTimeoutMs?: number;
  /** How long the connection may be away before the state is SUSPENDED and requests are given up; 120,000. */
  suspendAfterMs?: number;
  /** Sees every frame, as text, when it goes out or comes in. */
  onFrame?: (direction: "in" | "out", text: string) => void;
  /** A constructor like the browser's, where there is none (Node before 22), or one that plays tricks for a test. */
  WebSocket?: new (url: string, protocol: string) => unknown;
}

/** A refusal by the service, with its own fields, or one of the SDK's own (-10002, -14001, -14002, -14007, -14009). */
export class RtmError extends Error {
  name: "RtmError";
  error: true;
  errorCode: number;
  /** The same as `errorCode`. */
  code: number;
  /** The operation as the wire names it; of the positional form and of the SDK's own refusals the method's name. */
  operation: string;
  /** For a person; the same as `message`. */
  reason: string;
  detail?: { cause?: string; [field: string]: unknown };
  /** The same request may succeed later. With -14002 it may also have succeeded already. */
  retryable: boolean;
}

/**
 * The lock calls. What is refused for its rate (-10021) is asked again, later, for as long as the call may take. Each takes an object and answers as the wire does, or takes names one by one and answers in their
 * words.
 */
export interface LockApi {
  /**
   * Makes a lock.
   * @example await rtm.lock.setLock({ channel: "shop", lockName: "cart", ttl: 30 });
   * @example await rtm.lock.setLock("shop", "MESSAGE", "cart", { ttl: 30 });
   */
  setLock(lock: LockRef & SetLockOptions): Promise<LockReply & { ttl: number }>;
  setLock(channelName: string, channelType: ChannelType, lockName: string, options?: SetLockOptions): Promise<LockAnswer & { ttl: number }>;

  /**
   * Takes a lock, or a place in its queue. The owner asking again is answered at once with the same grant,
   * also while a `withLock` of this client runs: the lock ends with the first release. Whoever acquires releases,
   * also after `grant.signal` has aborted: see `GrantSignal`.
   * @example
   * const grant = await rtm.lock.acquireLock({ channel: "shop", lockName: "cart", retry: true, onWaiting: ({ position }) => show(position) });
   * await fetch("/save", { method: "POST", headers: { "Fencing-Token": `${grant.fencingToken}` }, signal: grant.signal });
   * @example const grant = await rtm.lock.acquireLock("shop", "MESSAGE", "cart", { retry: true });
   */
  acquireLock(lock: LockRef & AcquireOptions): Promise<Grant>;
  acquireLock(channelName: string, channelType: ChannelType, lockName: string, options?: AcquireOptions): Promise<GrantAnswer>;

  /**
   * Ends this client's wait for a lock, as aborting the `signal` of its `acquireLock` does; that call rejects with -14007.
   * @example const { cancelled } = await rtm.lock.cancelAcquire({ channel: "shop", lockName: "cart" });
   */
  cancelAcquire(lock: LockRef): Promise<LockReply & { cancelled: boolean }>;
  cancelAcquire(channelName: string, channelType: ChannelType, lockName: string): Promise<LockAnswer & { cancelled: boolean }>;

  /**
   * Gives a lock back. Sent until the service has it, also after a lost connection, even when this promise has given up.
   * @example await rtm.lock.releaseLock(grant);
   * @example await rtm.lock.releaseLock("shop", "MESSAGE", "cart");
   */
  releaseLock(lock: (LockRef | LockAnswer) & { fencingToken?: number }): Promise<LockReply>;
  releaseLock(channelName: string, channelType: ChannelType, lockName: string, options?: { fencingToken?: number }): Promise<LockAnswer>;

  /**
   * Takes a lock from its owner, whoever that is, or only from `owner`.
   * @example await rtm.lock.revokeLock({ channel: "shop", lockName: "cart", owner: "bob" });
   * @example await rtm.lock.revokeLock("shop", "MESSAGE", "cart", "bob");
   */
  revokeLock(lock: LockRef & { owner?: string }): Promise<LockReply & { owner: string }>;
  revokeLock(channelName: string, channelType: ChannelType, lockName: string, owner?: string): Promise<LockAnswer & { owner: string }>;
  /** The same as `revokeLock`. @example await rtm.lock.revokeLockLock("shop", "MESSAGE", "cart", "bob"); */
  revokeLockLock: LockApi["revokeLock"];

  /**
   * All locks of a channel.
   * @example const { totalLocks, locks } = await rtm.lock.getLock({ channel: "shop", withQueue: true });
   * @example const { totalLocks, lockDetails } = await rtm.lock.getLock("shop", "MESSAGE");
   */
  getLock(channel: ChannelRef & { withQueue?: boolean }): Promise<Reply & { channel: string; channelType: ChannelTypeName; totalLocks: number; locks: LockDetail[]; seq: number }>;
  getLock(channelName: string, channelType: ChannelType, options?: { withQueue?: boolean }): Promise<ChannelAnswer & { totalLocks: number; lockDetails: LockDetail[]; seq: number }>;
  /** The same as `getLock`. @example const { lockDetails } = await rtm.lock.getLocks("shop", "MESSAGE"); */
  getLocks: LockApi["getLock"];
  /** The same as `getLock`. @example const { lockDetails } = await rtm.lock.getLockLock("shop", "MESSAGE"); */
  getLockLock: LockApi["getLock"];

  /**
   * Removes a lock, held or not; who waits is refused with -14008.
   * @example await rtm.lock.removeLock({ channel: "shop", lockName: "cart" });
   * @example await rtm.lock.removeLock("shop", "MESSAGE", "cart");
   */
  removeLock(lock: LockRef): Promise<LockReply>;
  removeLock(channelName: string, channelType: ChannelType, lockName: string): Promise<LockAnswer>;
  /** The same as `removeLock`. @example await rtm.lock.removeLockLock("shop", "MESSAGE", "cart"); */
  removeLockLock: LockApi["removeLock"];

  /**
   * Acquires, runs the function, and releases whatever happens; resolves to what the function gives. It waits its turn unless
   * `retry` is false. To the service a client is one owner; here calls of one client take turns: it waits for the `withLock` before it,
   * and while `acquireLock` of the same client waits for the lock or has it; called by the code that holds it, it waits for itself.
   * `timeoutMs` bounds that wait and then the one in the queue. A function that goes on after `grant.signal` aborts does so without the lock: it is given back at
   * once, or when the connection is back.
   * @example
   * const total = await rtm.lock.withLock({ channel: "shop", lockName: "cart" }, { timeoutMs: 5000 }, async (grant) => {
   *   return (await fetch("/checkout", { method: "POST", signal: grant.signal })).json();
   * });
   */
  withLock<T>(lock: LockRef, options: AcquireOptions, run: (grant: Grant) => T | Promise<T>): Promise<T>;
  withLock<T>(lock: LockRef & AcquireOptions, run: (grant: Grant) => T | Promise<T>): Promise<T>;
}

/** The storage of channels: small texts that can be guarded by a lock. */
export interface StorageApi {
  /**
   * Writes items, all or none.
   * @example await rtm.storage.setChannelMetadata("shop", "MESSAGE", [{ key: "title", value: "Open" }], { lockName: "cart", fencingToken: grant.fencingToken });
   * @example await rtm.storage.setChannelMetadata({ channel: "shop", data: [{ key: "title", value: "Open" }] });
   */
  setChannelMetadata(write: ChannelRef & MetadataGuard & { data: MetadataInput[] }): Promise<MetadataReply>;
  setChannelMetadata(channelName: string, channelType: ChannelType, data: MetadataInput[], options?: MetadataGuard): Promise<MetadataAnswer>;

  /**
   * As `setChannelMetadata`, for keys that exist.
   * @example await rtm.storage.updateChannelMetadata("shop", "MESSAGE", [{ key: "title", value: "Closed", revision: 3 }]);
   */
  updateChannelMetadata(write: ChannelRef & MetadataGuard & { data: MetadataInput[] }): Promise<MetadataReply>;
  updateChannelMetadata(channelName: string, channelType: ChannelType, data: MetadataInput[], options?: MetadataGuard): Promise<MetadataAnswer>;

  /**
   * Removes the items of `data`, or all.
   * @example await rtm.storage.removeChannelMetadata("shop", "MESSAGE", { data: [{ key: "title" }] });
   */
  removeChannelMetadata(write: ChannelRef & MetadataGuard & { data?: { key: string; revision?: number }[] }): Promise<MetadataReply>;
  removeChannelMetadata(channelName: string, channelType: ChannelType, options?: MetadataGuard & { data?: { key: string; revision?: number }[] }): Promise<MetadataAnswer>;

  /**
   * All items of a channel.
   * @example const { metadata } = await rtm.storage.getChannelMetadata("shop", "MESSAGE");
   */
  getChannelMetadata(channel: ChannelRef): Promise<MetadataReply & { metadata: Record<string, MetadataItem> }>;
  getChannelMetadata(channelName: string, channelType: ChannelType): Promise<MetadataAnswer & { metadata: Record<string, MetadataItem> }>;
}

export interface WebLock extends GrantFields, GrantSignal {
  name: string;
  mode: "exclusive";
}

export interface WebLockOptions {
  /** `"shared"` is refused with NotSupportedError, anything else with TypeError. */
  mode?: "exclusive" | "shared";
  /** Do not wait: the callback gets `null` when the lock is held. */
  ifAvailable?: boolean;
  /**
   * Take the lock from its holder, whose promise rejects with AbortError. The lock is removed and made anew, so requests that
   * wait by `acquireLock` are refused with -14008; those that wait by `request` queue up again.
   */
  steal?: boolean;
  /** Leaves the queue and rejects with the signal's reason; once the lock is granted it has no effect. */
  signal?: AbortSignal;
  /** The ttl in seconds of a lock that is created. */
  ttl?: number;
}

/**
 * `navigator.locks` for a channel: the same shape, across devices.
 *
 * Not every name is legal here: 1 to 64 characters, ASCII letters, digits, space and !#$%&()+,-:;<=>?@[]^_`{|}~, the first not an
 * underscore; others, `/` and `.` among them, reject with -14005. A name that begins with a hyphen is legal here and is not there.
 */
export interface WebLocks {
  /**
   * Waits for the lock, which is made when missing, and holds it until the callback's promise settles; resolves to its value.
   * Rejects with AbortError when the lock is lost before.
   * @example await rtm.locks("shop").request("cart", async (lock) => { await save(lock.fencingToken); });
   * @example await rtm.locks("shop").request("cart", { ifAvailable: true }, async (lock) => lock ? save() : later());
   */
  request<T>(name: string, callback: (lock: WebLock) => T | Promise<T>): Promise<T>;
  request<T>(name: string, options: WebLockOptions & { ifAvailable: true }, callback: (lock: WebLock | null) => T | Promise<T>): Promise<T>;
  request<T>(name: string, options: WebLockOptions | null | undefined, callback: (lock: WebLock) => T | Promise<T>): Promise<T>;

  /**
   * Who holds and who waits; `clientId` is a user's id.
   * @example const { held, pending } = await rtm.locks("shop").query();
   */
  query(): Promise<{ held: WebLockInfo[]; pending: WebLockInfo[] }>;
}

export interface WebLockInfo {
  name: string;
  mode: "exclusive";
  clientId: string;
}

/**
 * A client of the lock service: one session of one user, over as many connections as it takes.
 *
 * Every promise settles. After a lost connection the client comes back by itself, to its session, its subscriptions and its
 * places in queues; what had no answer is sent again with its id and has its effect once. When the session could not be kept,
 * what only reads and what waits is sent anew, and what may have happened rejects with -14002.
 *
 * A reload comes back to the session too, through `sessionStorage`: the locks are still this client's (see `held` of the
 * login's answer), and an `acquireLock` with `retry` goes on from its old place. A copied tab gets a session of its own.
 */
export default class RTM {
  constructor(options: RTMOptions);
  /** The familiar shape; the app id is not used. */
  constructor(appId: string, userId: string, options?: Omit<RTMOptions, "userId">);

  readonly userId: string;
  readonly linkState: LinkState;
  readonly lock: LockApi;
  /** The same as `lock`. */
  readonly Lock: LockApi;
  readonly storage: StorageApi;

  /**
   * Connects, now if a lost connection waits for its next attempt; after a `logout` that is still under way. A `token` takes the place
   * of the one from before.
   * @example const { resumed, held } = await rtm.login();
   * @example await rtm.login({ token });
   */
  login(options?: { token?: string }): Promise<LoginReply>;

  /**
   * Leaves on purpose: locks are released and waits end at once. Always resolves, after two seconds without an answer.
   * What is called until then is refused with -10002.
   * @example await rtm.logout();
   */
  logout(): Promise<Reply>;

  /**
   * Goes on with the rights and the expiry of another token, which later logins use too, unless it is refused.
   * @example rtm.addEventListener("tokenWillExpire", () => rtm.renewToken(fetchToken()));
   */
  renewToken(token: string | Promise<string>): Promise<Reply>;

  /**
   * Receives a channel's events, first a `SNAPSHOT`; renewed after every reconnect, with a fresh one.
   * @example
   * rtm.addEventListener("lock", (event) => render(event));
   * await rtm.subscribe("shop", { withLock: true });
   */
  subscribe(channelName: string, options?: SubscribeOptions): Promise<Reply & { seq: number }>;

  /**
   * Ends a channel's events. Locks held there are then kept only for their ttl, as if this client were offline.
   * When it is not known whether that happened (-14002) it rejects: call it again.
   * @example await rtm.unsubscribe("shop");
   */
  unsubscribe(channelName: string, options?: { channelType?: ChannelType }): Promise<Reply>;

  /**
   * Is answered at once: good for measuring.
   * @example await rtm.ping();
   */
  ping(): Promise<Reply>;

  /**
   * The locks of a channel in the shape of `navigator.locks`.
   * @example await rtm.locks("shop").request("cart", async (lock) => { await save(lock.fencingToken); });
   */
  locks(channelName: string, options?: { channelType?: ChannelType }): WebLocks;

  /**
   * A listener that throws is reported to the console and disturbs nobody.
   * @example rtm.addEventListener("lockLost", ({ lockName, cause }) => warn(`${lockName}: ${cause}`));
   * @example rtm.addEventListener("linkState", ({ currentState, reason }) => badge(currentState, reason));
   */
  addEventListener<K extends keyof EventMap>(type: K, listener: (event: EventMap[K]) => void): void;

  /**
   * @example rtm.removeEventListener("lock", render);
   */
  removeEventListener<K extends keyof EventMap>(type: K, listener: (event: EventMap[K]) => void): void;

  /** For demonstrations and tests. */
  readonly debug: {
    /**
     * Breaks the connection as a network would, neither logging out nor releasing; the client comes back as it always does, with
     * several URLs at the next one.
     * To play silence, or to keep it away, hand in a `WebSocket` of your own.
     * @example rtm.debug.dropConnection();
     */
    dropConnection(): void;
  };
}
