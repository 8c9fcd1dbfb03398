// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { inWorld, standing } from "./page.js";
import { LOCK, granted, turn } from "./scripted-server.js";

const { channel, channelType, lockName } = LOCK;

/** Calls, answers the one frame it sends with `reply`, gives frame and result. */
async function exchange(world, call, reply = {}) {
  const result = call();
  await turn();
  const [frame] = world.last.received.splice(0, 1);
  await world.last.reply(frame, { channel, channelType, lockName, ...reply });
  return { frame, result: await result };
}

test("objectForm_sendsWhatItIsGiven_andResolvesToTheWiresReply", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const calls = {
    setLock: { ...LOCK, ttl: 30, ifExists: "keep" },
    releaseLock: { ...LOCK, fencingToken: 5 },
    revokeLock: { ...LOCK, owner: "bob" },
    removeLock: LOCK,
    cancelAcquire: LOCK,
    getLock: { channel, channelType: 1, withQueue: true },
  };
  for (const [op, fields] of Object.entries(calls)) {
    const { frame, result } = await exchange(world, () => rtm.Lock[op](fields), { ttl: 30 });
    assert.deepEqual(frame, { id: frame.id, op, ...fields });
    assert.deepEqual(result, { id: frame.id, errorCode: 0, timestamp: 1, ...LOCK, ttl: 30 });
  }
}));

test("positionalForm_sendsTheSame_andResolvesInItsOwnWords", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const words = { timestamp: 1, channelName: "c", channelType: "MESSAGE", lockName: "l" };
  const calls = [
    [() => rtm.lock.setLock("c", "MESSAGE", "l", { ttl: 30 }), { op: "setLock", ...LOCK, ttl: 30 }],
    [() => rtm.lock.setLock("c", "MESSAGE", "l"), { op: "setLock", ...LOCK }],
    [() => rtm.lock.releaseLock("c", "MESSAGE", "l", { fencingToken: 5 }), { op: "releaseLock", ...LOCK, fencingToken: 5 }],
    [() => rtm.lock.revokeLock("c", "MESSAGE", "l", "bob"), { op: "revokeLock", ...LOCK, owner: "bob" }],
    [() => rtm.lock.removeLock("c", "MESSAGE", "l"), { op: "removeLock", ...LOCK }],
    [() => rtm.lock.cancelAcquire("c", "MESSAGE", "l"), { op: "cancelAcquire", ...LOCK }],
    [() => rtm.lock.setLock("c", 2, "l"), { op: "setLock", ...LOCK, channelType: 2 }],
  ];
  for (const [call, expected] of calls) {
    const { frame, result } = await exchange(world, call);
    assert.deepEqual(frame, { id: frame.id, ...expected });
    assert.deepEqual(result, words);
  }
}));

test("acquire_inBothForms_isAGrant", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  for (const [token, call] of [
    [7, () => rtm.lock.acquireLock({ ...LOCK, retry: true, ttl: 20, create: true })],
    [8, () => rtm.lock.acquireLock("c", "MESSAGE", "l", { retry: true })],
  ]) {
    const acquire = call();
    await turn();
    const frame = world.last.expect("acquireLock", { ...LOCK, retry: true });
    await world.last.grant(frame, token);
    const grant = await acquire;
    assert.equal(grant.channel ?? grant.channelName, "c");
    assert.equal(grant.fencingToken, token);
    assert.equal(grant.owner, "alice");
    assert.ok(grant.signal instanceof AbortSignal);
    assert.ok(grant.validForMs() > 29_000);
    const { frame: release } = await exchange(world, () => rtm.lock.releaseLock(grant));
    assert.deepEqual(release, { id: release.id, op: "releaseLock", ...LOCK, fencingToken: token }, "a grant says all that a release needs");
  }
}));

