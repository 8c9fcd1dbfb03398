// SPDX-License-Identifier: Apache-2.0
// What the modules of the SDK are to each other; nothing here is for its users. The scripts travel with every word in them,
// this file does not: the explanations are here.
import type { LinkState } from "./rtm-locks.js";

export type { LinkState };

/** One moment, on the monotonic clock and on the wall's: the former may stand still while a machine sleeps, the latter be set. */
export type Stamp = number[];

/** A JSON object of the wire, whatever its kind. */
export type Wire = Record<string, any>;

/**
 * One connection at a time, kept up.
 *
 * IDLE -> CONNECTING -> CONNECTED -> DISCONNECTED -> CONNECTING …; after a long time without connection DISCONNECTED is called
 * SUSPENDED. FAILED is where trying again would be refused again (4400, 4403, 4401 without another token) or start a fight
 * (4409), and where a login ends that took too long. Out of IDLE and FAILED only `open` leads. It closes with 4000 when it means to come back, because 1000 and 1001
 * release the session's locks. (Node's `ws` ends the process with an error that nobody listens to, so somebody does; a close follows.)
 */
export interface Link {
  state(): LinkState;
  /** Connects now, unless connected or about to be. */
  open(): void;
  /** Whether the frame left; nothing leaves before the login is answered. */
  send(text: string): boolean;
  /** Cuts the connection as a broken network would, and comes back. */
  drop(): void;
  close(state: LinkState, reason?: string, cause?: unknown): void;
}

/** What a link asks of and tells its session. */
export interface LinkHooks {
  loginFrame(): Promise<Wire>;
  onLogin(reply: any, sentAt: Stamp): void;
  /** The token was refused: whether another one can be had. */
  canRenew(): unknown;
  onMessage(message: any): void;
  /** `cause`: the close code, or the error that ended a login. */
  onState(now: LinkState, before: LinkState, reason?: string, cause?: any): void;
}

/** A request from the call to its one answer. */
export interface Request {
  id: number;
  op: string;
  fields: Wire;
  text: string;
  begun: Stamp;
  /** For how long it may wait at the service. */
  patienceMs: number;
  /** How often it went out and was not surely without effect; and when first, because an answer that a frozen page hears may be one to that. */
  sends: number;
  sentAt?: Stamp;
  /** The caller has its answer (an abort, a deadline); the service's is still to come. */
  settled?: boolean;
  /** The tokens up to which a release that was answered meanwhile gave the lock back: this answer may be one from before. */
  freed?: number;
  /** Goes on until the service has it, whatever its caller was told: else a lock nobody wants stays ours. */
  must: boolean;
  /** A refusal for the moment is not handed on. */
  patient?: boolean;
  timer?: any;
  again?: any;
  promise: Promise<any>;
  resolve(value: any): void;
  reject(error: unknown): void;
  onWaiting?(place: Wire): void;
  /** Runs with the reply, before any later frame; its value is what the promise resolves to. */
  onReply?(reply: any, request: any): any;
}

export interface StartOptions extends Partial<Pick<Request, "id" | "sentAt" | "onWaiting" | "onReply" | "patient">> {
  /** What the request may take beyond the usual deadline; Infinity: no deadline. */
  patienceMs?: number;
}

/** Requests without an answer, in the order made. Each one's promise settles; each one's effect happens once. */
export interface Requests {
  get(id: number): Request | undefined;
  all(): Request[];
  /** Those of this kind, for this lock or channel, that have no answer yet. */
  of(op: string, where: Wire): Request[];
  /** The first of this kind, for this lock or channel, that is on its way and has a caller who waits. */
  any(op: string, where: Wire): Request | undefined;
  start(op: string, fields: Wire, how?: StartOptions): Request;
  /** Sends it, for the first time or again with the same id, if there is a connection. */
  send(request: Request): void;
  /**
   * An answer that leaves open what happened (-14002) is not handed on: the same id is asked again. So is, later, what was
   * refused for the moment, when it was the SDK that sent it again or when it must arrive; and for as long as it may take, what
   * has to do with locks and was refused for its rate, so much later for each that waits already. Never an unsubscribe: who subscribed
   * meanwhile would be taken out again.
   */
  onReply(reply: Wire): void;
  /** Answers the caller. An acquire on its way is called back; what it brings all the same, its `onReply` gives back. */
  giveUp(request: Request, why: unknown, sessionOver?: boolean): void;
  /** Keeps what was not sent, what only reads and what waits; the rest may have happened in the session that is over. */
  onNewSession(): void;
}

