// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { inWorld, standing } from "./page.js";
import { LOCK, granted, turn } from "./scripted-server.js";

/** A logged-in client and the server's end, after the connection broke and came back with `welcome`. */
async function broken(world, rtm, welcome = {}) {
  await world.last.hangUp(1001);
  await world.time.advance(0);
  await world.last.comeBack(welcome);
}

test("replyLost_isSentAgainWithItsId_andAnsweredOnce", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const set = rtm.lock.setLock({ ...LOCK, ttl: 30 });
  await turn();
  const first = world.last.expect("setLock", { ...LOCK, ttl: 30 });
  await broken(world, rtm);
  const second = world.last.expect("setLock");
  assert.deepEqual(second, first);
  world.last.expectNothing();
  await world.last.reply(second, { ...LOCK, ttl: 30 });
  assert.equal((await set).ttl, 30);
  await world.last.reply(second, { ...LOCK, ttl: 99 });
}));

test("answeredRequests_areNotSentAgain", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const pong = rtm.ping();
  await turn();
  await world.last.reply(world.last.expect("ping"));
  await pong;
  await broken(world, rtm);
  world.last.expectNothing();
}));

test("requestsMadeWhileAway_goOutAfterTheOlderOnes_inOrder", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  rtm.lock.setLock({ ...LOCK, lockName: "a" });
  await turn();
  world.last.expect("setLock");
  await world.last.hangUp(1006);
  rtm.lock.setLock({ ...LOCK, lockName: "b" });
  await world.time.advance(1000);
  await world.last.comeBack();
  world.last.expect("setLock", { lockName: "a" });
  world.last.expect("setLock", { lockName: "b" });
}));

test("waitingAcquire_isSentAgainAfterAResume_andIsGrantedOnItsId", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const wait = rtm.lock.acquireLock({ ...LOCK, retry: true });
  await turn();
  const { id } = world.last.expect("acquireLock", { retry: true });
  await broken(world, rtm, { waiting: [{ ...LOCK, requestId: id, position: 1 }] });
  const again = world.last.expect("acquireLock", { id });
  await world.last.grant(again, 7);
  assert.equal((await wait).fencingToken, 7);
}));

test("grantWhileAway_arrivesAsTheAnswerOfTheRepeatedRequest", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const wait = rtm.lock.acquireLock({ ...LOCK, retry: true });
  await turn();
  const { id } = world.last.expect("acquireLock");
  await broken(world, rtm, { held: [{ ...LOCK, fencingToken: 7 }] });
  await world.last.grant(world.last.expect("acquireLock", { id }), 7);
  const grant = await wait;
  assert.equal(grant.signal.aborted, false);
}));

test("subscriptions_areRenewedAfterAReconnect_beforeOldRequests", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const subscribed = rtm.subscribe("c", { withLock: true, withQueue: true });
  const gone = rtm.subscribe("d");
  await turn();
  await world.last.reply(world.last.expect("subscribe", { channel: "c" }), { seq: 0 });
  await world.last.reply(world.last.expect("subscribe", { channel: "d" }), { seq: 0 });
  assert.equal((await subscribed).seq, 0);
  await gone;
  rtm.unsubscribe("d");
  await turn();
  await world.last.reply(world.last.expect("unsubscribe", { channel: "d" }));
  rtm.lock.setLock(LOCK);
  await turn();
  world.last.expect("setLock");
  await broken(world, rtm);
  world.last.expect("subscribe", { channel: "c", withLock: true, withQueue: true });
  world.last.expect("setLock");
  world.last.expectNothing();
}));

test("subscribeUnansweredAtABreak_isSentOnce", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const subscribed = rtm.subscribe("c");
  await turn();
  const { id } = world.last.expect("subscribe");
  await broken(world, rtm);
  await world.last.reply(world.last.expect("subscribe", { id }));
  world.last.expectNothing();
  await subscribed;
}));

test("newSession_answersWhatMayHaveHappened_andSendsTheRestAnew", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const set = rtm.lock.setLock(LOCK);
  const tryOnce = rtm.lock.acquireLock({ ...LOCK, lockName: "once" });
  const wait = rtm.lock.acquireLock({ ...LOCK, lockName: "wait", retry: true });
  const read = rtm.lock.getLock({ channel: "c" });
  const release = rtm.lock.releaseLock({ ...LOCK, fencingToken: 3 });
  const lost = [set, tryOnce, release].map((promise) => assert.rejects(promise, { errorCode: -14002, retryable: true }));
  await turn();
  for (const op of ["setLock", "acquireLock", "acquireLock", "getLock", "releaseLock"]) world.last.expect(op);
  await world.last.hangUp(1006);
  const later = rtm.lock.setLock({ ...LOCK, lockName: "later" });
  await world.time.advance(1000);
  await world.last.welcome({ resumed: false, sessionId: "s2" });
  await Promise.all(lost);
  await world.last.grant(world.last.expect("acquireLock", { lockName: "wait" }), 1);
  await world.last.reply(world.last.expect("getLock"), { totalLocks: 0, locks: [], seq: 0 });
  await world.last.reply(world.last.expect("setLock", { lockName: "later" }));
  world.last.expectNothing();
  await Promise.all([wait, read, later]);
}));

