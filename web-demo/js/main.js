// SPDX-License-Identifier: Apache-2.0
import { createBoard } from "./board.js";
import { ChannelView } from "./channel-view.js";
import { createCode } from "./code.js";
import { createDocument } from "./guarded-document.js";
import { createLatency } from "./latency.js";
import { findNodes } from "./nodes.js";
import { observe } from "./observer.js";
import { createPane } from "./pane.js";
import { RoundTrips } from "./round-trips.js";
import { createTheme } from "./theme.js";
import { Timeline } from "./timeline-model.js";
import { createTimeline } from "./timeline.js";
import { createTour } from "./tour.js";
import { User } from "./user.js";

const DOCUMENT = "document";
const MORE_NAMES = ["dave", "erin", "frank", "grace", "heidi", "ivan", "judy"];
const USERS_MAX = 10;
const DRAW_EVERY_MS = 200;

const byId = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const touring = query.has("tour");
// A tour has a channel to itself: nobody else's clicks shall spoil it.
const channel = query.get("channel") ?? (touring ? `tour-${Math.random().toString(36).slice(2, 10)}` : "demo");
const names = query.get("users")?.split(",") ?? ["alice", "bob", "carol"];
const nodes = await findNodes();

const view = new ChannelView();
const history = new Timeline();
const trips = new RoundTrips();
const users = [];
const panes = new Map();
const classes = new Map();
let lockName = DOCUMENT;

const page = {
  users,
  nodes,
  lockName: DOCUMENT,
  chosen: () => lockName,
  ttl: () => Number(byId("lock-ttl").value),
  choose(name) {
    lockName = byId("lock-name").value = name;
    drawSoon();
  },
  userClass(name) {
    if (!classes.has(name)) classes.set(name, `u${classes.size % 8}`);
    return classes.get(name);
  },
  showCode: ({ name }) => code.showUser(name),
};
const board = createBoard(byId("locks"), page);
const timeline = createTimeline(byId("timeline"), history, page);
const latency = createLatency(byId("latency"), trips);
const paper = createDocument(byId("paper"), page);
const code = createCode(byId("code"), page);

function draw() {
  const now = Date.now();
  for (const user of users) notePresence(user, now);
  board.update(view.locks(), now);
  for (const pane of panes.values()) pane.update();
  for (const part of [timeline, latency, paper, code]) part.update(now);
}

/** What only this page knows at once: whose plug it pulled. */
function notePresence({ name, state }, now) {
  for (const lock of view.locks().filter(({ owner }) => owner === name)) {
    if (state === "unplugged") lock.offlineSince ??= now;
  }
}

let due = false;
function drawSoon() {
  if (due) return;
  due = true;
  setTimeout(() => {
    due = false;
    draw();
  });
}

function onLock(event) {
  const now = Date.now();
  view.on(event, now);
  history.on(event, now);
  drawSoon();
}

function onList(locks) {
  const now = Date.now();
  view.onList(locks, now);
  for (const lock of view.locks()) if (lock.owner) history.onPresence(lock.owner, lock.lockName, !lock.offlineSince, now);
}

function addUser(name) {
  const onFrame = (user, direction, text) => trips.onFrame(user.name, direction, text, performance.now());
  const user = new User({ name, urls: nodes.urls(users.length), channel, changed: drawSoon, framed: onFrame });
  const pane = createPane(user, page);
  users.push(user);
  panes.set(name, pane);
  history.lane(name);
  byId("users").append(pane.element);
  byId("add-user").disabled = users.length >= USERS_MAX;
  return user.open();
}

const namesLeft = () => MORE_NAMES.filter((name) => !panes.has(name) && !classes.has(name));

async function start() {
  createTheme(byId("theme"));
  byId("nodes").hidden = !nodes.several;
  byId("lock-name").addEventListener("input", ({ target }) => page.choose(target.value));
  byId("add-user").addEventListener("click", () => addUser(namesLeft()[0] ?? `user ${users.length + 1}`));
  byId("second-window").href = `?${new URLSearchParams({ channel, users: MORE_NAMES.slice(-2).join(",") })}`;
  if (query.has("ttl")) byId("lock-ttl").value = query.get("ttl");

  for (const name of names) page.userClass(name);
  const onFrame = (direction, text) => trips.onFrame("", direction, text, performance.now());
  await observe(nodes.urls(), channel, { onLock, onList, onStorage: paper.onStorage, onFrame });
  await Promise.all(names.map(addUser));
  if (!view.lock(DOCUMENT)) await users[0].set(DOCUMENT, page.ttl());
  draw();
  setInterval(draw, DRAW_EVERY_MS);
  document.documentElement.dataset.ready = "true";
}

await start();
if (touring) {
  const element = (name) => panes.get(name)?.element ?? byId(name) ?? document.querySelector(`[data-key="${name}"]`);
  const user = (name) => users.find((each) => each.name === name);
  await createTour(byId("tour"), { user, element, paper, nodes }, { pace: Number(query.get("pace") ?? 1) }).start();
}