/** A lock this client may trust until `base` + `trustMs`. */
export interface Held {
  /** Channel, type, name and fencing token. */
  where: any;
  trustMs: number;
  base: Stamp;
  /** Nobody has it yet: `base` is too old to hand it out, the shard is asked for a later one. */
  proving: boolean;
  /** Its shard did not say that the resumed session has it: heartbeats prove nothing until it does. */
  doubted: boolean;
  controller: AbortController;
}

/**
 * The locks this client may trust. None can pass to anybody before `base` + ttl, where `base` is when something was sent that
 * the service has proved to have heard (PROTOCOL.md §2): an acquire or a login that was answered, an acknowledged heartbeat,
 * a question to the shard. Whoever looks at a signal makes it ask the clocks, so a page that was frozen finds it aborted
 * before any timer has run.
 */
export interface Grants {
  /** Channels we unsubscribed, or may have, by the id of that request: being heard counts for nothing there. */
  left: Map<string, any>;
  /** Tokens that ended, by lock: the word, or the release that is on its way, may come before the grant itself. */
  over: Map<string, number>;
  get(where: Wire): any;
  /** Ends what can no longer be trusted; runs before anything else of ours does. */
  check(): void;
  /**
   * Makes an acquire's reply a grant; throws when its token is known to be over. After a long wait the latest proof of being heard
   * may be nearly as old as the trust it gives: then it is a promise, kept when the shard has been asked. So it is in
   * a channel that was left, where the ttl of what was ours already runs.
   */
  add(reply: Wire, sentAt: Stamp): any;
  /** The service heard, at `base` or later, that we live. */
  heard(base: Stamp): void;
  /**
   * The session came back with these. The shards of others said nothing, or no longer know them. The page before a reload may have
   * left their channels.
   */
  resumed(locks: Wire[], base: Stamp, isReload: boolean): void;
  /** The service said, asked at `base`, that these are ours. */
  confirm(locks: Wire[], base: Stamp): void;
  /** Doubted locks of a channel that are not among those its shard has told. */
  missing(channel: Wire, locks: Wire[]): Wire[];
  /** Locks of which the next heartbeat may prove nothing, or too late. */
  thin(): Wire[];
  lose(where: Wire, cause: string): void;
  loseAll(cause: string): Wire[];
}

/**
 * What a client remembers over a reload: its resume token, and (by ids that start from the time) that it must not use request
 * ids of before. A page that goes marks its token as left behind; in a copied tab it is not, because the original lives.
 * A second client of the same user in one page has a place of its own.
 */
export interface Tab {
  resumeToken(): string | undefined;
  /** Takes up what the page before the reload left, or what this one did. */
  open(): void;
  nextId(): number;
  keep(resumeToken: string | undefined): void;
  /** The page goes, or the session waits for another login: who comes next in this tab may take it up. (Kept for "back", a page is gone to the service.) */
  leave(): void;
  /** The session ended for good. */
  close(): void;
}

/** One session with the service, over as many connections as it takes: joins link, requests and grants. */
export interface Session {
  grants: Grants;
  requests: Requests;
  link: Link;
  /** The id of the request with which the page before a reload waits for this lock; none once a release of ours ended what it brought. */
  place(where: Wire): number | undefined;
  /** Of a connection that could not be made a browser does not say why: a failure names what it may be. */
  login(options?: { token?: string }): Promise<any>;
  logout(): Promise<any>;
  /** Throws when not logged in, or no longer: what follows a logout would be asked of the session that ends. */
  start(op: string, fields: Wire, how?: StartOptions): Request;
  ask(op: string, fields?: Wire): Promise<any>;
  /** Asked again on each new connection, and as long as it is refused for the moment and nobody unsubscribes. */
  subscribe(channel: string, options?: Wire): Promise<any>;
  unsubscribe(channel: string, options?: Wire): Promise<any>;
  renewToken(token: string | Promise<string>): Promise<any>;
}

export type LockApi = ReturnType<typeof import("./lock.js").createApi>["lock"];

export type NewGrants = (enoughMs: () => number, prove: (where: Wire) => Promise<unknown>) => Grants;
export type NewLink = (options: any, hooks: LinkHooks) => Link;
export type NewRequests = (timeoutMs: number, nextId: () => number, send: (text: string) => boolean) => Requests;
export type NewSession = (options: any, emit: (type: string, event: any) => void) => Session;
/**
 * A method in both styles: one object, answered with the wire's reply; or `names` one by one and options, answered in the words
 * of the positional API.
 */
export type InStyle = (method: string, names: string[], run: (fields: any) => Promise<any>) => (...args: any[]) => Promise<any>;
