/** The shapes the modules of the SDK hand to each other; nothing here is for its users. */

export type LinkState = "IDLE" | "CONNECTING" | "CONNECTED" | "DISCONNECTED" | "SUSPENDED" | "FAILED";

/** One moment: on the monotonic clock, and on the wall's. */
export type Stamp = number[];

/** A JSON object of the wire, whatever its kind. */
export type Wire = Record<string, any>;

export interface Link {
  state(): LinkState;
  /** Connects now, unless connected or about to be. */
  open(): void;
  /** Whether the frame left. */
  send(text: string): boolean;
  /** Cuts the connection and comes back after `holdMs`, or by the usual back-off. */
  drop(holdMs?: number): void;
  /** Ends the connection; nothing but `open` goes on from IDLE and FAILED. */
  close(state: LinkState, reason?: string, cause?: unknown): void;
}

/** A request from the call to its one answer. */
export interface Request {
  id: number;
  op: string;
  fields: Wire;
  text: string;
  /** How often it went out, and when the last time. */
  sends: number;
  sentAt?: Stamp;
  /** The caller has its answer (an abort, a deadline); the service's is still to come. */
  settled?: boolean;
  /** Not to be sent yet: another call of this client has the lock. */
  held?: unknown;
  /** The latest refusal after which it was sent again. */
  refusal?: Error;
  timer?: any;
  again?: any;
  promise: Promise<any>;
  resolve(value: any): void;
  reject(error: unknown): void;
  onWaiting?(place: Wire): void;
  /** Runs with the reply, before any later frame; its value is what the promise resolves to. */
  onReply?(reply: Wire, request: Request): any;
}

export interface Requests {
  get(id: number): Request | undefined;
  all(): Request[];
  start(op: string, fields: Wire, how?: StartOptions): Request;
  send(request: Request): void;
  onReply(reply: Wire): void;
  giveUp(request: Request, why: unknown, sessionOver?: boolean): void;
  onNewSession(): void;
}

export interface StartOptions extends Partial<Pick<Request, "id" | "held" | "onWaiting" | "onReply">> {
  /** What the request may take beyond the usual deadline; Infinity: no deadline. */
  patienceMs?: number;
}

/** A lock this client may trust until `base` + `trustMs`. */
export interface Held {
  key: string;
  where: Wire;
  token: number;
  trustMs: number;
  base: Stamp;
  controller: AbortController;
}

export interface Grants {
  left: Set<string>;
  get(where: Wire): Held | undefined;
  check(): void;
  /** Makes an acquire's reply a grant; throws when its token is known to be over. */
  add(reply: Wire, base: Stamp): any;
  /** The service heard, at `base` or later, that we live. */
  heard(base: Stamp): void;
  confirm(locks: Wire[], base?: Stamp): void;
  /** Where the locks are that can be trusted for less than `ms`. */
  thin(ms: number): Wire[];
  lose(where: Wire, cause: string, token?: number): void;
  loseAll(cause: string): Held[];
}

export interface Tab {
  resumeToken(): string | undefined;
  /** Takes up what the page before the reload left, unless its tab still lives. */
  open(): Promise<void>;
  nextId(): number;
  keep(resumeToken: string | undefined): void;
  /** The session ended for good. */
  close(): void;
}

export interface Session {
  grants: Grants;
  requests: Requests;
  link: Link;
  places: Map<string, number>;
  /** The latest login's reply. */
  hello(): any;
  /** When a grant that is answered now may count from. */
  baseOf(sentAt: Stamp): Stamp;
  login(options?: { token?: string }): Promise<any>;
  logout(): Promise<any>;
  start(op: string, fields: Wire, how?: StartOptions): Promise<Request>;
  ask(op: string, fields?: Wire): Promise<any>;
  subscribe(channel: string, options?: Wire): Promise<any>;
  unsubscribe(channel: string, options?: Wire): Promise<any>;
  renewToken(token: string): Promise<any>;
}