test("getLock_inBothForms", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const locks = [{ lockName: "l", owner: "bob", ttl: 30, fencingToken: 5, since: 1, ownerOnline: true, waiters: 0 }];
  const answer = { lockName: undefined, totalLocks: 1, locks, seq: 3 };
  const object = await exchange(world, () => rtm.lock.getLock({ channel, channelType: 1 }), answer);
  assert.deepEqual([object.result.totalLocks, object.result.locks], [1, locks]);
  const positional = await exchange(world, () => rtm.lock.getLock("c", "MESSAGE", { withQueue: true }), answer);
  assert.equal(positional.frame.withQueue, true);
  const where = { channelName: "c", channelType: "MESSAGE" };
  assert.deepEqual(positional.result, { timestamp: 1, ...where, totalLocks: 1, lockDetails: locks, seq: 3 });
}));

test("errors_carryTheWiresFields_andThePositionalOnesTheirMethod", inWorld(async (world) => {
  const page = await world.page();
  const rtm = await page.loggedIn();
  const refusal = { operation: "RTMSetLockOperation", reason: "the lock exists", detail: { owner: "bob" } };
  for (const [call, operation] of [
    [() => rtm.lock.setLock(LOCK), "RTMSetLockOperation"],
    [() => rtm.lock.setLock("c", 1, "l"), "setLock"],
  ]) {
    const set = call().catch((error) => error);
    await turn();
    await world.last.refuse(world.last.expect("setLock"), -14004, refusal);
    const error = await set;
    assert.ok(error instanceof page.RtmError && error instanceof Error);
    const { message, error: isError, code, errorCode, reason, detail, retryable } = error;
    assert.deepEqual({ message, isError, code, errorCode, reason, detail, retryable, operation: error.operation }, {
      message: "the lock exists", isError: true, code: -14004, errorCode: -14004,
      reason: "the lock exists", detail: { owner: "bob" }, retryable: false, operation,
    });
  }
}));

test("aliases_areTheSameCalls", inWorld(async (world) => {
  const { lock, Lock } = (await world.page()).client();
  assert.equal(lock, Lock);
  assert.equal(lock.revokeLockLock, lock.revokeLock);
  assert.equal(lock.getLockLock, lock.getLock);
  assert.equal(lock.getLocks, lock.getLock);
  assert.equal(lock.removeLockLock, lock.removeLock);
}));

test("storage_inBothForms", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const data = [{ key: "k", value: "v", revision: 3 }];
  const guard = { majorRevision: 4, lockName: "l", fencingToken: 7 };
  for (const op of ["setChannelMetadata", "updateChannelMetadata"]) {
    const positional = await exchange(world, () => rtm.storage[op]("c", "MESSAGE", data, guard), { totalCount: 1 });
    assert.deepEqual(positional.frame, { id: positional.frame.id, op, channel, channelType, data, ...guard });
    assert.equal(positional.result.channelName, "c");
    const object = await exchange(world, () => rtm.storage[op]({ channel, data, ...guard }), { totalCount: 1 });
    assert.deepEqual(object.frame, { id: object.frame.id, op, channel, data, ...guard });
    assert.equal(object.result.channel, "c");
  }
  const removed = await exchange(world, () => rtm.storage.removeChannelMetadata("c", "MESSAGE", { data, ...guard }));
  assert.deepEqual(removed.frame, { id: removed.frame.id, op: "removeChannelMetadata", channel, channelType, data, ...guard });
  const read = await exchange(world, () => rtm.storage.getChannelMetadata("c", "MESSAGE"), { metadata: { k: { value: "v" } } });
  assert.deepEqual(read.result.metadata, { k: { value: "v" } });
}));

test("abort_whileWaiting_leavesTheQueue", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const leaving = new AbortController();
  const acquire = assert.rejects(rtm.lock.acquireLock({ ...LOCK, retry: true, signal: leaving.signal }), { name: "AbortError" });
  await turn();
  const request = world.last.expect("acquireLock");
  assert.equal("signal" in request, false);
  leaving.abort();
  await acquire;
  await world.last.reply(world.last.expect("cancelAcquire", LOCK), { cancelled: true });
  await world.last.refuse(request, -14007, { detail: { cause: "CANCELLED" } });
  world.last.expectNothing();
}));

