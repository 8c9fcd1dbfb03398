// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { inWorld, standing } from "./page.js";
import { LOCK, turn } from "./scripted-server.js";

/** What is left of a second of ttl after the allowance for clocks. */
const TRUST_MS = 980;

async function holding(world, { ttl = 30, page } = {}) {
  page ??= await world.page();
  const rtm = await page.loggedIn();
  const acquire = rtm.lock.acquireLock({ ...LOCK, retry: true });
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7, { ttl });
  return { rtm, grant: await acquire, page };
}

/** The connection ends, and the session is resumed at once, with these locks. */
async function comesBack(world, held) {
  await world.last.hangUp(1001);
  await world.time.advance(0);
  await world.last.comeBack({ held });
}

/** The first heartbeat makes the client ask the shard; returns the question. */
async function asksTheShard(world) {
  await world.last.beat(1, 0);
  world.last.expect("heartbeat");
  return world.last.expect("getLock", { channel: "c" });
}

/** The server's heartbeats, every 5 s, `count` of them, each acknowledging the one before. */
async function beats(world, from, count, quorum = true) {
  for (let n = from; n < from + count; n++) {
    await world.time.advance(5000);
    await world.last.beat(n, n - 1, quorum);
  }
}

test("heartbeat_isEchoedAtOnce", inWorld(async (world) => {
  await (await world.page()).loggedIn();
  await world.last.beat(1, 0);
  assert.deepEqual(world.last.expect("heartbeat"), { op: "heartbeat", n: 1 });
  await world.last.beat(2, 1, false);
  assert.deepEqual(world.last.expect("heartbeat"), { op: "heartbeat", n: 2 });
}));

test("freshGrant_isTrustedFromTheSendingOfItsRequest", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const acquire = rtm.lock.acquireLock(LOCK);
  await turn();
  await world.time.advance(4000);
  await world.last.grant(world.last.expect("acquireLock"), 7);
  const grant = await acquire;
  assert.equal(grant.validForMs(), 30 * TRUST_MS - 4000);
  assert.equal(grant.signal.aborted, false);
}));

test("grantAfterALongWait_isTrustedFromTheLatestAcknowledgedHeartbeat", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const acquire = rtm.lock.acquireLock({ ...LOCK, retry: true });
  await turn();
  const request = world.last.expect("acquireLock");
  await beats(world, 1, 20);
  await world.last.grant(request, 7);
  assert.equal((await acquire).validForMs(), 30 * TRUST_MS - 5000, "beat 19, answered 5 s ago, is acknowledged");
}));

test("acknowledgedHeartbeats_moveTheBound", inWorld(async (world) => {
  const { grant } = await holding(world);
  await beats(world, 1, 100);
  assert.equal(grant.signal.aborted, false);
  assert.equal(grant.validForMs(), 30 * TRUST_MS - 5000);
}));

test("quorumFalse_doesNotMoveTheBound", inWorld(async (world) => {
  const { grant } = await holding(world);
  await beats(world, 1, 5, false);
  assert.equal(grant.validForMs(), 30 * TRUST_MS - 25_000);
  await beats(world, 6, 1, false);
  assert.equal(grant.signal.aborted, true);
}));

test("acknowledgementOfWhatThisConnectionNeverSent_movesNothing", inWorld(async (world) => {
  const { grant } = await holding(world);
  await world.time.advance(5000);
  await world.last.beat(9, 8);
  assert.equal(grant.validForMs(), 30 * TRUST_MS - 5000);
}));

test("boundPassing_abortsTheSignal_withAReason", inWorld(async (world) => {
  const { grant } = await holding(world, { ttl: 10 });
  let reason;
  grant.signal.addEventListener("abort", () => (reason = grant.signal.reason));
  await world.last.hangUp(1006);
  await world.time.advance(10 * TRUST_MS - 1);
  assert.equal(reason, undefined);
  await world.time.advance(1);
  assert.equal(reason.errorCode, -14001);
  assert.equal(reason.detail.cause, "UNCERTAIN");
  assert.equal(grant.validForMs(), 0);
}));

test("boundPassingDuringAFreeze_isSeenBeforeAnyTimerRan", inWorld(async (world) => {
  const { grant } = await holding(world);
  world.time.freeze(60_000);
  assert.equal(grant.validForMs(), 0);
  assert.equal(grant.signal.aborted, true);
}));

test("boundPassingDuringAFreeze_isSeenThroughASignalKeptFromBefore", inWorld(async (world) => {
  const { grant } = await holding(world);
  const { signal } = grant;
  let aborted = false;
  signal.addEventListener("abort", () => (aborted = true));
  world.time.freeze(60_000);
  assert.equal(signal.aborted, true);
  assert.equal(aborted, true, "and its listeners are told");
  assert.throws(() => signal.throwIfAborted(), { errorCode: -14001 });
}));

