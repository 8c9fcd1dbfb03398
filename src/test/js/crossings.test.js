// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { inWorld } from "./page.js";
import { LOCK, granted, turn } from "./scripted-server.js";

/** What crosses on the wire: a call of this client, and the answer to an earlier one. */

const done = ({ id }) => ({ id, errorCode: 0, timestamp: 1, ...LOCK });
const mustNotBeTrusted = (grant) => assert.ok(grant.errorCode || grant.signal.aborted, `trusted for ${grant.validForMs?.()} ms`);
const caught = (promise) => promise.catch((error) => error);

async function holding(world, { ttl = 30, ...options } = {}) {
  const page = await world.page();
  const rtm = await page.loggedIn(options);
  const acquire = rtm.lock.acquireLock({ ...LOCK, retry: true });
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7, { ttl });
  return { page, rtm, grant: await acquire };
}

test("withLockEnds_whileItsOwnerAsksAgain_theReleasedTokenIsNoGrant", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  let finish;
  const locked = rtm.lock.withLock(LOCK, () => new Promise((resolve) => (finish = resolve)));
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  const again = caught(rtm.lock.acquireLock({ ...LOCK, retry: true }));
  finish();
  await turn();
  await world.last.say(granted(world.last.expect("acquireLock"), 7), done(world.last.expect("releaseLock", { fencingToken: 7 })));
  await locked;
  mustNotBeTrusted(await again);
}));

test("releaseWithoutToken_whileTheFirstAcquireIsOnItsWay_endsItsGrant", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const acquire = caught(rtm.lock.acquireLock({ ...LOCK, retry: true }));
  const released = rtm.lock.releaseLock(LOCK);
  await turn();
  await world.last.say(granted(world.last.expect("acquireLock"), 7), done(world.last.expect("releaseLock")));
  await released;
  mustNotBeTrusted(await acquire);
}));

for (const code of [-14009, -10021]) {
  test(`releaseRefusedWith${code}_ownerAsksAgainBeforeItIsRepeated_theReleasedTokenIsNoGrant`, inWorld(async (world) => {
    const { rtm, grant } = await holding(world);
    caught(rtm.lock.releaseLock(grant));
    await turn();
    await world.last.refuse(world.last.expect("releaseLock"), code);
    const again = caught(rtm.lock.acquireLock(LOCK));
    await turn();
    await world.last.grant(world.last.expect("acquireLock"), 7);
    await world.time.advance(3000);
    await world.last.say(done(world.last.expect("releaseLock", { fencingToken: 7 })));
    mustNotBeTrusted(await again);
  }));
}

test("logout_crossingAGrant_isNoGrant_andRunsNothing", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const locked = assert.rejects(rtm.lock.withLock(LOCK, () => assert.fail("ran")), { errorCode: -14002 });
  await turn();
  const out = rtm.logout();
  await world.last.say(granted(world.last.expect("acquireLock"), 7), done(world.last.expect("logout")));
  await out;
  await locked;
}));

test("unsubscribe_beforeTheSubscribeIsAnswered_heartbeatsProveNothing_andNothingIsRenewed", inWorld(async (world) => {
  const { rtm, grant } = await holding(world);
  rtm.subscribe("c");
  const left = rtm.unsubscribe("c");
  await turn();
  await world.last.reply(world.last.expect("subscribe"), { seq: 0 });
  await world.last.reply(world.last.expect("unsubscribe"));
  await left;
  for (let n = 1; n < 4; n++) {
    await world.time.advance(5000);
    await world.last.beat(n, n - 1);
  }
  assert.equal(grant.validForMs(), 30 * 980 - 15_000);
  await world.last.hangUp(1001);
  await world.time.advance(0);
  await world.last.comeBack();
  assert.equal(world.last.received.some(({ op }) => op === "subscribe"), false);
}));

test("failedPage_duplicated_doesNotShareItsSession_whileItTrustsItsLock", inWorld(async (world) => {
  const { page, grant } = await holding(world, { token: "old" });
  await world.last.hangUp(4401);
  assert.equal(grant.signal.aborted, false);
  const copy = await world.page(page.storage.copy());
  copy.client({ token: "new" }).login();
  assert.equal((await world.last.welcome()).resumeToken, undefined);
}));