test("abort_racingTheGrant_releasesIt", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const leaving = new AbortController();
  const acquire = assert.rejects(rtm.lock.acquireLock({ ...LOCK, retry: true, signal: leaving.signal }), { name: "AbortError" });
  await turn();
  const request = world.last.expect("acquireLock");
  leaving.abort();
  await world.last.grant(request, 7);
  await acquire;
  world.last.expect("cancelAcquire");
  world.last.expect("releaseLock", { fencingToken: 7 });
}));

test("abort_racingTheGrant_keepsItForACallThatCameAfter", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const leaving = new AbortController();
  const first = assert.rejects(rtm.lock.acquireLock({ ...LOCK, retry: true, signal: leaving.signal }), { name: "AbortError" });
  await turn();
  const one = world.last.expect("acquireLock");
  leaving.abort();
  const second = rtm.lock.acquireLock({ ...LOCK, retry: true });
  await turn();
  world.last.expect("cancelAcquire");
  const two = world.last.expect("acquireLock");
  await world.last.say(granted(one, 7), granted(two, 7));
  await first;
  assert.equal((await second).signal.aborted, false);
  world.last.expectNothing();
}));

test("abort_beforeTheCall_sendsNothing", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  await assert.rejects(rtm.lock.acquireLock({ ...LOCK, signal: AbortSignal.abort() }), { name: "AbortError" });
  world.last.expectNothing();
}));

test("abort_whileAway_cancelsAfterTheResume", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const leaving = new AbortController();
  const acquire = assert.rejects(rtm.lock.acquireLock({ ...LOCK, retry: true, signal: leaving.signal }), { name: "AbortError" });
  await turn();
  const { id } = world.last.expect("acquireLock");
  await world.last.hangUp(1006);
  leaving.abort();
  await acquire;
  await world.time.advance(1000);
  await world.last.comeBack({ held: [{ ...LOCK, fencingToken: 7 }] });
  const again = world.last.expect("acquireLock", { id });
  world.last.expect("cancelAcquire");
  await world.last.grant(again, 7);
  world.last.expect("releaseLock", { fencingToken: 7 });
}));

test("withLock_acquiresRunsReleases_andGivesTheResult", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const result = rtm.lock.withLock(LOCK, { timeoutMs: 5000 }, async (grant) => `token ${grant.fencingToken}`);
  await turn();
  await world.last.grant(world.last.expect("acquireLock", { retry: true, timeoutMs: 5000 }), 7);
  await world.last.reply(world.last.expect("releaseLock", { fencingToken: 7 }));
  assert.equal(await result, "token 7");
}));

test("withLock_withoutAFunction_isATypeErrorAtOnce", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  for (const args of [[], [{}], [{}, "text"]]) await assert.rejects(rtm.lock.withLock(LOCK, ...args), TypeError);
  world.last.expectNothing();
}));

test("withLock_releasesWhenTheFunctionThrows", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const failed = assert.rejects(rtm.lock.withLock(LOCK, () => { throw new Error("mine"); }), /mine/);
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  await world.last.reply(world.last.expect("releaseLock", { fencingToken: 7 }));
  await failed;
}));

test("withLock_abortedWhileWaiting_neverRunsTheFunction", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const leaving = new AbortController();
  const aborted = assert.rejects(rtm.lock.withLock(LOCK, { signal: leaving.signal }, () => assert.fail("ran")), { name: "AbortError" });
  await turn();
  const request = world.last.expect("acquireLock");
  leaving.abort();
  await aborted;
  await world.last.grant(request, 7);
  world.last.expect("cancelAcquire");
  world.last.expect("releaseLock", { fencingToken: 7 });
}));