test("boundPassingDuringAFreeze_isThrownByASignalNobodyLookedAt", inWorld(async (world) => {
  const { grant } = await holding(world);
  grant.signal.throwIfAborted();
  world.time.freeze(60_000);
  assert.throws(() => grant.signal.throwIfAborted(), { errorCode: -14001, retryable: true });
}));

test("boundPassingInTheMachinesSleep_countsByTheWallClock", inWorld(async (world) => {
  const { grant } = await holding(world);
  world.time.sleep(60_000);
  assert.equal(grant.signal.aborted, true);
}));

test("wallClockSetBack_doesNotLengthenTheTrust", inWorld(async (world) => {
  const { grant } = await holding(world);
  world.time.sleep(-3_600_000);
  world.time.freeze(30_000);
  assert.equal(grant.signal.aborted, true);
}));

for (const sign of ["resume", "pageshow", "visibilitychange", "online"]) {
  test(`afterAFreeze_${sign}_abortsFirst`, inWorld(async (world) => {
    const { grant, page } = await holding(world);
    let aborted = false;
    grant.signal.addEventListener("abort", () => (aborted = true));
    world.time.freeze(60_000);
    page.fire(sign);
    assert.equal(aborted, true);
  }));
}

test("afterAFreeze_anyFrame_abortsBeforeItsListenersRun", inWorld(async (world) => {
  const { grant, rtm } = await holding(world);
  let aborted = false;
  let asTheListenerSawIt;
  grant.signal.addEventListener("abort", () => (aborted = true));
  rtm.addEventListener("lock", () => (asTheListenerSawIt = aborted));
  world.time.freeze(60_000);
  await world.last.say({ event: "lock", eventType: "SET", ...LOCK });
  assert.equal(asTheListenerSawIt, true);
}));

test("afterAFreeze_aLateAcknowledgement_doesNotRevive", inWorld(async (world) => {
  const { grant } = await holding(world);
  await world.last.beat(1, 0);
  world.time.freeze(60_000);
  await world.last.beat(2, 1);
  assert.equal(grant.signal.aborted, true);
}));

for (const cause of ["REVOKED", "REMOVED", "OFFLINE"]) {
  test(`lockLost_${cause}_abortsTheSignal_andTellsItsListeners`, inWorld(async (world) => {
    const { grant, rtm } = await holding(world);
    const lost = [];
    rtm.addEventListener("lockLost", (event) => lost.push(event));
    await world.last.lockLost(cause, 7);
    assert.equal(grant.signal.aborted, true);
    assert.equal(grant.signal.reason.detail.cause, cause);
    assert.equal(grant.validForMs(), 0);
    assert.deepEqual(lost, [{ event: "session", type: "LOCK_LOST", ...LOCK, fencingToken: 7, cause }]);
  }));
}

test("lockLost_ofAnOlderToken_leavesTheNewGrantAlone", inWorld(async (world) => {
  const { grant } = await holding(world);
  await world.last.lockLost("REVOKED", 6);
  assert.equal(grant.signal.aborted, false);
}));

test("ownLockAgain_isTheSameGrant", inWorld(async (world) => {
  const { grant, rtm } = await holding(world);
  await world.time.advance(4000);
  const again = rtm.lock.acquireLock(LOCK);
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  assert.equal((await again).signal, grant.signal);
  assert.equal(grant.validForMs(), 30 * TRUST_MS, "asking was heard, so the trust begins anew");
}));

test("ownLockAgain_afterTheTrustEnded_isANewGrant", inWorld(async (world) => {
  const { grant, rtm } = await holding(world);
  world.time.freeze(60_000);
  assert.equal(grant.signal.aborted, true);
  const again = rtm.lock.acquireLock(LOCK);
  await turn();
  world.last.received.length = 0;
  await world.last.grant({ id: 3, ...LOCK }, 7);
  assert.equal((await again).signal.aborted, false);
  assert.equal(grant.signal.aborted, true);
}));

test("resume_withTheLockStillHeld_movesTheBoundToTheLogin", inWorld(async (world) => {
  const { grant } = await holding(world);
  await world.time.advance(10_000);
  await comesBack(world, [{ ...LOCK, fencingToken: 7 }]);
  assert.equal(grant.validForMs(), 30 * TRUST_MS);
}));

test("resume_withoutTheLockInHeld_movesNothing", inWorld(async (world) => {
  const { grant } = await holding(world);
  await world.time.advance(10_000);
  await comesBack(world, []);
  assert.equal(grant.validForMs(), 30 * TRUST_MS - 10_000);
  await world.last.lockLost("OFFLINE", 7);
  assert.equal(grant.signal.aborted, true);
}));