test("getLockOfTheApplicationUnderWay_doesNotStandForTheProofOfALock", inWorld(async (world) => {
  const { rtm } = await holding(world, { ttl: 10 });
  rtm.lock.getLock({ channel: "c" });
  await turn();
  world.last.expect("getLock");
  await world.time.advance(5000);
  await world.last.beat(1, 0);
  world.last.expect("heartbeat");
  world.last.expect("getLock");
}));

test("tokenExpired_longAfterALoginWithGetToken_asksForAnotherAndGoesOn", inWorld(async (world) => {
  let asked = 0;
  const rtm = (await world.page()).client({ getToken: async () => `t${++asked}` });
  rtm.login();
  await world.last.welcome();
  await world.time.advance(14_000);
  await world.last.hangUp(4401, "expired");
  await world.time.advance(0);
  assert.equal((await world.last.comeBack()).token, "t2");
}));

test("newSession_aLockLostListenerAcquires_andIsGranted", inWorld(async (world) => {
  const { rtm } = await holding(world);
  let again;
  rtm.addEventListener("lockLost", () => (again = caught(rtm.lock.acquireLock(LOCK))));
  await world.last.hangUp(1006);
  await world.time.advance(1000);
  await world.last.welcome({ resumed: false, sessionId: "s2" });
  await world.last.grant(world.last.expect("acquireLock"), 9);
  assert.equal((await again).fencingToken, 9);
}));

test("abort_whileRefusedForItsRate_isNeverSentAgain", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const leaving = new AbortController();
  const aborted = assert.rejects(rtm.lock.acquireLock({ ...LOCK, retry: true, signal: leaving.signal }), { name: "AbortError" });
  await turn();
  await world.last.refuse(world.last.expect("acquireLock"), -10021);
  leaving.abort();
  await aborted;
  await world.time.advance(5000);
  assert.equal(world.last.received.some(({ op }) => op === "acquireLock"), false);
}));

test("abort_thenRefusedForItsRate_isNeverSentAgain", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const leaving = new AbortController();
  const aborted = assert.rejects(rtm.lock.acquireLock({ ...LOCK, retry: true, signal: leaving.signal }), { name: "AbortError" });
  await turn();
  leaving.abort();
  await aborted;
  await world.last.refuse(world.last.expect("acquireLock"), -10021);
  await world.last.reply(world.last.expect("cancelAcquire"), { cancelled: false });
  await world.time.advance(5000);
  world.last.expectNothing();
}));

test("abort_ofASecondAcquire_doesNotEndTheFirstOnesWait", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const leaving = new AbortController();
  rtm.lock.acquireLock({ ...LOCK, retry: true });
  caught(rtm.lock.acquireLock({ ...LOCK, retry: true, signal: leaving.signal }));
  await turn();
  world.last.expect("acquireLock");
  world.last.expect("acquireLock");
  leaving.abort();
  await turn();
  world.last.expectNothing();
}));

test("abort_ofAWait_besideATryThatIsNotAnsweredYet_isCancelled", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const leaving = new AbortController();
  caught(rtm.lock.acquireLock(LOCK));
  caught(rtm.lock.acquireLock({ ...LOCK, retry: true, signal: leaving.signal }));
  leaving.abort();
  await turn();
  world.last.expect("acquireLock");
  world.last.expect("acquireLock");
  world.last.expect("cancelAcquire");
}));

test("withLock_waitsForAcquireLock_whoseOldGrantWasLostWhileItAsked", inWorld(async (world) => {
  const { rtm } = await holding(world);
  const again = rtm.lock.acquireLock({ ...LOCK, retry: true });
  await turn();
  const asked = world.last.expect("acquireLock");
  await world.last.lockLost("REVOKED", 7);
  await world.last.grant(asked, 9);
  assert.equal((await again).signal.aborted, false);
  rtm.lock.withLock(LOCK, () => {});
  await turn();
  world.last.expectNothing();
}));

test("logout_login_logout_endsLoggedOut", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  rtm.logout();
  const login = assert.rejects(rtm.login(), { errorCode: -14009 });
  const out = rtm.logout();
  await world.last.reply(world.last.expect("logout"));
  await out;
  await turn();
  assert.equal(rtm.linkState, "IDLE");
  await login;
}));