test("withLock_lostMeanwhile_tellsTheFunction_andReleasesAllTheSame", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const lost = assert.rejects(
    rtm.lock.withLock(LOCK, ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))),
    { errorCode: -14001, detail: { cause: "REVOKED" } },
  );
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  await world.last.lockLost("REVOKED", 7);
  await world.last.refuse(world.last.expect("releaseLock", { fencingToken: 7 }), -14006);
  await lost;
}));

test("withLock_twoCallsOfOneClient_takeTurns", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const order = [];
  let finish;
  const first = rtm.lock.withLock(LOCK, () => new Promise((resolve) => (finish = resolve)));
  const second = rtm.lock.withLock(LOCK, () => order.push("second"));
  const other = rtm.lock.withLock({ ...LOCK, lockName: "other" }, () => order.push("other"));
  await turn();
  await world.last.grant(world.last.expect("acquireLock", { lockName: "l" }), 7);
  await world.last.grant(world.last.expect("acquireLock", { lockName: "other" }), 7);
  await world.last.reply(world.last.expect("releaseLock", { lockName: "other" }));
  await other;
  world.last.expectNothing();
  finish();
  await turn();
  await world.last.reply(world.last.expect("releaseLock", { lockName: "l" }));
  await first;
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 8);
  await world.last.reply(world.last.expect("releaseLock"));
  await second;
  assert.deepEqual(order, ["other", "second"]);
}));

test("withLock_waitsForAcquireLockOfThisClient_toRelease", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const acquire = rtm.lock.acquireLock("c", 1, "l", { retry: true });
  await turn();
  const request = world.last.expect("acquireLock");
  const locked = rtm.lock.withLock(LOCK, ({ fencingToken }) => fencingToken);
  await turn();
  world.last.expectNothing();
  await world.last.grant(request, 7);
  const grant = await acquire;
  await assert.rejects(rtm.lock.withLock(LOCK, { retry: false }, () => assert.fail("ran")), { errorCode: -14007 });
  world.last.expectNothing();
  assert.equal(grant.signal.aborted, false);
  rtm.lock.releaseLock(grant);
  await turn();
  await world.last.reply(world.last.expect("releaseLock", { fencingToken: 7 }));
  await world.last.grant(world.last.expect("acquireLock"), 8);
  await world.last.reply(world.last.expect("releaseLock", { fencingToken: 8 }));
  assert.equal(await locked, 8);
}));

test("withLock_waitsForAcquireLockOfThisClient_toBeRefused", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const refused = assert.rejects(rtm.lock.acquireLock(LOCK), { errorCode: -14007 });
  rtm.lock.withLock(LOCK, () => {});
  await turn();
  await world.last.refuse(world.last.expect("acquireLock"), -14007);
  await refused;
  await turn();
  world.last.expect("acquireLock", { retry: true });
}));

test("withLock_waitsForAcquireLockOfThisClient_toLoseIt", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  rtm.lock.acquireLock(LOCK);
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  rtm.lock.withLock(LOCK, () => {});
  await world.last.lockLost("REVOKED", 7);
  world.last.expect("acquireLock", { retry: true });
}));

test("acquireLock_whileWithLockRuns_isAnsweredWithTheSameGrant_andHoldsUpNobody", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const locked = rtm.lock.withLock(LOCK, async () => (await rtm.lock.acquireLock(LOCK)).fencingToken);
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  await world.last.grant(world.last.expect("acquireLock"), 7);
  await turn();
  await world.last.reply(world.last.expect("releaseLock"));
  assert.equal(await locked, 7);
  rtm.lock.withLock(LOCK, () => {});
  await turn();
  world.last.expect("acquireLock");
}));

