// SPDX-License-Identifier: Apache-2.0
import { lockPath } from "./api.js";
import { el, say, span, Table, time } from "./dom.js";
import { hash, ownerWords } from "./views.js";

const CAUSES = {
  RELEASED: "released",
  REVOKED: "revoked",
  LOGOUT: "its client left",
  OFFLINE: "it was away for too long",
  REMOVED: "the lock was removed",
};
const by = ({ publisher }) => (publisher === "_admin" ? "an operator" : publisher || "time");

const WORDS = {
  SET: (event) => `set by ${by(event)}, ttl ${event.ttl} s`,
  ACQUIRED: ({ owner }) => `acquired by ${owner}`,
  RELEASED: (event) => `${event.previousOwner} lost it: ${CAUSES[event.cause]}${event.cause === "REVOKED" ? ` by ${by(event)}` : ""}`,
  EXPIRED: ({ previousOwner }) => `${previousOwner} lost it: ${CAUSES.OFFLINE}`,
  REMOVED: (event) => `removed by ${by(event)}${event.previousOwner ? `, ${event.previousOwner} lost it` : ""}`,
};

/** One lock: who has it, who waits, who had it when, and what an operator can do about it. */
export class LockView {
  #where;
  #lock;

  /** @param run `(title, text, verb, path, body)` asks for confirmation, acts, and shows the lock again */
  constructor(parent, run) {
    this.facts = { owner: el("dd"), since: el("dd"), token: el("dd.number"), session: el("dd"), away: el("dd"), ttl: el("dd") };
    this.buttons = {
      revoke: el("button.danger", { onclick: () => this.#revoke(run) }, "Revoke …"),
      disconnect: el("button.danger", { onclick: () => this.#disconnect(run) }, "Disconnect the owner …"),
      remove: el("button.danger", { onclick: () => this.#remove(run) }, "Remove the lock …"),
    };
    this.name = el("h2.lock-name", { id: "lock-title", tabIndex: -1 });
    this.channel = el("a");
    const facts = [
      ["Owner", this.facts.owner],
      ["Since", this.facts.since],
      ["Fencing token", this.facts.token],
      ["Session", this.facts.session],
      ["Away", this.facts.away],
      ["ttl", this.facts.ttl],
    ];
    const queue = el("div");
    const holds = el("div");
    const history = el("div");
    parent.replaceChildren(
      el("p", {}, el("a", { href: "#/" }, "← All locks"), " · channel ", this.channel),
      this.name,
      el("dl.facts", {}, ...facts.flatMap(([label, value]) => [el("dt", {}, label), value])),
      el("p.buttons", {}, ...Object.values(this.buttons)),
      el("h3", {}, "Waiting"),
      queue,
      el("h3", {}, "Who had it when"),
      holds,
      el("h3", {}, "Its latest transitions"),
      history,
    );
    this.#tables(queue, holds, history);
  }

  #tables(queue, holds, history) {
    const number = true;
    this.queue = new Table(
      queue,
      "Waiting",
      [
        { label: "Place", text: ({ position }) => position },
        { label: "User", text: ({ userId, online }) => (online ? [userId, "good"] : [`${userId} (away, passed over)`, "away"]) },
        { label: "For", number, text: ({ since }) => span(Date.now() - since) },
        { label: "Node", text: ({ node }) => node },
        { label: "Session", text: ({ sessionId }) => [sessionId, "number"] },
      ],
      ({ sessionId }) => sessionId,
      "Nobody waits.",
    );
    this.holds = new Table(
      holds,
      "Who had it when",
      [
        { label: "Owner", text: ({ owner }) => owner },
        { label: "From", text: ({ from }) => time(from) },
        { label: "Until", text: ({ until }) => (until ? time(until) : ["has it now", "good"]) },
        { label: "For", number, text: ({ from, until }) => span((until ?? Date.now()) - from) },
        { label: "Ended", text: ({ ended }) => (ended ? CAUSES[ended] : "") },
        { label: "Token", number, text: ({ fencingToken }) => fencingToken },
      ],
      ({ fencingToken }) => fencingToken,
      "Nobody, as far as is remembered.",
    );
    this.history = new Table(
      history,
      "Its latest transitions",
      [
        { label: "When", text: ({ timestamp }) => time(timestamp) },
        { label: "What", text: (event) => WORDS[event.eventType](event) },
        { label: "Token", number, text: ({ fencingToken = "" }) => fencingToken },
        { label: "Event", number, text: ({ seq }) => [seq, "quiet"] },
      ],
      ({ seq }) => seq,
      "None is remembered.",
    );
  }

  show(answer) {
    const { channelType, channel, lockName, lock, history, holds } = answer;
    this.#where = { channelType, channel, lockName };
    this.#lock = lock;
    say(this.name, lockName);
    say(this.channel, `${channel} (${channelType})`);
    this.channel.href = hash("channel", channelType, channel);
    const owner = lock?.heldBy;
    say(this.facts.owner, ...(lock ? ownerWords(lock) : ["the lock was removed", "bad"]));
    say(this.facts.since, owner ? `${time(owner.since)}, ${span(Date.now() - owner.since)} ago` : "–");
    say(this.facts.token, owner ? lock.fencingToken : "–");
    say(this.facts.session, owner ? `${owner.sessionId} at ${owner.node || "no node"}` : "–");
    const isAway = lock?.expiresInMs !== undefined;
    say(this.facts.away, isAway ? `taken from it in ${span(lock.expiresInMs)}` : "–", isAway ? "away" : "");
    say(this.facts.ttl, lock ? `${lock.ttl} s` : "–");
    this.buttons.revoke.disabled = !owner;
    this.buttons.disconnect.disabled = !owner;
    this.buttons.remove.disabled = !lock;
    this.queue.show((lock?.queue ?? []).map((waiter, i) => ({ ...waiter, position: i + 1 })));
    this.holds.show(holds);
    this.history.show(history);
  }

  #revoke(run) {
    const { owner, waiters } = this.#lock;
    const next = waiters ? "The next in line gets it at once." : "It will be free.";
    run(
      `Revoke ${this.#where.lockName}?`,
      `${owner} loses it and is told so. ${next} What ${owner} is doing under the lock is not undone.`,
      "Revoke",
      `${lockPath(this.#where)}/revoke`,
      { owner },
    );
  }

  #remove(run) {
    const { owner, waiters } = this.#lock;
    const loser = owner ? `${owner} loses it. ` : "";
    const refused = waiters ? `All who wait (${waiters}) are refused. ` : "";
    run(
      `Remove ${this.#where.lockName}?`,
      `${loser}${refused}The lock is gone until somebody sets it again.`,
      "Remove",
      `${lockPath(this.#where)}/remove`,
      {},
    );
  }

  #disconnect(run) {
    const { userId, sessionId } = this.#lock.heldBy;
    run(
      `Disconnect ${userId}?`,
      "This one session ends: all its locks are released, its waits end. The client may log in again.",
      "Disconnect",
      "disconnect",
      { sessionId },
    );
  }
}
