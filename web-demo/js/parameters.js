// SPDX-License-Identifier: Apache-2.0

const LEGAL = /^(?!_)[A-Za-z0-9 !#$%&()+,\-:;<=>?@[\]^_`{|}~]{1,64}$/;
const WHAT_IS_LEGAL = "1 to 64 ASCII letters, digits, spaces and most punctuation, but no /, no quotes and no _ in front";
const USERS = ["alice", "bob", "carol"];

/**
 * What the address of the page asks for. `problem` is a sentence that says what is wrong with it and what to do; "" when
 * nothing is. `madeUp` is the channel of a tour, which has one to itself: nobody else's clicks shall spoil it.
 */
export function readParameters(search, madeUp) {
  const query = new URLSearchParams(search);
  const touring = query.has("tour");
  const channel = query.get("channel") ?? (touring ? madeUp : "demo");
  const names = query.get("users")?.split(",") ?? USERS;
  const ttl = query.get("ttl") ?? "";
  const pace = Number(query.get("pace") ?? 1);
  return { touring, channel, names, ttl, pace, problem: problemOf({ channel, names, ttl }) };
}

function problemOf({ channel, names, ttl }) {
  if (!LEGAL.test(channel)) return `The channel “${channel}” (?channel=) cannot be: it takes ${WHAT_IS_LEGAL}.`;
  if (names.join("") === "") return "The address names nobody (?users=): give names with commas between, such as ?users=alice,bob.";
  const illegal = names.find((name) => !LEGAL.test(name));
  if (illegal !== undefined) return `The name “${illegal}” (?users=) cannot be: it takes ${WHAT_IS_LEGAL}.`;
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) {
    return `“${twice}” is there twice (?users=): name everybody once, and open a second window for a second tab of the same person.`;
  }
  return /^\d*$/.test(ttl) ? "" : `“${ttl}” (?ttl=) is no number of seconds.`;
}
