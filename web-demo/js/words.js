// SPDX-License-Identifier: Apache-2.0

const LOST = { SESSION_LOST: "the service forgot us", TAKEN_OVER: "taken over by another tab", PAGE_HIDDEN: "the page was left" };

const WHAT = {
  SNAPSHOT: () => "sees all locks",
  SET: ({ lockName }) => `${lockName} was set`,
  ACQUIRED: ({ lockName, owner }) => `${owner} got ${lockName}`,
  REMOVED: ({ lockName }) => `${lockName} was removed`,
  EXPIRED: ({ lockName, previousOwner }) => `${lockName} expired: ${previousOwner} stayed away`,
  RELEASED: ({ lockName, previousOwner, publisher, cause }) =>
    cause === "REVOKED"
      ? `${publisher} revoked ${lockName} from ${previousOwner}`
      : cause === "LOGOUT"
        ? `${previousOwner} left, ${lockName} is free`
        : `${previousOwner} released ${lockName}`,
  LOCK_LOST: ({ lockName, cause }) => `lost ${lockName} (${LOST[cause] ?? cause.toLowerCase()})`,
};

/** A lock event in a sentence. */
export const eventText = (event) => (WHAT[event.eventType ?? event.type] ?? (() => "something changed"))(event);

/** Which of several nodes it is about: the one that the client is connected to, tries, or has lost. */
export function nodeText(linkState, node) {
  if (linkState === "CONNECTED") return `online at ${node}`;
  return linkState === "CONNECTING" ? `trying ${node}` : `no connection to ${node}`;
}

/** `again`: the one of them that this page sets anew, if there is one. */
export const goneText = (names, again) =>
  `The service is back, but ${names.length > 1 ? "these locks are" : "this lock is"} gone: ${names.join(", ")}. ` +
  `It keeps locks in memory, and was probably started anew. ${again ? `“${again}” is set again.` : ""}`;

export const unreachedText = (urls) =>
  `No answer from ${urls.join(" or ")}. Is the service running, and does nothing on the way (a proxy, an extension) block ` +
  "WebSockets? Trying again …";

/** "14:03:59" */
export const clock = (utcMs) => new Date(utcMs).toLocaleTimeString();

/** "0:07", "12:41" */
export function duration(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The end of a token: enough to see that it grew. */
export const shortToken = (token) => (token === undefined ? "none" : `…${String(token).slice(-7)}`);

/** "1st", "2nd", "11th" */
export function ordinal(n) {
  const teen = n % 100 > 10 && n % 100 < 14;
  return `${n}${(!teen && { 1: "st", 2: "nd", 3: "rd" }[n % 10]) || "th"}`;
}
