// SPDX-License-Identifier: Apache-2.0
import { el, keyed, setText } from "./dom.js";
import { createRing } from "./ring.js";
import { clock, duration } from "./words.js";

/** The lock board: one card for each lock; choosing a card chooses what the users' buttons act on. */
export function createBoard(root, { chosen, choose, userClass, lostAt }) {
  const cards = new Map();

  return {
    update(locks, now) {
      const nodes = keyed(root, locks.map(({ lockName }) => lockName), (name) => {
        const card = createCard(name, choose, userClass);
        cards.set(name, card);
        return card.element;
      });
      root.dataset.empty = String(nodes.length === 0);
      for (const lock of locks) cards.get(lock.lockName).update(lock, now, { isChosen: chosen() === lock.lockName, lostAt: lostAt() });
    },
  };
}

/** "free", "held", "offline": what the card says, shows and is styled by. */
const stateOf = ({ owner, offlineSince }) => (!owner ? "free" : offlineSince ? "offline" : "held");

function createCard(name, choose, userClass) {
  const ring = createRing();
  const radio = el("input", { type: "radio", name: "lock", onchange: () => choose(name) });
  const headline = el("strong.who");
  const detail = el("span.detail");
  const facts = { token: el("dd.number"), held: el("dd.number"), ttl: el("dd.number") };
  const queue = el("ol.queue", { "aria-label": `Queue of ${name}` });
  const noQueue = el("p.quiet", {}, "Nobody waits.");
  const element = el("article.card.lock", { "aria-label": `Lock ${name}` },
    el("label.lock-head", {}, radio, ring.element,
      el("span.lock-title", {}, el("span.lock-name", { title: name }, name), headline, detail)),
    el("dl.facts", {},
      el("div", {}, el("dt", {}, "Fencing token"), facts.token),
      el("div", {}, el("dt", {}, "Held for"), facts.held),
      el("div", {}, el("dt", {}, "ttl"), facts.ttl)),
    queue, noQueue);

  return {
    element,
    update(lock, now, { isChosen, lostAt }) {
      const state = stateOf(lock);
      const leftMs = lock.offlineSince ? Math.max(0, lock.ttl * 1000 - (now - lock.offlineSince)) : lock.ttl * 1000;
      element.dataset.state = state;
      element.dataset.chosen = String(isChosen);
      radio.checked = isChosen;
      ring.update(state, leftMs / (lock.ttl * 1000));
      setText(headline, lock.owner ? `Held by ${lock.owner}` : "Free");
      headline.title = lock.owner;
      headline.className = `who ${lock.owner ? userClass(lock.owner) : ""}`;
      setText(detail, lostAt ? `So it was at ${clock(lostAt)}.` : detailText(state, leftMs));
      setText(facts.token, lock.owner ? lock.fencingToken : "–");
      setText(facts.held, lock.owner ? duration(now - lock.heldSince) : "–");
      setText(facts.ttl, `${lock.ttl} s`);
      showQueue(queue, lock.queue, userClass);
      noQueue.hidden = lock.queue.length > 0;
    },
  };
}

function detailText(state, leftMs) {
  if (state === "free") return "Whoever asks gets it.";
  if (state === "held") return "Online: no time limit.";
  return `Offline: kept ${Math.ceil(leftMs / 1000)} s more`;
}

function showQueue(list, queue, userClass) {
  const items = keyed(list, queue.map(({ userId }, i) => `${i + 1} ${userId}`), (key) => {
    const [position, ...name] = key.split(" ");
    const user = name.join(" ");
    return el("li", {}, el("span.place", {}, position), el(`span.who.${userClass(user)}`, { title: user }, user), el("span.away"));
  });
  queue.forEach(({ online }, i) => setText(items[i].lastChild, online ? "" : "offline, keeps its place"));
}
