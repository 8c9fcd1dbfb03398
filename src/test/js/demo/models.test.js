// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import { callText } from "../../../../web-demo/js/call-text.js";
import { ChannelView } from "../../../../web-demo/js/channel-view.js";
import { Nodes } from "../../../../web-demo/js/nodes.js";
import { readParameters } from "../../../../web-demo/js/parameters.js";
import { RoundTrips } from "../../../../web-demo/js/round-trips.js";
import { Timeline } from "../../../../web-demo/js/timeline-model.js";
import { nodeText, ordinal } from "../../../../web-demo/js/words.js";

const lockName = "l";
const acquired = (owner, fencingToken = 1) => ({ eventType: "ACQUIRED", lockName, owner, ttl: 10, fencingToken });
const released = (previousOwner, cause = "RELEASED") => ({ eventType: "RELEASED", lockName, owner: "", previousOwner, cause });
const queue = (...users) => ({ eventType: "QUEUE", lockName, queue: users.map((userId) => ({ userId, online: true })) });
const laneOf = (timeline, user, now) => timeline.lanes(now).find((lane) => lane.user === user);

test("a wait that ends in a grant becomes a bar of holding, and the events are marked", () => {
  const timeline = new Timeline();
  timeline.on(acquired("alice"), 1000);
  timeline.on(queue("bob"), 2000);
  timeline.on(released("alice"), 5000);
  timeline.on(acquired("bob"), 5000);
  timeline.on(queue(), 5100);

  assert.deepEqual(laneOf(timeline, "alice", 6000), {
    user: "alice",
    bars: [{ kind: "hold", lockName, from: 1000, to: 5000 }],
    marks: [{ kind: "got", lockName, at: 1000 }, { kind: "released", lockName, at: 5000 }],
  });
  assert.deepEqual(laneOf(timeline, "bob", 6000).bars, [
    { kind: "wait", lockName, from: 2000, to: 5000 },
    { kind: "hold", lockName, from: 5000, to: undefined },
  ]);
});

test("an owner that goes offline and comes back leaves a bar of being away", () => {
  const timeline = new Timeline();
  timeline.on(acquired("alice"), 0);
  timeline.onPresence("alice", lockName, false, 10);
  timeline.onPresence("alice", lockName, false, 20);
  timeline.onPresence("alice", lockName, true, 30);
  assert.deepEqual(laneOf(timeline, "alice", 40).bars.map(({ kind, from, to }) => [kind, from, to]), [
    ["hold", 0, 10], ["away", 10, 30], ["hold", 30, undefined],
  ]);
});

test("what left the window is forgotten, what lasts is not", () => {
  const timeline = new Timeline(1000);
  timeline.on(acquired("alice"), 0);
  timeline.on(released("alice"), 10);
  timeline.on(acquired("bob"), 10);
  assert.deepEqual(laneOf(timeline, "alice", 5000), { user: "alice", bars: [], marks: [] });
  assert.equal(laneOf(timeline, "bob", 5000).bars.length, 1);
});

test("the board follows the events, and a snapshot replaces everything", () => {
  const view = new ChannelView();
  view.on({ eventType: "SET", lockName, ttl: 10 }, 0);
  view.on(acquired("alice", 7), 100);
  view.on(queue("bob"), 150);
  assert.deepEqual(view.lock(lockName).queue, [{ userId: "bob", online: true }]);
  assert.equal(view.lock(lockName).heldSince, 100);

  view.on(released("alice"), 200);
  assert.equal(view.lock(lockName).owner, "");
  view.on({ eventType: "SNAPSHOT", snapshot: [{ lockName: "m", owner: "", ttl: 10 }] }, 300);
  assert.deepEqual(view.locks().map((lock) => lock.lockName), ["m"]);
});

test("an owner is offline since the list first said so, and a list of an older grant says nothing", () => {
  const view = new ChannelView();
  view.on(acquired("alice", 7), 100);
  const says = (fencingToken, ownerOnline) => [{ lockName, owner: "alice", fencingToken, ownerOnline }];
  view.onList(says(7, false), 200);
  view.onList(says(7, false), 300);
  view.onList(says(6, true), 400);
  assert.equal(view.lock(lockName).offlineSince, 200);
  view.onList(says(7, true), 500);
  assert.equal(view.lock(lockName).offlineSince, undefined);
});