test("renewedSubscription_refusedForTheMoment_isAskedAgain", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  rtm.subscribe("c");
  await turn();
  await world.last.reply(world.last.expect("subscribe"), { seq: 0 });
  for (let times = 0; times < 2; times++) {
    await world.last.hangUp(1001);
    await world.time.advance(0);
    await world.last.comeBack();
  }
  await world.last.refuse(world.last.expect("subscribe"), -14009);
  world.last.expectNothing();
  await world.time.advance(2000);
  world.last.expect("subscribe");
}));

test("login_withAToken_takesThatOne_thoughThereIsGetToken", inWorld(async (world) => {
  const rtm = (await world.page()).client({ getToken: () => "got" });
  rtm.login({ token: "given" });
  assert.equal((await world.last.welcome()).token, "given");
}));

test("unsubscribed_whileARenewalWaits_isNotSubscribedAgain", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  rtm.subscribe("c");
  await turn();
  await world.last.reply(world.last.expect("subscribe"), { seq: 0 });
  await world.last.hangUp(1001);
  await world.time.advance(0);
  await world.last.comeBack();
  await world.last.refuse(world.last.expect("subscribe"), -14009);
  rtm.unsubscribe("c");
  await turn();
  await world.last.reply(world.last.expect("unsubscribe"));
  await world.time.advance(10_000);
  assert.equal(world.last.received.filter(({ op }) => op === "subscribe").length, 0);
}));

test("frameTooLarge_isRefusedOnce_andTheRestGoesOn", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const large = caught(rtm.storage.setChannelMetadata({ channel: "c", data: [{ key: "k", value: "x".repeat(70_000) }] }));
  const small = rtm.lock.getLock({ channel: "c" });
  await turn();
  await world.last.hangUp(1009, "a frame may have 65536 bytes");
  const { errorCode, retryable, reason } = await large;
  assert.deepEqual({ errorCode, retryable, reason }, { errorCode: -14001, retryable: false, reason: "a frame may have 65536 bytes" });
  await world.time.advance(1000);
  await world.last.comeBack();
  await world.last.reply(world.last.expect("getLock"), { totalLocks: 0, locks: [] });
  await small;
  world.last.expectNothing();
}));

/** Answers the question to the shard that a grant of which nothing is proven makes. */
const shardSays = async (world, ...locks) =>
  world.last.reply(world.last.expect("getLock"), { totalLocks: locks.length, locks });

test("ownLock_inAChannelThatWasUnsubscribed_isNoGrant_becauseItsTtlRuns", inWorld(async (world) => {
  const { rtm, grant } = await holding(world, { ttl: 10 });
  rtm.unsubscribe("c");
  await turn();
  await world.last.reply(world.last.expect("unsubscribe"));
  await world.time.advance(9900);
  assert.equal(grant.signal.aborted, true);
  const again = rtm.lock.acquireLock(LOCK);
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7, { ttl: 10 });
  await shardSays(world, { ...LOCK, fencingToken: 7, owner: "alice", ownerOnline: false });
  mustNotBeTrusted(await again);
}));

test("ownLock_ofThePageBeforeAReload_whichMayHaveUnsubscribed_isAGrantWhenItsShardSaysSo", inWorld(async (world) => {
  for (const ownerOnline of [true, false]) {
    const { page } = await holding(world);
    const rtm = (await page.reload()).client();
    rtm.login();
    await world.last.comeBack({ held: [{ ...LOCK, fencingToken: 7 }] });
    const acquire = rtm.lock.acquireLock(LOCK);
    await turn();
    await world.last.grant(world.last.expect("acquireLock"), 7);
    await shardSays(world, { ...LOCK, fencingToken: 7, owner: "alice", ownerOnline });
    assert.equal((await acquire).signal.aborted, !ownerOnline);
  }
}));

for (const [how, fields] of Object.entries({ withItsToken: { ...LOCK, fencingToken: 7 }, withoutAToken: LOCK })) {
  test(`outcomeUnknown_theLockReleased_${how}_beforeItIsAskedAgain_theOldTokenIsNoGrant`, inWorld(async (world) => {
    const rtm = await (await world.page()).loggedIn();
    const acquire = caught(rtm.lock.acquireLock(LOCK));
    await turn();
    await world.last.refuse(world.last.expect("acquireLock"), -14002);
    rtm.lock.releaseLock(fields);
    await turn();
    await world.last.say(done(world.last.expect("releaseLock")));
    await world.time.advance(2000);
    await world.last.grant(world.last.expect("acquireLock"), 7);
    mustNotBeTrusted(await acquire);
  }));
}

