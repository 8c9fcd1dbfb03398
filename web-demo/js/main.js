// SPDX-License-Identifier: Apache-2.0
import { createAnnouncer } from "./announcer.js";
import { createBoard } from "./board.js";
import { ChannelView } from "./channel-view.js";
import { createCode } from "./code.js";
import { createDocument } from "./guarded-document.js";
import { createLatency } from "./latency.js";
import { findNodes } from "./nodes.js";
import { createNotice } from "./notice.js";
import { observe } from "./observer.js";
import { createPane } from "./pane.js";
import { readParameters } from "./parameters.js";
import { RoundTrips } from "./round-trips.js";
import { createTheme } from "./theme.js";
import { Timeline } from "./timeline-model.js";
import { createTimeline } from "./timeline.js";
import { createTour } from "./tour.js";
import { User } from "./user.js";
import { clock, goneText, unreachedText } from "./words.js";

const DOCUMENT = "document";
const MORE_NAMES = ["dave", "erin", "frank", "grace", "heidi", "ivan", "judy"];
const USERS_MAX = 10;
const DRAW_EVERY_MS = 200;
const LATE_MS = 2000;

const byId = (id) => document.getElementById(id);
const { touring, channel, names, ttl, pace, problem } = readParameters(
  location.search, `tour-${Math.random().toString(36).slice(2, 10)}`);
const notice = createNotice(byId("notice"));
const nodes = await findNodes();

const view = new ChannelView();
const history = new Timeline();
const trips = new RoundTrips();
const users = [];
const panes = new Map();
const classes = new Map();
let lockName = DOCUMENT;
/** Since when nothing is heard of the service: what is shown is as of then. */
let lostAt;
let observer;

const page = {
  users,
  nodes,
  lockName: DOCUMENT,
  chosen: () => lockName,
  lostAt: () => lostAt,
  waiters: (name) => view.lock(name)?.waiters ?? 0,
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
const announcer = createAnnouncer(byId("told"));

function draw() {
  const now = lostAt ?? Date.now();
  document.body.dataset.lost = String(Boolean(lostAt));
  for (const user of users) notePresence(user, now);
  board.update(view.locks(), now);
  for (const pane of panes.values()) pane.update();
  for (const part of [timeline, latency, paper, code]) part.update(now);
  const lock = view.lock(lockName);
  if (lock && !lostAt) announcer.update(lock, users.some((user) => holds(user, lock) && user.hasWaited(lockName)), now);
}

/** This session, and not another one of the same name: tokens are nobody else's. */
const holds = ({ tokens }, { owner, lockName: name, fencingToken }) => owner && tokens.get(name)?.includes(fencingToken);

/** What only this page knows at once: whose plug it pulled. */
function notePresence(user, now) {
  if (user.state !== "unplugged") return;
  for (const lock of view.locks().filter((each) => holds(user, each))) lock.offlineSince ??= now;
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
  const before = view.locks().map((each) => each.lockName);
  view.on(event, now);
  history.on(event, now, lostAt);
  if (event.eventType === "SNAPSHOT" && lostAt) onBack(before.filter((name) => !view.lock(name)));
  drawSoon();
}

/** Whether the service is heard; when it is not, nothing that is shown is known to hold any more. */
function onLink(isUp) {
  if (isUp === !lostAt) return;
  if (isUp) return onBack([]);
  lostAt = Date.now();
  if (observer) notice.wrong(`Connection lost at ${clock(lostAt)}. What you see is as of then. Trying again …`);
  drawSoon();
}

/** The service is heard again; a new one knows nothing of what the last one kept in memory. */
async function onBack(gone) {
  lostAt = undefined;
  drawSoon();
  if (gone.length === 0) return notice.clear();
  notice.tell(goneText(gone, gone.includes(DOCUMENT) && DOCUMENT));
  const where = { channel, channelType: 1, lockName: DOCUMENT };
  if (gone.includes(DOCUMENT)) await observer.lock.setLock({ ...where, ttl: page.ttl(), ifExists: "keep" }).catch(console.error);
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
  if (problem) return notice.wrong(problem, { href: "?", label: "Start with the usual names" });
  if (ttl) byId("lock-ttl").value = ttl;

  for (const name of names) page.userClass(name);
  const onFrame = (direction, text) => trips.onFrame("", direction, text, performance.now());
  const late = setTimeout(() => notice.wrong(unreachedText(nodes.urls())), LATE_MS);
  try {
    observer = await observe(nodes.urls(), channel, { onLock, onList, onStorage: paper.onStorage, onFrame, onLink });
  } catch (error) {
    return notice.wrong(`The service refuses this page: ${error.message}.`);
  } finally {
    clearTimeout(late);
  }
  notice.clear();
  await Promise.all(names.map(addUser));
  if (!view.lock(DOCUMENT)) await users[0].set(DOCUMENT, page.ttl());
  draw();
  setInterval(draw, DRAW_EVERY_MS);
  document.documentElement.dataset.ready = "true";
}

await start();
if (touring && observer) {
  const element = (name) => panes.get(name)?.element ?? byId(name) ?? document.querySelector(`[data-key="${name}"]`);
  const user = (name) => users.find((each) => each.name === name);
  await createTour(byId("tour"), { user, element, paper, nodes }, { pace }).start();
}
