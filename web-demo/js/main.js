// SPDX-License-Identifier: Apache-2.0
import { createBoard } from "./board.js";
import { ChannelView } from "./channel-view.js";
import { observe } from "./observer.js";
import { createPane } from "./pane.js";
import { User } from "./user.js";

const query = new URLSearchParams(location.search);
const channel = query.get("channel") ?? "demo";
const names = query.get("users")?.split(",") ?? ["alice", "bob", "carol"];
const byId = (id) => document.getElementById(id);

const view = new ChannelView();
const users = [];
const panes = [];
const classes = new Map();
let lockName = "document";

const page = {
  chosen: () => lockName,
  choose(name) {
    lockName = byId("lock-name").value = name;
    draw();
  },
  ttl: () => Number(byId("lock-ttl").value),
  userClass(name) {
    if (!classes.has(name)) classes.set(name, `u${classes.size % 8}`);
    return classes.get(name);
  },
  showCode() {},
};
const board = createBoard(byId("locks"), page);

let drawing = false;
function draw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    board.update(view.locks(), Date.now());
    for (const pane of panes) pane.update();
  });
}

function addUser(name) {
  const user = new User({ name, channel, changed: draw });
  const pane = createPane(user, page);
  users.push(user);
  panes.push(pane);
  byId("users").append(pane.element);
  return user.open();
}

byId("lock-name").addEventListener("input", (event) => page.choose(event.target.value.trim()));
setInterval(draw, 200);
await observe(channel, {
  onLock: (event) => draw(view.on(event, Date.now())),
  onList: (locks) => draw(view.onList(locks, Date.now())),
  onStorage: () => {},
});
await Promise.all(names.map(addUser));
if (!view.lock(lockName)) await users[0].set(lockName, page.ttl());
document.documentElement.dataset.ready = "true";