test("login_answeredWhileALogoutWaitsForIt_nothingIsAskedOfTheSessionThatEnds", inWorld(async (world) => {
  const { rtm } = await holding(world);
  await world.last.hangUp(1006);
  const out = rtm.logout();
  await world.last.comeBack({ waiting: [{ ...LOCK, requestId: 1, position: 1 }] });
  await assert.rejects(rtm.lock.acquireLock({ ...LOCK, retry: true }), { errorCode: -10002 });
  await world.last.reply(world.last.expect("logout"));
  await out;
}));

test("unsubscribe_ofUnknownOutcome_isNotAskedAgain_afterASubscribe", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const left = assert.rejects(rtm.unsubscribe("c"), { errorCode: -14002, retryable: true });
  const subscribed = rtm.subscribe("c");
  await turn();
  await world.last.refuse(world.last.expect("unsubscribe"), -14002);
  await world.last.reply(world.last.expect("subscribe"), { seq: 0 });
  await left;
  await subscribed;
  await world.time.advance(5000);
  world.last.expectNothing();
}));

test("abort_crossingAGrant_whileAnotherCallAsks_thatFails_isGivenBack", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const leaving = new AbortController();
  const aborted = caught(rtm.lock.acquireLock({ ...LOCK, retry: true, signal: leaving.signal }));
  const other = assert.rejects(rtm.lock.acquireLock(LOCK), { errorCode: -14009 });
  await turn();
  leaving.abort();
  await aborted;
  await world.last.grant(world.last.expect("acquireLock"), 7);
  await world.last.refuse(world.last.expect("acquireLock"), -14009);
  await other;
  world.last.expect("cancelAcquire");
  world.last.expect("releaseLock", { fencingToken: 7 });
}));

test("frozenPage_hearsAnOldAnswer_afterItAskedAgain_andDoesNotTakeItForNew", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const acquire = rtm.lock.acquireLock({ ...LOCK, retry: true });
  await turn();
  await world.last.hangUp(1006);
  await world.time.advance(1000);
  await world.last.accept();
  const login = world.last.expect("login");
  world.time.freeze(40_000);
  await world.last.reply(login, { resumed: true, resumeToken: "r2", heartbeatMs: 5000, offlineAfterMs: 15000, held: [], waiting: [] });
  await world.last.grant(world.last.expect("acquireLock"), 7);
  await shardSays(world);
  mustNotBeTrusted(await acquire);
}));

test("frozenPage_hearsAnOldAnswer_afterItTookUpThePlaceBeforeAReload_andDoesNotTakeItForNew", inWorld(async (world) => {
  const page = await (await world.page()).reload();
  const rtm = await page.loggedIn({}, { resumed: true, held: [], waiting: [{ ...LOCK, requestId: 1, position: 1 }] });
  world.time.freeze(40_000);
  const acquire = rtm.lock.acquireLock({ ...LOCK, retry: true });
  await turn();
  await world.last.grant(world.last.expect("acquireLock", { id: 1 }), 7);
  await shardSays(world);
  mustNotBeTrusted(await acquire);
}));

test("releaseWithoutToken_stillToBeAskedAgain_whatIsGrantedMeanwhile_isGivenBack", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  caught(rtm.lock.releaseLock(LOCK));
  await turn();
  await world.last.refuse(world.last.expect("releaseLock"), -14002);
  const acquire = assert.rejects(rtm.lock.acquireLock(LOCK), { errorCode: -14001, retryable: true });
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  await acquire;
  world.last.expect("releaseLock", { fencingToken: 7 });
}));

test("placeOfThePageBeforeAReload_whoseLockIsReleased_isNotTakenUpAnyMore", inWorld(async (world) => {
  const page = await (await world.page()).reload();
  const rtm = await page.loggedIn({}, { resumed: true, held: [], waiting: [{ ...LOCK, requestId: 1, position: 1 }] });
  rtm.lock.releaseLock(LOCK);
  await turn();
  await world.last.say(done(world.last.expect("releaseLock")));
  rtm.lock.acquireLock({ ...LOCK, retry: true });
  await turn();
  assert.notEqual(world.last.expect("acquireLock").id, 1);
}));