test("withLock_waitingForItsTurn_canBeAborted_orTimeOut_orNotWait", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  let finish;
  const first = rtm.lock.withLock(LOCK, () => new Promise((resolve) => (finish = resolve)));
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  const never = () => assert.fail("ran");
  const leaving = new AbortController();
  const aborted = rtm.lock.withLock(LOCK, { signal: leaving.signal }, never);
  const tooLate = rtm.lock.withLock(LOCK, { timeoutMs: 1000 }, never);
  const refused = [
    assert.rejects(aborted, { name: "AbortError" }),
    assert.rejects(tooLate, { errorCode: -14007, detail: { cause: "TIMEOUT" } }),
    assert.rejects(rtm.lock.withLock(LOCK, { retry: false }, never), { errorCode: -14007 }),
  ];
  leaving.abort();
  await world.time.advance(1000);
  await Promise.all(refused);
  const last = rtm.lock.withLock(LOCK, () => "last");
  assert.equal((await standing(last)).state, "open", "those who left do not let others in early");
  world.last.expectNothing();
  finish();
  await turn();
  await world.last.reply(world.last.expect("releaseLock"));
  await first;
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 8);
  await world.last.reply(world.last.expect("releaseLock"));
  assert.equal(await last, "last");
}));

test("withLock_leavesNothingOnALongLivedSignal_andNoTimer", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const { signal } = new AbortController();
  const all = [1, 2, 3].map((n) => rtm.lock.withLock(LOCK, { signal, timeoutMs: 60_000 }, () => n));
  for (const token of [1, 2, 3]) {
    await turn();
    await world.last.grant(world.last.expect("acquireLock"), token);
    await turn();
    await world.last.reply(world.last.expect("releaseLock"));
  }
  assert.deepEqual(await Promise.all(all), [1, 2, 3]);
  assert.equal(getEventListeners(signal, "abort").length, 0);
  assert.equal(world.time.timers, 1, "the connection's own");
}));

/** A `withLock` whose function never ends, and whose connection was away for as long as its lock is trusted. */
async function uncertain(world, hangUp) {
  const rtm = await (await world.page()).loggedIn({ token: "old" });
  let signal;
  rtm.lock.withLock(LOCK, (grant) => new Promise(() => ({ signal } = grant)));
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7, { ttl: 10 });
  await world.last.hangUp(hangUp);
  const away = world.last;
  await world.time.advance(10_000);
  assert.equal(signal.reason.detail.cause, "UNCERTAIN");
  assert.deepEqual(away.received, []);
  return rtm;
}

test("withLock_uncertain_isGivenBackWhenTheSessionIsBack_thoughItsFunctionGoesOn", inWorld(async (world) => {
  await uncertain(world, 1006);
  await world.last.comeBack({ held: [{ ...LOCK, fencingToken: 7 }] });
  world.last.expect("releaseLock", { ...LOCK, fencingToken: 7 });
}));

test("withLock_uncertain_isGivenBackAfterALoginWithAnotherToken", inWorld(async (world) => {
  const rtm = await uncertain(world, 4401);
  assert.equal(rtm.linkState, "FAILED");
  rtm.login({ token: "new" });
  await world.last.comeBack({ held: [{ ...LOCK, fencingToken: 7 }] });
  world.last.expect("releaseLock", { ...LOCK, fencingToken: 7 });
}));

test("withLock_uncertain_isForgottenInANewSession", inWorld(async (world) => {
  const rtm = await uncertain(world, 4401);
  rtm.login({ token: "new" });
  await world.last.welcome({ sessionId: "s2" });
  world.last.expectNothing();
}));

test("acquireLock_uncertain_staysTheServicesUntilItsHolderReleasesIt", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const acquire = rtm.lock.acquireLock(LOCK);
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7, { ttl: 10 });
  const grant = await acquire;
  await world.last.hangUp(1006);
  await world.time.advance(10_000);
  assert.equal(grant.signal.aborted, true);
  await world.last.comeBack({ held: [{ ...LOCK, fencingToken: 7 }] });
  world.last.expectNothing();
  rtm.lock.releaseLock(grant);
  await turn();
  world.last.expect("releaseLock", { ...LOCK, fencingToken: 7 });
}));
