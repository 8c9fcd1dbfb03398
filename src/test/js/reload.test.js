// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { Page, TabStorage, inWorld } from "./page.js";
import { LOCK, turn } from "./scripted-server.js";

test("reload_resumesTheSession_withoutClosingItOnPurpose", inWorld(async (world) => {
  const page = await world.page();
  await page.loggedIn();
  const before = world.last;
  const after = await page.reload();
  assert.equal(before.closedWith, undefined, "the browser closes with 1001, which leaves time to come back");
  const rtm = after.client();
  const login = rtm.login();
  const frame = await world.last.comeBack({ held: [{ ...LOCK, fencingToken: 7 }] });
  assert.equal(frame.resumeToken, "r1");
  assert.deepEqual((await login).held, [{ ...LOCK, fencingToken: 7 }]);
}));

test("reload_neverUsesARequestIdAgain", inWorld(async (world) => {
  let page = await world.page();
  const used = new Set();
  for (let reloads = 0; reloads < 4; reloads++) {
    const rtm = page.client();
    rtm.login();
    const frames = [await world.last.comeBack()];
    for (let i = 0; i < 50; i++) rtm.ping();
    await turn();
    frames.push(...world.last.received);
    for (const { id } of frames) {
      assert.ok(Number.isSafeInteger(id) && id >= 1);
      assert.ok(!used.has(id), `${id} was used before the reload`);
      used.add(id);
    }
    world.time.freeze(20);
    page = await page.reload();
  }
}));

test("reload_acquiringAgain_takesTheOldPlaceInTheQueue", inWorld(async (world) => {
  const page = await world.page();
  const first = await page.loggedIn();
  first.lock.acquireLock({ ...LOCK, retry: true });
  await turn();
  const { id } = world.last.expect("acquireLock");
  const rtm = (await page.reload()).client();
  const login = rtm.login();
  await world.last.comeBack({ waiting: [{ ...LOCK, requestId: id, position: 2 }] });
  assert.equal((await login).waiting[0].position, 2);
  const places = [];
  const acquire = rtm.lock.acquireLock({ ...LOCK, channelType: 1, retry: true, onWaiting: ({ position }) => places.push(position) });
  await turn();
  const again = world.last.expect("acquireLock", { id });
  await world.last.say({ event: "session", type: "WAITING", requestId: id, ...LOCK, position: 1, waiters: 1 });
  await world.last.grant(again, 7);
  assert.equal((await acquire).fencingToken, 7);
  assert.deepEqual(places, [1]);
}));

test("reload_placeGrantedBeforeAnybodyAsked_isNotTakenForAWaitAnyMore", inWorld(async (world) => {
  const page = await world.page();
  await page.loggedIn();
  const rtm = (await page.reload()).client();
  rtm.login();
  await world.last.comeBack({ waiting: [{ ...LOCK, requestId: 2, position: 1 }] });
  await world.last.grant({ id: 2, ...LOCK }, 7);
  const acquire = rtm.lock.acquireLock({ ...LOCK, retry: true });
  await turn();
  const request = world.last.expect("acquireLock");
  assert.notEqual(request.id, 2);
  await world.last.grant(request, 7);
  assert.equal((await acquire).fencingToken, 7, "the owner is answered with its own lock");
}));

test("reload_secondAcquireOfTheSameLock_isARequestOfItsOwn", inWorld(async (world) => {
  const page = await world.page();
  await page.loggedIn();
  const rtm = (await page.reload()).client();
  rtm.login();
  await world.last.comeBack({ waiting: [{ ...LOCK, requestId: 2, position: 1 }] });
  rtm.lock.acquireLock({ ...LOCK, retry: true });
  const second = assert.rejects(rtm.lock.acquireLock({ ...LOCK, retry: true }), { errorCode: -14003 });
  await turn();
  world.last.expect("acquireLock", { id: 2 });
  const request = world.last.expect("acquireLock");
  assert.notEqual(request.id, 2);
  await world.last.refuse(request, -14003);
  await second;
}));