test("noAnswer_settlesInTime_sayingWhetherItMayHaveHappened", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const sent = assert.rejects(rtm.lock.setLock(LOCK), { errorCode: -14002, operation: "setLock", retryable: true });
  await turn();
  const { id } = world.last.expect("setLock");
  for (let n = 0; n < 6; n++) {
    await world.last.beat(n, n - 1);
    await world.time.advance(5000);
  }
  await sent;
  await world.last.reply({ id });
}));

test("acquireWithoutAnswer_isCalledBack_andGivenBackWhenItComesLate", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const unknown = assert.rejects(rtm.lock.acquireLock(LOCK), { errorCode: -14002 });
  await turn();
  const acquire = world.last.expect("acquireLock");
  for (let n = 0; n < 6; n++) {
    await world.last.beat(n, n - 1);
    world.last.expect("heartbeat");
    await world.time.advance(5000);
  }
  await unknown;
  const cancel = world.last.expect("cancelAcquire", { channel: "c", lockName: "l" });
  await world.last.grant(acquire, 9);
  await world.last.reply(cancel, { cancelled: false });
  await world.last.reply(world.last.expect("releaseLock", { lockName: "l", fencingToken: 9 }));
  world.last.expectNothing();
}));

test("outcomeUnknown_isAskedAgainWithTheSameId", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const set = rtm.lock.setLock(LOCK);
  await turn();
  const { id } = world.last.expect("setLock");
  await world.last.refuse({ id }, -14002);
  world.last.expectNothing();
  await world.time.advance(3000);
  await world.last.reply(world.last.expect("setLock", { id }), { ttl: 10 });
  assert.equal((await set).ttl, 10);
}));

test("rateLimit_isWaitedFor_byWhatHasToDoWithLocks", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const all = [
    rtm.lock.acquireLock({ ...LOCK, lockName: "x" }),
    rtm.lock.setLock(LOCK),
    rtm.lock.getLock(LOCK),
    rtm.lock.revokeLock(LOCK),
    rtm.lock.removeLock(LOCK),
  ];
  await turn();
  const asked = world.last.received.splice(0);
  for (const frame of asked) await world.last.refuse(frame, -10021);
  await world.time.advance(999);
  world.last.expectNothing();
  await world.time.advance(501);
  assert.deepEqual(world.last.received, asked, "each with its id, and not all at once");
  for (const frame of world.last.received.splice(0)) await world.last.grant(frame, 5);
  await Promise.all(all);
}));

test("rateLimit_thatStays_isTheCallersInTheEnd", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const short = assert.rejects(rtm.lock.acquireLock({ ...LOCK, retry: true, timeoutMs: 2000 }), { errorCode: -10021 });
  const usual = assert.rejects(rtm.lock.setLock(LOCK), { retryable: true });
  const endless = rtm.lock.acquireLock({ ...LOCK, lockName: "m", retry: true });
  await turn();
  for (let waitedMs = 0; waitedMs < 40_000; waitedMs += 1000) {
    for (const frame of world.last.received.splice(0)) if (frame.op !== "heartbeat") await world.last.refuse(frame, -10021);
    if (waitedMs % 5000 === 0) await world.last.beat(waitedMs / 5000, waitedMs / 5000 - 1);
    await world.time.advance(1000);
  }
  await Promise.all([short, usual]);
  assert.equal((await standing(endless)).state, "open");
}));

test("rateLimit_afterAReconnect_isWaitedFor", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const wait = rtm.lock.acquireLock({ ...LOCK, retry: true });
  await turn();
  const { id } = world.last.expect("acquireLock");
  await broken(world, rtm);
  await world.last.refuse(world.last.expect("acquireLock", { id }), -10021);
  await world.time.advance(3000);
  await world.last.grant(world.last.expect("acquireLock", { id }), 5);
  assert.equal((await wait).fencingToken, 5);
}));

for (const code of [-14009, -10021]) {
  test(`release_refusedWith${code}_isTriedUntilItArrives`, inWorld(async (world) => {
    const rtm = await (await world.page()).loggedIn();
    const release = rtm.lock.releaseLock({ ...LOCK, fencingToken: 3 });
    await turn();
    const { id } = world.last.expect("releaseLock");
    await world.last.refuse({ id }, code);
    await world.time.advance(3000);
    await world.last.reply(world.last.expect("releaseLock", { id }));
    assert.equal((await standing(release)).state, "resolved");
  }));
}