test("percentiles are of the last 60 answered requests; waits do not count", () => {
  const trips = new RoundTrips();
  assert.equal(trips.percentile(0.5), undefined);
  trips.onFrame("a", "out", '{"id":500,"op":"acquireLock","retry":true}', 0);
  trips.onFrame("a", "in", '{"id":500}', 9000);
  for (let ms = 1; ms <= 100; ms++) {
    trips.onFrame("a", "out", `{"id":${ms},"op":"getLock"}`, 0);
    trips.onFrame("b", "in", `{"id":${ms}}`, 0);
    trips.onFrame("a", "in", `{"id":${ms}}`, ms);
  }
  assert.equal(trips.latest().length, 60);
  assert.equal(trips.percentile(0.5), 70);
  assert.equal(trips.percentile(0.99), 100);
});

test("a call reads as it would be written", () => {
  const { signal } = new AbortController();
  const text = callText("lock", "acquireLock", { channel: "c", channelType: 1, retry: true, create: false, signal, onWaiting() {} });
  assert.equal(text, 'await rtm.lock.acquireLock({ channel: "c", channelType: 1, retry: true, signal: leave.signal, onWaiting });');
});

test("ordinals", () => {
  assert.deepEqual([1, 2, 3, 4, 11, 12, 21].map(ordinal), ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st"]);
});

test("a page that is told of no nodes has the one it came from, and no choice", () => {
  const nodes = new Nodes([], { origin: "https://locks.example", port: "" });
  assert.equal(nodes.several, false);
  assert.deepEqual(nodes.urls(2), ["wss://locks.example/rtm"]);
});

test("people begin at different nodes, the first at the page's own, and each can go round all", () => {
  const [one, two, three] = [8080, 8081, 8082].map((port) => `ws://127.0.0.1:${port}/rtm`);
  const told = [one, two, three].map((url, i) => ({ name: `node-${i + 1}`, url }));
  const nodes = new Nodes(told, { origin: "http://localhost:8081", port: "8081" });
  assert.equal(nodes.several, true);
  assert.deepEqual(nodes.urls(), [two, three, one]);
  assert.deepEqual(nodes.urls(1), [three, one, two]);
  assert.deepEqual(nodes.urls(3), nodes.urls(0));
  assert.equal(nodes.nameOf(three), "node-3");
  const elsewhere = new Nodes(told, { origin: "http://localhost:3000", port: "3000" });
  assert.deepEqual(elsewhere.urls(), [one, two, three]);
});

test("a pane says which node its client is at, tries or has lost", () => {
  assert.equal(nodeText("CONNECTED", "node-1"), "online at node-1");
  assert.equal(nodeText("CONNECTING", "node-2"), "trying node-2");
  for (const state of ["DISCONNECTED", "SUSPENDED", "FAILED"]) assert.equal(nodeText(state, "node-2"), "no connection to node-2");
});

test("after a loss a snapshot ends at the time of the loss what it does not confirm", () => {
  const timeline = new Timeline();
  timeline.on(acquired("alice"), 0);
  timeline.on(queue("bob"), 10);
  timeline.on({ eventType: "SNAPSHOT", snapshot: [] }, 9000, 100);
  assert.deepEqual(laneOf(timeline, "alice", 9000).bars, [{ kind: "hold", lockName, from: 0, to: 100 }]);
  assert.deepEqual(laneOf(timeline, "bob", 9000).bars, [{ kind: "wait", lockName, from: 10, to: 100 }]);
});

test("an address that asks for nothing special is good, and one that cannot be says why", () => {
  assert.deepEqual(readParameters("", "made up"), {
    touring: false, channel: "demo", names: ["alice", "bob", "carol"], ttl: "", pace: 1, problem: "",
  });
  assert.equal(readParameters("?tour=1", "made up").channel, "made up");
  assert.equal(readParameters("?users=user 4,a-b,~&ttl=30", "").problem, "");
  const wrong = ["?channel=a/b", "?channel=", "?users=", "?users=a,", "?users=_a", "?users=a,b,a", "?ttl=1.5", `?users=${"W".repeat(65)}`];
  for (const search of wrong) assert.notEqual(readParameters(search, "").problem, "", search);
});
