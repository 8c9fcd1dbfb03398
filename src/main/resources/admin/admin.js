// SPDX-License-Identifier: Apache-2.0
import { act, lockPath, look, useToken } from "./api.js";
import { say } from "./dom.js";
import { LockView } from "./lock-view.js";
import { actionsTable, channelsTable, locksTable, moreButton, nodesTable, shardsTable, showVerdict } from "./views.js";

const EVERY_MS = 2_000;
const PAGE = 50;
const LIMIT_MAX = 500;
const UNAUTHORIZED = 401;
const NOT_FOUND = 404;

const at = (id) => document.getElementById(id);
const tables = { locks: locksTable(), channels: channelsTable(), nodes: nodesTable(drain), shards: shardsTable(), actions: actionsTable() };
const lockView = new LockView(at("lock"), run);
const limits = { locks: PAGE, channels: PAGE };
const more = {};
for (const list of ["locks", "channels"]) {
  more[list] = moreButton(at(list), () => {
    limits[list] = Math.min(LIMIT_MAX, limits[list] + 2 * PAGE);
    refresh();
  });
}

let timer;
let round = 0;
let lastAnswer;

/** How many names each kind of address has after its kind. */
const NAMES = { "": 0, channel: 2, lock: 3 };

/** `#/lock/TYPE/CHANNEL/LOCK`, `#/channel/TYPE/CHANNEL`, or everything: also, and `wrong`, when the address is none of these. */
function view() {
  try {
    const [kind, ...names] = location.hash.slice(2).split("/").map(decodeURIComponent);
    const [channelType, channel, lockName] = names;
    if (names.length === NAMES[kind] && names.every(Boolean)) return { kind, channelType, channel, lockName };
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
  }
  return { kind: "", wrong: true };
}

async function showLock(where) {
  const answer = await look(lockPath(where)).catch((error) => {
    if (error.status !== NOT_FOUND) throw error;
    return { ...where, history: [], holds: [] };
  });
  return () => lockView.show(answer);
}

async function showAll({ kind, channelType, channel }) {
  const only = kind === "channel" ? { channelType, channel } : {};
  const contains = at("contains").value;
  const [nodes, shards, locks, channels, actions] = await Promise.all([
    look("nodes"),
    look("shards"),
    look("locks", { ...only, contains, held: at("held").checked, limit: limits.locks }),
    look("channels", { ...only, contains, limit: limits.channels }),
    look("actions"),
  ]);
  return () => {
    say(at("asked"), `as ${nodes.askedNode} sees it`);
    showVerdict(nodes, shards);
    tables.nodes.show(nodes.nodes.toSorted((one, other) => one.node.localeCompare(other.node)));
    tables.shards.show(shards.shards);
    tables.locks.show(locks.locks);
    tables.channels.show(channels.channels);
    tables.actions.show(actions.actions.slice(0, PAGE));
    more.locks.hidden = !locks.next || limits.locks === LIMIT_MAX;
    more.channels.hidden = !channels.next || limits.channels === LIMIT_MAX;
  };
}

/** Shows what is now, and does so again; a later round wins over an earlier one that is still under way. */
async function refresh() {
  clearTimeout(timer);
  const mine = ++round;
  const wanted = view();
  try {
    const show = await (wanted.kind === "lock" ? showLock(wanted) : showAll(wanted));
    if (mine !== round) return;
    show();
    arrange(wanted);
    reached();
  } catch (error) {
    if (mine !== round) return;
    if (error.status === UNAUTHORIZED) return askForToken(error.message);
    lost(error);
  }
  timer = setTimeout(refresh, EVERY_MS);
}

function arrange({ kind, channel, wrong = false }) {
  const isLock = kind === "lock";
  at("overview").hidden = isLock;
  at("lock").hidden = !isLock;
  at("only-channel").hidden = kind !== "channel";
  at("wrong-address").hidden = !wrong;
  if (kind === "channel") say(at("only-channel").querySelector("b"), channel);
  document.documentElement.dataset.ready = kind ?? "";
}

function reached() {
  lastAnswer = Date.now();
  document.body.classList.remove("stale");
  say(at("link"), "Up to date", "link");
}

function lost(error) {
  document.body.classList.add("stale");
  const since = lastAnswer ? `What you see is of ${new Date(lastAnswer).toLocaleTimeString()}. ` : "";
  const why = error.status === 0 ? "Cannot reach the node" : `The node refuses: ${error.message}`;
  say(at("link"), `${why}. ${since}Trying again …`, "link lost");
}

function tell(text) {
  say(at("told"), text);
  setTimeout(() => at("told").textContent === text && say(at("told"), ""), 6_000);
}

/** Resolves to whether the person means it. That it closed is told later, perhaps when it is open for the next question already. */
function confirmed(title, text, verb) {
  const dialog = at("confirm");
  say(at("confirm-title"), title);
  say(at("confirm-text"), text);
  say(at("confirm-yes"), verb);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.firstElementChild.onsubmit = ({ submitter }) => resolve(submitter.value === "yes");
    dialog.onclose = () => dialog.open || resolve(false);
  });
}

async function run(title, text, verb, path, body) {
  if (!(await confirmed(title, text, verb))) return;
  try {
    await act(path, body);
    tell(`${verb}: done`);
  } catch (error) {
    tell(`${verb}: ${error.message}`);
  }
  refresh();
}

function drain(node) {
  run(
    `Drain ${node}?`,
    "Its clients are sent to the other nodes, its shards are handed over. It serves no more until it is started anew.",
    "Drain",
    `nodes/${encodeURIComponent(node)}/drain`,
    {},
  );
}

function askForToken(why) {
  const dialog = at("login");
  if (dialog.open) return;
  say(at("login-why"), sessionStorage.length ? why : "");
  at("login-why").hidden = !sessionStorage.length;
  say(at("link"), "The node asks for a token", "link");
  dialog.showModal();
}

at("login").addEventListener("close", () => {
  useToken(at("token").value);
  at("token").value = "";
  refresh();
});
at("filter").addEventListener("submit", (event) => event.preventDefault());
at("filter").addEventListener("input", refresh);
addEventListener("hashchange", async () => {
  await refresh();
  if (view().kind === "lock") at("lock-title").focus();
  scrollTo(0, 0);
});
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
refresh();
