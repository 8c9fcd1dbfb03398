// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { inWorld, standing } from "./page.js";
import { turn } from "./scripted-server.js";

async function locksOf(world) {
  const rtm = await (await world.page()).loggedIn();
  return { rtm, locks: rtm.locks("c") };
}

test("request_createsTheLock_holdsItUntilTheCallbackSettles", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  let finish;
  let seen;
  const result = locks.request("l", (lock) => {
    seen = lock;
    return new Promise((resolve) => (finish = resolve));
  });
  await turn();
  await world.last.grant(world.last.expect("acquireLock", { channel: "c", lockName: "l", create: true, retry: true }), 7);
  assert.equal(seen.name, "l");
  assert.equal(seen.mode, "exclusive");
  assert.equal(seen.fencingToken, 7);
  assert.equal(seen.signal.aborted, false);
  world.last.expectNothing();
  finish("done");
  await turn();
  await world.last.reply(world.last.expect("releaseLock", { fencingToken: 7 }));
  assert.equal(await result, "done");
}));

test("request_callbackThrows_releasesAndRejects", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  const failed = assert.rejects(locks.request("l", {}, async () => { throw new Error("mine"); }), /mine/);
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  await world.last.reply(world.last.expect("releaseLock"));
  await failed;
}));

test("request_callbackThrowsAtOnce_releasesAndRejects_andLeavesNoRejectionBehind", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  const failed = assert.rejects(locks.request("l", () => { throw new Error("mine"); }), /mine/);
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  await world.last.reply(world.last.expect("releaseLock"));
  await failed;
}));

test("request_ifAvailable_callsBackWithNullWhenBusy", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  const result = locks.request("l", { ifAvailable: true }, (lock) => (lock === null ? "busy" : "got it"));
  await turn();
  await world.last.refuse(world.last.expect("acquireLock", { retry: false }), -14007, { detail: { owner: "bob" } });
  assert.equal(await result, "busy");
  world.last.expectNothing();
}));

test("request_ifAvailable_callsBackWithNullWhenThisPageHasIt", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  locks.request("l", () => new Promise(() => {}));
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  assert.equal(await locks.request("l", { ifAvailable: true }, (lock) => lock), null);
}));

test("request_ifAvailable_otherRefusalsReject", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  const refused = assert.rejects(locks.request("l", { ifAvailable: true }, () => assert.fail("ran")), { errorCode: -14010 });
  await turn();
  await world.last.refuse(world.last.expect("acquireLock"), -14010);
  await refused;
}));

test("request_callbackRejectingWithABusyError_isNotTakenForBusy", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  const inner = Object.assign(new Error("inner"), { errorCode: -14007 });
  const failed = assert.rejects(locks.request("l", { ifAvailable: true }, async () => Promise.reject(inner)), /inner/);
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  await world.last.reply(world.last.expect("releaseLock"));
  await failed;
}));

test("request_signal_leavesTheQueueWithAbortError", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  const leaving = new AbortController();
  const aborted = assert.rejects(locks.request("l", { signal: leaving.signal }, () => assert.fail("ran")), { name: "AbortError" });
  await turn();
  world.last.expect("acquireLock");
  leaving.abort();
  await aborted;
  world.last.expect("cancelAcquire");
}));

test("request_signal_hasNoEffectOnceGranted", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  const late = new AbortController();
  let finish;
  const result = locks.request("l", { signal: late.signal }, () => new Promise((resolve) => (finish = resolve)));
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  late.abort();
  assert.equal((await standing(result)).state, "open");
  finish(1);
  await turn();
  await world.last.reply(world.last.expect("releaseLock"));
  assert.equal(await result, 1);
}));

test("request_stolen_rejectsWithAbortError_whileTheCallbackGoesOn", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  let lock;
  const stolen = assert.rejects(locks.request("l", (got) => { lock = got; return new Promise(() => {}); }), { name: "AbortError" });
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  await world.last.lockLost("REMOVED", 7);
  assert.equal(lock.signal.aborted, true);
  await world.last.refuse(world.last.expect("releaseLock"), -14006);
  await stolen;
}));

test("request_steal_takesTheLockFromItsOwner", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  const result = locks.request("l", { steal: true }, ({ fencingToken }) => fencingToken);
  await turn();
  const removed = world.last.expect("removeLock", { lockName: "l" });
  const acquire = world.last.expect("acquireLock", { create: true });
  await world.last.reply(removed);
  await world.last.grant(acquire, 8);
  await world.last.reply(world.last.expect("releaseLock"));
  assert.equal(await result, 8);
}));

test("request_steal_ofAFreeOrMissingLock_justTakesIt", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  const result = locks.request("l", { steal: true }, () => "mine");
  await turn();
  await world.last.refuse(world.last.expect("removeLock"), -14008);
  await world.last.grant(world.last.expect("acquireLock"), 8);
  await world.last.reply(world.last.expect("releaseLock"));
  assert.equal(await result, "mine");
}));