test("release_madeDuringALongOutage_isSentWhenItEnds_thoughItsCallerWasAnswered", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  await world.last.hangUp(1006);
  const unknown = assert.rejects(rtm.lock.releaseLock({ ...LOCK, fencingToken: 3 }), { errorCode: -14002 });
  while (rtm.linkState !== "SUSPENDED") {
    if (world.last.readyState === 0) await world.last.hangUp(1006);
    await world.time.advance(500);
  }
  await unknown;
  while (world.last.readyState !== 0) await world.time.advance(500);
  await world.last.comeBack();
  world.last.expect("releaseLock", { fencingToken: 3 });
}));

test("events_reachTheirListeners_alsoWhenOneThrows", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const seen = [];
  const { error } = console;
  const reported = [];
  console.error = (e) => reported.push(e.message);
  rtm.addEventListener("lock", () => {
    throw new Error("listener");
  });
  const listener = (event) => seen.push(event);
  rtm.addEventListener("lock", listener);
  rtm.addEventListener("storage", listener);
  const lock = { event: "lock", eventType: "ACQUIRED", ...LOCK, owner: "bob", ttl: 30, fencingToken: 4, seq: 1 };
  const storage = { event: "storage", eventType: "UPDATE", channel: "c", metadata: {} };
  await world.last.say(lock, storage);
  assert.deepEqual(seen, [lock, storage]);
  assert.deepEqual(reported, ["listener"]);
  rtm.removeEventListener("lock", listener);
  await world.last.say(lock);
  assert.equal(seen.length, 2);
  console.error = error;
}));

test("addEventListener_withoutAFunction_isATypeErrorAtOnce", inWorld(async (world) => {
  const rtm = (await world.page()).client();
  for (const listener of [undefined, null, {}, "text"]) assert.throws(() => rtm.addEventListener("lock", listener), TypeError);
}));

test("addEventListener_forATypeThereIsNot_doesNoHarm", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  for (const type of ["constructor", "__proto__", "lcok"]) {
    rtm.addEventListener(type, () => assert.fail("ran"));
    rtm.removeEventListener(type, () => {});
  }
  await world.last.say({ event: "lock", eventType: "SET", ...LOCK });
}));

test("eventBeforeReply_lockLost_refusesTheGrantThatComesAfterIt", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const lost = [];
  rtm.addEventListener("lockLost", (event) => lost.push(event.cause));
  const acquire = assert.rejects(rtm.lock.acquireLock({ ...LOCK, retry: true }), { errorCode: -14001, retryable: true });
  await turn();
  const request = world.last.expect("acquireLock");
  await world.last.say({ event: "session", type: "LOCK_LOST", ...LOCK, fencingToken: 7, cause: "REVOKED" }, granted(request, 7));
  await acquire;
  assert.deepEqual(lost, ["REVOKED"]);
  const next = rtm.lock.acquireLock(LOCK);
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 8);
  assert.equal((await next).signal.aborted, false, "a newer token is another matter");
}));

test("eventBeforeReply_acquired_isDeliveredAsItComes", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const order = [];
  rtm.addEventListener("lock", ({ eventType }) => order.push(eventType));
  const acquire = rtm.lock.acquireLock(LOCK).then(() => order.push("reply"));
  await turn();
  const request = world.last.expect("acquireLock");
  await world.last.say({ event: "lock", eventType: "ACQUIRED", ...LOCK, owner: "alice", fencingToken: 7 });
  await world.last.grant(request, 7);
  await acquire;
  assert.deepEqual(order, ["ACQUIRED", "reply"]);
}));

test("waiting_tellsThePosition", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const places = [];
  rtm.lock.acquireLock({ ...LOCK, retry: true, onWaiting: ({ position, waiters }) => places.push([position, waiters]) });
  await turn();
  const { id, onWaiting } = world.last.expect("acquireLock", { withPosition: true });
  assert.equal(onWaiting, undefined);
  const waiting = { event: "session", type: "WAITING", requestId: id, ...LOCK };
  await world.last.say(
    { ...waiting, position: 2, waiters: 3 },
    { ...waiting, position: 1, waiters: 2 },
    { ...waiting, requestId: 99, position: 9, waiters: 9 },
  );
  assert.deepEqual(places, [[2, 3], [1, 2]]);
}));

test("unknownFields_cannotReplaceIdOrOp", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  rtm.lock.removeLock({ ...LOCK, id: 1, op: "logout" });
  await turn();
  const frame = world.last.expect("removeLock");
  assert.equal(JSON.stringify(frame), '{"id":2,"op":"removeLock","channel":"c","channelType":"MESSAGE","lockName":"l"}');
}));
