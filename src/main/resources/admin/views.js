// SPDX-License-Identifier: Apache-2.0
import { el, span, Table, time } from "./dom.js";

const at = (id) => document.getElementById(id);
const link = (text, href) => ({ node: el("a", { href }, text) });
export const hash = (...parts) => `#/${parts.map(encodeURIComponent).join("/")}`;
const place = ({ channelType, channel, lockName = "" }) => `${channelType}/${channel}/${lockName}`;
const type = { label: "Type", text: ({ channelType }) => channelType };

export const ownerWords = ({ owner, ownerOnline }) =>
  owner === "" ? ["free", "quiet"] : ownerOnline ? [owner, "good"] : [`${owner} (away)`, "away"];

export function locksTable() {
  return new Table(
    at("locks"),
    "Locks",
    [
      { label: "Lock", node: ({ channelType, channel, lockName }) => link(lockName, hash("lock", channelType, channel, lockName)) },
      { label: "Channel", node: ({ channelType, channel }) => link(channel, hash("channel", channelType, channel)) },
      type,
      { label: "Owner", text: ownerWords },
      { label: "For", number: true, text: ({ owner, since }) => (owner ? span(Date.now() - since) : "") },
      { label: "Waiting", number: true, text: ({ waiters }) => [waiters, waiters ? "away" : "quiet"] },
    ],
    place,
    "No lock fits.",
  );
}

export function channelsTable() {
  return new Table(
    at("channels"),
    "Channels",
    [
      { label: "Channel", node: ({ channelType, channel }) => link(channel, hash("channel", channelType, channel)) },
      type,
      { label: "Locks", number: true, text: ({ locks }) => locks },
      { label: "Held", number: true, text: ({ held }) => held },
      { label: "Waiting", number: true, text: ({ waiters }) => waiters },
    ],
    place,
    "No channel fits.",
  );
}

const nodeState = ({ answers, ready, why }) =>
  ready ? ["ready", "good"] : [answers ? `not ready: ${why}` : `no answer: ${why}`, "bad"];

export function nodesTable(drain) {
  const button = ({ node }) => {
    const made = el("button.small.danger", { onclick: () => drain(node), "aria-label": `Drain ${node}` }, "Drain …");
    return { node: made, update: ({ answers, why }) => (made.disabled = !answers || why === "draining") };
  };
  return new Table(
    at("nodes"),
    "Nodes",
    [
      { label: "Node", text: ({ node }) => node },
      { label: "State", text: nodeState },
      { label: "Leads", number: true, text: ({ leads = "" }) => leads },
      { label: "Replicas", number: true, text: ({ replicas = "" }) => replicas },
      { label: "Clients", text: ({ clientsUrl = "" }) => clientsUrl },
      { label: "Management", text: ({ managementUrl = "" }) => managementUrl },
      { label: "", node: button },
    ],
    ({ address }) => address,
    "No node.",
  );
}

const replica = ({ node, votes, lag }) => `${node}${votes ? "" : " (does not vote)"}${lag > LAG_SHOWN ? `, ${lag} behind` : ""}`;

/** Less may be under way while the nodes are asked one after the other. */
const LAG_SHOWN = 1_000;

export function shardsTable() {
  return new Table(
    at("shards"),
    "Shards",
    [
      { label: "Shard", text: ({ shard }) => shard },
      { label: "Leader", text: ({ leader }) => (leader ? leader : ["nobody", "bad"]) },
      { label: "Term", number: true, text: ({ term }) => term },
      { label: "Channels", number: true, text: ({ channels }) => channels },
      { label: "Sessions", number: true, text: ({ sessions }) => sessions },
      { label: "Replicas", text: ({ replicas }) => replicas.map(replica).join(" · ") },
    ],
    ({ shard }) => shard,
    "No shard.",
  );
}

export function actionsTable() {
  return new Table(
    at("actions"),
    "What operators did",
    [
      { label: "When", text: ({ timestamp }) => time(timestamp) },
      { label: "What", text: ({ action }) => action },
      { label: "To", text: ({ target }) => target },
      { label: "Result", text: ({ result }) => [result, result === "done" ? "good" : "bad"] },
      { label: "By", text: ({ who, from, node }) => `${who} from ${from}, at ${node}` },
    ],
    ({ timestamp, node, action, target }) => `${timestamp} ${node} ${action} ${target}`,
    "Nothing since the nodes were started.",
  );
}

/** What is wrong, worst first; empty when nothing is. */
export function problems(nodes, shards) {
  const missing = nodes.size - nodes.nodes.length;
  const unled = shards.shards.filter(({ leader }) => leader === "").map(({ shard }) => shard);
  const replicas = shards.shards.flatMap(({ replicas: all }) => all);
  const behind = replicas.filter(({ lag }) => lag > LAG_SHOWN).length;
  const learning = replicas.filter(({ votes }) => !votes).length;
  return [
    !nodes.majority && `${nodes.askedNode} sees too few nodes to decide anything: look at the network between them.`,
    unled.length > 0 && `${unled.length} of ${shards.shards.length} shards have no leader: their locks stand still.`,
    missing > 0 && `${missing} of ${nodes.size} nodes ${missing > 1 ? "are" : "is"} missing: start ${missing > 1 ? "them" : "it"}.`,
    ...nodes.nodes.filter(({ ready }) => !ready).map((node) => `${node.node}: ${nodeState(node)[0]}.`),
    learning > 0 && `${learning} replicas are on their way and do not vote yet.`,
    behind > 0 && `${behind} replicas are far behind.`,
  ].filter(Boolean);
}

export function showVerdict(nodes, shards) {
  const found = problems(nodes, shards);
  const verdict = at("verdict");
  const words = found.length ? "Something is wrong" : "All is well";
  const detail = `${nodes.nodes.filter(({ ready }) => ready).length} of ${nodes.size} nodes ready, ${
    shards.shards.filter(({ leader }) => leader).length
  } of ${shards.shards.length} shards led`;
  const text = [words, detail, ...found].join("|");
  if (verdict.dataset.text === text) return;
  verdict.dataset.text = text;
  verdict.className = found.length ? "verdict ill" : "verdict";
  verdict.replaceChildren(
    el(found.length ? "b.bad" : "b.good", {}, words),
    ` · ${detail}`,
    ...(found.length ? [el("ul", {}, ...found.map((sentence) => el("li", {}, sentence)))] : []),
  );
}

/** A button below a list that has more than is shown. */
export function moreButton(parent, onclick) {
  const button = el("button.more", { onclick, hidden: true }, "Show more");
  parent.append(button);
  return button;
}