test("resume_withoutTheLockInHeld_heartbeatsProveNothing_untilTheShardSaysSo", inWorld(async (world) => {
  const { grant } = await holding(world);
  await world.time.advance(1000);
  await comesBack(world, []);
  const asked = await asksTheShard(world);
  for (let n = 2; n <= 4; n++) {
    await world.time.advance(2000);
    await world.last.beat(n, n - 1);
  }
  assert.equal(grant.validForMs(), 30 * TRUST_MS - 7000);
  await world.last.reply(asked, { locks: [{ lockName: "l", owner: "alice", fencingToken: 7, ownerOnline: true }] });
  await world.time.advance(2000);
  await world.last.beat(5, 4);
  assert.equal(grant.validForMs(), 30 * TRUST_MS - 2000);
}));

test("resume_withoutTheLockInHeld_losesIt_whenTheShardDoesNotKnowIt", inWorld(async (world) => {
  const { grant, rtm } = await holding(world);
  const lost = [];
  rtm.addEventListener("lockLost", (event) => lost.push(event));
  await comesBack(world, []);
  const asked = await asksTheShard(world);
  assert.equal(grant.signal.aborted, false);
  await world.last.reply(asked, { locks: [{ lockName: "l", owner: "bob", fencingToken: 8, ownerOnline: true }] });
  assert.equal(grant.signal.aborted, true);
  assert.deepEqual(lost, [{ event: "session", type: "LOCK_LOST", cause: "SESSION_LOST", ...LOCK, fencingToken: 7 }]);
}));

test("newSession_losesEveryLock_andSaysSo", inWorld(async (world) => {
  const { grant, rtm } = await holding(world);
  const lost = [];
  rtm.addEventListener("lockLost", (event) => lost.push(event));
  await world.last.hangUp(1006);
  await world.time.advance(1000);
  await world.last.welcome({ resumed: false, sessionId: "s2" });
  assert.equal(grant.signal.aborted, true);
  assert.deepEqual(lost, [{ event: "session", type: "LOCK_LOST", cause: "SESSION_LOST", ...LOCK, fencingToken: 7 }]);
}));

test("takeover_abortsEverySignal", inWorld(async (world) => {
  const { grant } = await holding(world);
  await world.last.hangUp(4409);
  assert.equal(grant.signal.aborted, true);
}));

test("release_abortsTheSignalBeforeTheLockCanPassOn", inWorld(async (world) => {
  const { grant, rtm } = await holding(world);
  rtm.lock.releaseLock(grant);
  assert.equal(grant.signal.aborted, true);
  await turn();
  const frame = world.last.expect("releaseLock");
  assert.deepEqual(frame, { id: 3, op: "releaseLock", ...LOCK, fencingToken: 7 });
}));

test("release_withoutToken_namesTheOneHeld", inWorld(async (world) => {
  const { rtm } = await holding(world);
  rtm.lock.releaseLock("c", "MESSAGE", "l");
  await turn();
  world.last.expect("releaseLock", { fencingToken: 7 });
}));

test("release_withAnOldToken_leavesTheGrantAlone", inWorld(async (world) => {
  const { rtm, grant } = await holding(world);
  rtm.lock.releaseLock({ ...LOCK, fencingToken: 6 }).catch(() => {});
  assert.equal(grant.signal.aborted, false);
}));

test("logout_abortsEverySignal", inWorld(async (world) => {
  const { rtm, grant } = await holding(world);
  rtm.logout();
  assert.equal(grant.signal.aborted, true);
}));

test("pageKeptForBack_abortsEverySignal", inWorld(async (world) => {
  const { page, grant } = await holding(world);
  page.fire("pagehide", { persisted: true });
  assert.equal(grant.signal.aborted, true);
}));

test("unsubscribe_stopsTheBound_forThatChannelOnly", inWorld(async (world) => {
  const { rtm, grant } = await holding(world);
  const other = rtm.lock.acquireLock({ ...LOCK, channel: "d" });
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 9);
  rtm.unsubscribe("c");
  await beats(world, 1, 3);
  assert.equal(grant.validForMs(), 30 * TRUST_MS - 15_000);
  assert.equal((await other).validForMs(), 30 * TRUST_MS - 5000);
  const subscribed = rtm.subscribe("c");
  await turn();
  world.last.received.splice(0, world.last.received.length - 1);
  await world.last.reply(world.last.expect("subscribe"));
  await subscribed;
  await beats(world, 4, 1);
  assert.equal(grant.validForMs(), 30 * TRUST_MS - 5000);
}));

test("shortTtl_isConfirmedByTheShard_whenHeartbeatsLeaveNoSlack", inWorld(async (world) => {
  const { grant } = await holding(world, { ttl: 10 });
  for (let n = 1; n < 20; n++) {
    await world.time.advance(5000);
    await world.last.beat(n, n - 1);
    world.last.expect("heartbeat");
    const asked = world.last.expect("getLock", { channel: "c", channelType: "MESSAGE" });
    await world.time.advance(100);
    await world.last.reply(asked, { totalLocks: 1, locks: [{ lockName: "l", owner: "alice", fencingToken: 7, ownerOnline: true }] });
    assert.equal(grant.validForMs(), 10 * TRUST_MS - 100);
  }
}));