test("reload_resumeRefused_isANewSession", inWorld(async (world) => {
  const page = await world.page();
  await page.loggedIn();
  const rtm = (await page.reload()).client();
  const login = rtm.login();
  await world.last.welcome({ resumed: false, sessionId: "s2" });
  assert.equal((await login).sessionId, "s2");
}));

test("reload_afterTheTokenExpired_resumesTheSession", inWorld(async (world) => {
  const page = await world.page();
  await page.loggedIn({ token: "old" });
  await world.last.hangUp(4401);
  (await page.reload()).client({ token: "new" }).login();
  assert.equal((await world.last.comeBack()).resumeToken, "r1");
}));

test("duplicatedTab_isASessionOfItsOwn_andTheOriginalKeepsItsOwn", inWorld(async (world) => {
  const original = await world.page();
  await original.loggedIn();
  const copy = await world.page(original.storage.copy());
  copy.client().login();
  assert.equal((await world.last.welcome({ sessionId: "s2", resumeToken: "copy" })).resumeToken, undefined);
  const reloaded = await original.reload();
  reloaded.client().login();
  assert.equal((await world.last.comeBack()).resumeToken, "r1");
  const copyReloaded = await copy.reload();
  copyReloaded.client().login();
  assert.equal((await world.last.comeBack()).resumeToken, "copy", "and the copy, reloaded, its own");
}));

test("secondClientOfTheSameUserInOnePage_isASessionOfItsOwn_alsoAfterAReload", inWorld(async (world) => {
  const page = await world.page();
  await page.loggedIn({}, { resumeToken: "first" });
  const second = page.client();
  second.login();
  assert.equal((await world.last.welcome({ resumeToken: "second" })).resumeToken, undefined);
  const after = await page.reload();
  for (const expected of ["first", "second"]) {
    after.client().login();
    assert.equal((await world.last.comeBack()).resumeToken, expected);
  }
}));

test("otherUserOrServer_doesNotGetTheSession", inWorld(async (world) => {
  const page = await world.page();
  await page.loggedIn();
  const after = await page.reload();
  for (const options of [{ userId: "bob" }, { url: "ws://other/rtm" }]) {
    after.client(options).login();
    assert.equal((await world.last.welcome()).resumeToken, undefined);
  }
}));

test("urlsInAnotherOrder_areTheSameService_andGetTheSession", inWorld(async (world) => {
  const page = await world.page();
  await page.loggedIn({ url: ["ws://one/rtm", "ws://two/rtm"] });
  (await page.reload()).client({ url: ["ws://two/rtm", "ws://one/rtm"] }).login();
  assert.equal(world.last.url, "ws://two/rtm", "the order is still the client's");
  assert.equal((await world.last.comeBack()).resumeToken, "r1");
}));

test("reconnectWithinThePage_keepsTheNewestTokenForAReload", inWorld(async (world) => {
  const page = await world.page();
  await page.loggedIn();
  await world.last.hangUp(1001);
  await world.time.advance(0);
  await world.last.comeBack({ resumeToken: "r2" });
  (await page.reload()).client().login();
  assert.equal((await world.last.comeBack()).resumeToken, "r2");
}));

test("withoutSessionStorage_theSessionLivesAsLongAsThePage", inWorld(async (world) => {
  const page = await new Page(world, undefined).load();
  await page.loggedIn();
  await world.last.hangUp(1001);
  await world.time.advance(0);
  assert.equal((await world.last.comeBack()).resumeToken, "r1");
}));

test("sessionStorageThatThrows_doesNoHarm", inWorld(async (world) => {
  const storage = new TabStorage();
  storage.setItem = storage.getItem = () => {
    throw new Error("quota");
  };
  const page = await world.page(storage);
  const rtm = await page.loggedIn();
  assert.equal(rtm.linkState, "CONNECTED");
}));
