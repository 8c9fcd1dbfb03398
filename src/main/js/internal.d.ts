/** The shapes the modules of the SDK hand to each other; nothing here is for its users. */

export type LinkState = "IDLE" | "CONNECTING" | "CONNECTED" | "DISCONNECTED" | "SUSPENDED" | "FAILED";

/** One moment: on the monotonic clock, and on the wall's. */
export type Stamp = number[];

export type LockApi = ReturnType<typeof import("./lock.js").createApi>["lock"];

/** A JSON object of the wire, whatever its kind. */
export type Wire = Record<string, any>;

export interface Link {
  state(): LinkState;
  /** Connects now, unless connected or about to be. */
  open(): void;
  /** Whether the frame left. */
  send(text: string): boolean;
  /** Cuts the connection as a broken network would, and comes back. */
  drop(): void;
  /** Ends the connection; nothing but `open` goes on from IDLE and FAILED. */
  close(state: LinkState, reason?: string, cause?: any): void;
}

export interface LinkHooks {
  loginFrame(): Promise<Wire>;
  onLogin(reply: any, sentAt: Stamp): void;
  /** The token was refused: whether another one can be had. */
  canRenew(): unknown;
  onMessage(message: any): void;
  onState(now: LinkState, before: LinkState, reason?: string, cause?: any): void;
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
  /** Goes on until the service has it, whatever its caller was told. */
  must: boolean;
  timer?: any;
  again?: any;
  promise: Promise<any>;
  resolve(value: any): void;
  reject(error: unknown): void;
  onWaiting?(place: Wire): void;
  /** Runs with the reply, before any later frame; its value is what the promise resolves to. */
  onReply?(reply: any, request: any): any;
}

export interface Requests {
  get(id: number): Request | undefined;
  all(): Request[];
  any(op: string, where: Wire): boolean;
  start(op: string, fields: Wire, how?: StartOptions): Request;
  send(request: Request): void;
  onReply(reply: Wire): void;
  giveUp(request: Request, why: unknown, sessionOver?: boolean): void;
  onNewSession(): void;
}

export interface StartOptions extends Partial<Pick<Request, "id" | "onWaiting" | "onReply">> {
  /** What the request may take beyond the usual deadline; Infinity: no deadline. */
  patienceMs?: number;
}

/** A lock this client may trust until `base` + `trustMs`. */
export interface Held {
  /** Channel, type, name and fencing token. */
  where: any;
  trustMs: number;
  base: Stamp;
  controller: AbortController;
}

export interface Grants {
  /** Channels we unsubscribed: being heard counts for nothing there. */
  left: Set<string>;
  /** Tokens that ended, by lock: the word may come before the grant itself. */
  over: Map<string, number>;
  get(where: Wire): any;
  check(): void;
  /** Makes an acquire's reply a grant; throws when its token is known to be over. */
  add(reply: Wire, base: Stamp): any;
  /** The service heard, at `base` or later, that we live. */
  heard(base: Stamp): void;
  confirm(locks: Wire[], base: Stamp): void;
  /** Where the locks are that can be trusted for less than `ms`. */
  thin(ms: number): Wire[];
  lose(where: Wire, cause: string): void;
  loseAll(cause: string): Wire[];
}

/** What a client remembers over a reload: its resume token, and that it must not use the request ids of before. */
export interface Tab {
  resumeToken(): string | undefined;
  /** Takes up what the page before the reload left. */
  open(): void;
  nextId(): number;
  keep(resumeToken: string | undefined): void;
  /** The session ended for good. */
  close(): void;
}

export interface Session {
  grants: Grants;
  requests: Requests;
  link: Link;
  /** The id of the request with which the page before a reload waits for this lock. */
  place(where: Wire): number | undefined;
  login(options?: { token?: string }): Promise<any>;
  logout(): Promise<any>;
  start(op: string, fields: Wire, how?: StartOptions): Request;
  ask(op: string, fields?: Wire): Promise<any>;
  subscribe(channel: string, options?: Wire): Promise<any>;
  unsubscribe(channel: string, options?: Wire): Promise<any>;
  renewToken(token: string | Promise<string>): Promise<any>;
}

export type NewLink = (options: any, hooks: LinkHooks) => Link;
export type NewRequests = (timeoutMs: number, nextId: () => number, send: (text: string) => boolean) => Requests;
export type NewSession = (options: any, emit: (type: string, event: any) => void) => Session;
export type InStyle = (method: string, names: string[], run: (fields: any) => Promise<any>) => (...args: any[]) => Promise<any>;
