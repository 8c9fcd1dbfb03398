// SPDX-License-Identifier: Apache-2.0
import { el, keyed, setText } from "./dom.js";
import { eventText, nodeText, ordinal, shortToken } from "./words.js";

const EVENTS_SHOWN = 4;
const LINK_TEXT = {
  opening: "opening…",
  online: "online",
  unplugged: "plug pulled",
  closed: "closed",
  unreached: "no answer, closed",
  refused: "refused, closed",
};

/** What one user sees and can do. `chosen()` is the lock the buttons act on, `waiters(name)` how many wait for a lock. */
export function createPane(user, { chosen, ttl, userClass, showCode, nodes, waiters }) {
  const button = (label, onclick, more) => el("button", { type: "button", onclick, ...more }, label);
  const link = el("span.link");
  const standing = el("p.standing");
  const trust = el("p.trust.quiet");
  const outcome = el("p.outcome", { role: "status" });
  const events = el("ol.events", { "aria-label": `Events ${user.name} received` });
  const close = button("Close tab", () => (isClosed(user) ? user.open() : user.close()));
  const plug = button("Pull the plug", () => (user.state === "unplugged" ? user.putBack() : user.pull()));
  const reload = button("Reload", () => user.reload());
  const move = button("Move to another node", () => user.move(), { hidden: !nodes.several });
  const first = button("Acquire", () => (user.grants.has(chosen()) ? user.release(chosen()) : user.acquire(chosen())));
  const second = button("Wait in line", () =>
    user.places.has(chosen()) ? user.leaveQueue(chosen()) : user.acquire(chosen(), { retry: true }));
  const others = [
    button("Revoke", () => user.revoke(chosen())),
    button("Set", () => user.set(chosen(), ttl())),
    button("Remove", () => user.remove(chosen())),
    button("List", () => user.list()),
    button("Code", () => showCode(user), { className: "plain", "aria-label": `Code of ${user.name}'s calls` }),
  ];
  const element = el(`section.card.user.${userClass(user.name)}`, { "aria-label": user.name },
    el("header.user-head", {},
      el("h3", {}, el("span.badge", { "aria-hidden": "true" }, initial(user.name)), el("span.name", { title: user.name }, user.name)),
      link,
      el("div.tab-buttons", { role: "group", "aria-label": `${user.name}'s tab` }, reload, plug, close, move)),
    standing, trust,
    el("div.buttons", { role: "group", "aria-label": `${user.name} and the lock` }, first, second, ...others),
    outcome, events);

  return {
    element,
    update() {
      const lockName = chosen();
      const grant = user.grants.get(lockName);
      const place = user.places.get(lockName);
      element.dataset.state = user.state;
      element.dataset.standing = grant ? "holds" : place ? "waits" : user.doubts.has(lockName) ? "doubts" : "idle";
      element.dataset.link = user.linkState === "CONNECTED" ? "up" : "down";
      setText(link, linkText(user, nodes));
      setText(standing, standingText(user, lockName, waiters(lockName)));
      setText(trust, place ? "" : trustText(user, grant));
      setText(close, isClosed(user) ? "Open tab" : "Close tab");
      setText(plug, user.state === "unplugged" ? "Plug in" : "Pull the plug");
      setText(first, grant ? "Release" : "Acquire");
      setText(second, place ? "Leave the line" : "Wait in line");
      first.className = place ? "main" : "main strong";
      second.className = grant ? "main" : "main strong";
      plug.disabled = reload.disabled = isClosed(user);
      move.disabled = user.state !== "online";
      showOutcome(outcome, user.calls[0] ?? user.refusal);
      const shown = user.events.slice(0, EVENTS_SHOWN);
      keyed(events, shown.map(eventKey), (key) => {
        const title = eventText(shown.find((event) => eventKey(event) === key));
        return el("li", { title }, title);
      });
    },
  };
}

const eventKey = ({ at, seq = "", type = "" }) => `${at}/${seq}/${type}`;

const isClosed = ({ state }) => ["closed", "unreached", "refused"].includes(state);

/** A whole character, whatever it is made of. */
const initial = (name) => [...name][0].toUpperCase();

function linkText({ state, linkState, url }, nodes) {
  if (state !== "online") return LINK_TEXT[state];
  if (nodes.several) return nodeText(linkState, nodes.nameOf(url));
  return linkState === "CONNECTED" ? LINK_TEXT.online : "no connection";
}

/** A client is told of the others in line only when its own place changes, and of a place of its own before the board is. */
function standingText({ grants, places, doubts }, lockName, waiters) {
  const grant = grants.get(lockName);
  const place = places.get(lockName);
  if (grant) return `Holds ${lockName}`;
  if (doubts.has(lockName)) return `Trusts ${lockName} no longer`;
  if (!place) return `Does not want ${lockName}`;
  const all = Math.max(waiters, place.position ?? 0);
  return place.position ? `${ordinal(place.position)} of ${all} in line for ${lockName}` : `Asks for ${lockName}`;
}

/** The client's own knowledge: before that time none of its locks can be anybody else's. */
function trustText(user, grant) {
  const { linkState, grants, places } = user;
  if (!grant) {
    if (linkState !== "CONNECTED" && !isClosed(user)) return `Its client is ${linkState.toLowerCase()}`;
    const others = [...grants.keys()].map((name) => `holds ${name}`).concat([...places.keys()].map((name) => `waits for ${name}`));
    return others.length ? `Elsewhere: ${others.join(", ")}` : "";
  }
  return `Token ${shortToken(grant.fencingToken)}, safe to use for ${(grant.validForMs() / 1000).toFixed(1)} s`;
}

function showOutcome(line, call) {
  line.dataset.kind = call?.refused ? "refused" : "done";
  if (!call) return setText(line, "");
  if (call.refused) return setText(line, `${call.method} refused: ${call.refused}${call.errorCode ? ` (${call.errorCode})` : ""}`);
  if (call.left) return setText(line, `${call.method}: left the queue`);
  setText(line, call.reply ? `${call.method} done in ${call.tookMs.toFixed(1)} ms` : `${call.method} …`);
}