test("shortTtl_notConfirmedByTheShard_endsInTime", inWorld(async (world) => {
  const { grant } = await holding(world, { ttl: 10 });
  await world.time.advance(5000);
  await world.last.beat(1, 0);
  world.last.expect("heartbeat");
  const locks = [{ lockName: "l", owner: "bob", fencingToken: 8, ownerOnline: true }];
  await world.last.reply(world.last.expect("getLock"), { totalLocks: 1, locks });
  assert.equal(grant.validForMs(), 10 * TRUST_MS - 5000);
  await world.time.advance(5000);
  assert.equal(grant.signal.aborted, true);
}));

test("longTtl_asksTheShardNothing", inWorld(async (world) => {
  await holding(world, { ttl: 30 });
  for (let n = 1; n < 20; n++) {
    await world.time.advance(5000);
    await world.last.beat(n, n - 1);
    world.last.expect("heartbeat");
    world.last.expectNothing();
  }
}));

const ours = { lockName: "l", owner: "alice", fencingToken: 7, ownerOnline: true };

/** A lock with the default ttl, granted `lateMs` after a heartbeat and a wait of many. */
async function grantedLate(world, lateMs, options = {}) {
  const rtm = await (await world.page()).loggedIn();
  const acquire = rtm.lock.acquireLock({ ...LOCK, retry: true, ...options });
  await turn();
  const request = world.last.expect("acquireLock");
  await beats(world, 1, 20);
  world.last.received.length = 0;
  await world.time.advance(lateMs);
  await world.last.grant(request, 7, { ttl: 10 });
  return { rtm, acquire };
}

for (const lateMs of [0, 4999]) {
  test(`grantAfterALongWait_${lateMs}MsAfterAHeartbeat_isHandedOutWithAFreshProof`, inWorld(async (world) => {
    const { acquire } = await grantedLate(world, lateMs);
    assert.equal((await standing(acquire)).state, "open");
    const asked = world.last.expect("getLock", { channel: "c", channelType: "MESSAGE" });
    await world.time.advance(100);
    await world.last.reply(asked, { totalLocks: 1, locks: [ours] });
    const grant = await acquire;
    assert.equal(grant.validForMs(), 10 * TRUST_MS - 100);
    await world.time.advance(10 * TRUST_MS - 101);
    assert.equal(grant.signal.aborted, false);
    await world.time.advance(1);
    assert.equal(grant.signal.aborted, true, "and is trusted no longer than was proven");
  }));
}

test("grantAfterALongWait_theShardCannotTellYet_isAskedAgain", inWorld(async (world) => {
  const { acquire } = await grantedLate(world, 4999);
  await world.last.refuse(world.last.expect("getLock"), -14009);
  await world.time.advance(1000);
  await world.last.reply(world.last.expect("getLock"), { totalLocks: 1, locks: [ours] });
  assert.equal((await acquire).validForMs(), 10 * TRUST_MS);
}));

for (const [what, lock] of Object.entries({
  anotherOwner: { ...ours, owner: "bob", fencingToken: 8 },
  offline: { ...ours, ownerOnline: false },
})) {
  test(`grantAfterALongWait_theShardSays_${what}_isTrustedNoLongerThanWasProven`, inWorld(async (world) => {
    const { rtm, acquire } = await grantedLate(world, 4900);
    await world.last.reply(world.last.expect("getLock"), { totalLocks: 1, locks: [lock] });
    const grant = await acquire;
    assert.equal(grant.signal.aborted, true);
    assert.equal(grant.signal.reason.detail.cause, "UNCERTAIN");
    rtm.lock.withLock(LOCK, () => {});
    await turn();
    world.last.expect("acquireLock");
  }));
}

test("grantAfterALongWait_lostWhileTheShardIsAsked_isHandedOutAsLost", inWorld(async (world) => {
  const { acquire } = await grantedLate(world, 0);
  await world.last.lockLost("REVOKED", 7);
  await world.last.reply(world.last.expect("getLock"), { totalLocks: 1, locks: [{ ...ours, owner: "" }] });
  assert.equal((await acquire).signal.reason.detail.cause, "REVOKED");
}));

test("grantAfterALongWait_abortedWhileTheShardIsAsked_isGivenBack", inWorld(async (world) => {
  const leaving = new AbortController();
  const { acquire } = await grantedLate(world, 0, { signal: leaving.signal });
  leaving.abort();
  await assert.rejects(acquire, { name: "AbortError" });
  world.last.expect("getLock");
  world.last.expect("releaseLock", { fencingToken: 7 });
}));