test("request_steal_refusedForItsRate_isTriedAgain", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  const result = locks.request("l", { steal: true }, ({ fencingToken }) => fencingToken);
  await turn();
  const removed = world.last.expect("removeLock");
  const acquire = world.last.expect("acquireLock");
  await world.last.refuse(removed, -10021);
  await world.time.advance(2000);
  await world.last.reply(world.last.expect("removeLock"));
  await world.last.refuse(acquire, -14008, { detail: { cause: "REMOVED" } });
  await world.last.refuse(world.last.expect("removeLock"), -14008);
  await world.last.grant(world.last.expect("acquireLock"), 8);
  await world.last.reply(world.last.expect("releaseLock"));
  assert.equal(await result, 8);
}));

test("request_steal_grantedBeforeItCouldRemove_removesNothing", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  locks.request("l", { steal: true }, () => new Promise(() => {}));
  await turn();
  await world.last.refuse(world.last.expect("removeLock"), -10021);
  await world.last.grant(world.last.expect("acquireLock"), 8);
  await world.time.advance(9000);
  world.last.expectNothing();
}));

test("request_steal_withoutTheRight_rejects", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  const refused = assert.rejects(locks.request("l", { steal: true }, () => assert.fail("ran")), { errorCode: -14010 });
  await turn();
  await world.last.refuse(world.last.expect("removeLock"), -14010);
  await refused;
}));

test("request_steal_fromThisPage_rejectsTheHolder", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  const holder = assert.rejects(locks.request("l", () => new Promise(() => {})), { name: "AbortError" });
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  const thief = locks.request("l", { steal: true }, () => "stolen");
  await turn();
  const removed = world.last.expect("removeLock");
  await world.last.lockLost("REMOVED", 7);
  await world.last.reply(removed);
  await world.last.refuse(world.last.expect("releaseLock", { fencingToken: 7 }), -14006);
  await holder;
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 8);
  await world.last.reply(world.last.expect("releaseLock", { fencingToken: 8 }));
  assert.equal(await thief, "stolen");
}));

test("request_removedWhileWaiting_queuesUpAgain", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  const result = locks.request("l", () => "mine");
  await turn();
  await world.last.refuse(world.last.expect("acquireLock"), -14008, { detail: { cause: "REMOVED" } });
  await world.last.grant(world.last.expect("acquireLock", { create: true }), 8);
  await world.last.reply(world.last.expect("releaseLock"));
  assert.equal(await result, "mine");
}));

for (const args of [[], [{}], [{}, "text"], [undefined], [null, null]]) {
  test(`request_${JSON.stringify(args)}InPlaceOfACallback_isATypeErrorAtOnce`, inWorld(async (world) => {
    const { locks } = await locksOf(world);
    await assert.rejects(locks.request("l", ...args), TypeError);
    world.last.expectNothing();
  }));
}

test("request_unknownMode_isATypeError", inWorld(async (world) => {
  const { locks } = await locksOf(world);
  await assert.rejects(locks.request("l", { mode: "bogus" }, () => {}), TypeError);
  world.last.expectNothing();
}));

for (const options of [null, undefined, { mode: "exclusive" }]) {
  test(`request_options_${JSON.stringify(options)}_areTheUsualOnes`, inWorld(async (world) => {
    const { locks } = await locksOf(world);
    locks.request("l", options, () => {});
    await turn();
    world.last.expect("acquireLock", { retry: true });
  }));
}

for (const reason of ["bye", null, new Error("mine")]) {
  test(`request_abortedFor_${reason}_rejectsWithThatVeryReason`, inWorld(async (world) => {
    const { rtm, locks } = await locksOf(world);
    const leaving = new AbortController();
    const { signal } = leaving;
    const all = [
      locks.request("l", { signal }, () => assert.fail("ran")),
      rtm.lock.acquireLock({ channel: "c", lockName: "m", retry: true, signal }),
      rtm.lock.acquireLock("c", "MESSAGE", "n", { retry: true, signal }),
    ].map((promise) => promise.catch((error) => error));
    await turn();
    leaving.abort(reason);
    all.push(locks.request("o", { signal }, () => assert.fail("ran")).catch((error) => error));
    for (const outcome of await Promise.all(all)) assert.equal(outcome, reason);
  }));
}

for (const options of [
  { mode: "shared" },
  { steal: true, ifAvailable: true },
  { steal: true, signal: AbortSignal.abort() },
  { ifAvailable: true, signal: AbortSignal.abort() },
]) {
  test(`request_${Object.keys(options).join("And")}_isNotSupported`, inWorld(async (world) => {
    const { locks } = await locksOf(world);
    await assert.rejects(locks.request("l", options, () => {}), { name: "NotSupportedError" });
    world.last.expectNothing();
  }));
}

test("query_listsHoldersAndWaiters", inWorld(async (world) => {
  const { rtm } = await locksOf(world);
  const answer = rtm.locks("c", { channelType: "STREAM" }).query();
  await turn();
  const locks = [
    { lockName: "a", owner: "bob", queue: [{ userId: "carol" }, { userId: "dave" }] },
    { lockName: "b", owner: "", queue: [] },
  ];
  await world.last.reply(world.last.expect("getLock", { channel: "c", channelType: "STREAM", withQueue: true }), { totalLocks: 2, locks });
  const mode = "exclusive";
  assert.deepEqual(await answer, {
    held: [{ name: "a", mode, clientId: "bob" }],
    pending: [{ name: "a", mode, clientId: "carol" }, { name: "a", mode, clientId: "dave" }],
  });
}));
