// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { inWorld, standing } from "./page.js";
import { LOCK, turn } from "./scripted-server.js";

const states = (rtm) => {
  const seen = [];
  rtm.addEventListener("linkState", ({ currentState, previousState, reason }) => {
    assert.ok(reason, "every change has a reason");
    seen.push(`${previousState}>${currentState}`);
  });
  return seen;
};

test("login_answered_resolvesToTheReply_andTellsTheStates", inWorld(async (world) => {
  const rtm = (await world.page()).client({ token: "t" });
  const seen = states(rtm);
  assert.equal(rtm.linkState, "IDLE");
  const login = rtm.login();
  assert.equal(world.last.url, "ws://one/rtm");
  assert.equal(world.last.protocol, "rtm-locks.v1");
  const frame = await world.last.welcome();
  assert.equal(frame.id, 1);
  assert.equal(frame.userId, "alice");
  assert.equal(frame.token, "t");
  assert.equal((await login).sessionId, "s1");
  assert.equal((await rtm.login()).sessionId, "s1", "a second login is answered with the same session");
  assert.deepEqual(seen, ["IDLE>CONNECTING", "CONNECTING>CONNECTED"]);
}));

test("constructor_withAppIdFirst_isTheSameClient", inWorld(async (world) => {
  const { RTM } = await world.page();
  const rtm = new RTM("app", "bob", { url: "ws://two/rtm", WebSocket: world.server.WebSocket });
  rtm.login();
  assert.equal(world.last.url, "ws://two/rtm");
  assert.equal((await world.last.welcome()).userId, "bob");
}));

test("constructor_withoutUrl_takesThePagesOwnHost", inWorld(async (world) => {
  const page = await world.page();
  globalThis.location = { origin: "https://shop.example" };
  const rtm = page.client({ url: undefined });
  delete globalThis.location;
  rtm.login();
  assert.equal(world.last.url, "wss://shop.example/rtm");
}));

test("request_beforeLogin_isRefusedAtOnce", inWorld(async (world) => {
  const rtm = (await world.page()).client();
  await assert.rejects(rtm.lock.getLock({ channel: "c" }), { errorCode: -10002, code: -10002, error: true, name: "RtmError" });
}));

test("request_whileTheFirstLoginRuns_waitsForIt", inWorld(async (world) => {
  const rtm = (await world.page()).client();
  rtm.login();
  const reply = rtm.ping();
  await world.last.accept();
  const login = world.last.expect("login");
  world.last.expectNothing();
  await world.last.reply(login, { resumeToken: "r", resumed: false, offlineAfterMs: 15000, heartbeatMs: 5000 });
  await world.last.reply(world.last.expect("ping"));
  await reply;
}));

test("login_refusedForItsUserId_rejectsWithTheServersError", inWorld(async (world) => {
  const rtm = (await world.page()).client();
  const refused = assert.rejects(rtm.login(), { errorCode: -10006, operation: "RTMLoginOperation", reason: "refused by the script" });
  await world.last.accept();
  await world.last.refuse(world.last.expect("login"), -10006, { operation: "RTMLoginOperation" });
  await refused;
  assert.equal(rtm.linkState, "FAILED");
  await world.time.advance(60_000);
  assert.equal(world.server.connections.length, 1, "it does not try again by itself");
}));

test("login_withNobodyThere_triesEveryUrl_andRejectsInTime", inWorld(async (world) => {
  const rtm = (await world.page()).client({ url: ["ws://one/rtm", "ws://two/rtm"] });
  const login = rtm.login();
  let outcome;
  login.catch((error) => (outcome = error));
  for (let i = 0; i < 40 && !outcome; i++) {
    if (world.last.closedWith === undefined && world.last.readyState === 0) await world.last.hangUp(1006);
    await world.time.advance(1000);
  }
  assert.equal(outcome.errorCode, -14009);
  assert.equal(outcome.retryable, true);
  const urls = world.server.connections.map(({ url }) => url);
  assert.deepEqual(urls.slice(0, 4), ["ws://one/rtm", "ws://two/rtm", "ws://one/rtm", "ws://two/rtm"]);
  const again = rtm.login();
  await world.last.welcome();
  await again;
}));

test("login_neverAnswered_isGivenUpAndTriedElsewhere", inWorld(async (world) => {
  const rtm = (await world.page()).client({ url: ["ws://one/rtm", "ws://two/rtm"] });
  const login = rtm.login();
  login.catch(() => {});
  await world.last.accept();
  await world.time.advance(5500);
  assert.equal(world.last.url, "ws://two/rtm");
  await world.last.welcome();
  assert.equal(rtm.linkState, "CONNECTED");
}));

test("login_firstUrlNeverAnswers_succeedsAtTheSecond", inWorld(async (world) => {
  const rtm = (await world.page()).client({ url: ["ws://one/rtm", "ws://two/rtm"] });
  const login = rtm.login();
  await world.time.advance(5000);
  assert.equal(rtm.linkState, "DISCONNECTED", "the other one was not asked yet");
  await world.time.advance(500);
  assert.equal(world.last.url, "ws://two/rtm");
  await world.last.welcome();
  assert.equal((await login).sessionId, "s1");
}));

test("login_noUrlEverAnswers_isGivenUpInTime_afterEachWasTried", inWorld(async (world) => {
  const rtm = (await world.page()).client({ url: ["ws://one/rtm", "ws://two/rtm", "ws://three/rtm"] });
  const refused = assert.rejects(rtm.login(), { errorCode: -14009, retryable: true });
  await world.time.advance(9999);
  assert.notEqual(rtm.linkState, "FAILED");
  await world.time.advance(1);
  assert.equal(rtm.linkState, "FAILED");
  await refused;
  assert.deepEqual(world.server.connections.map(({ url }) => url), ["ws://one/rtm", "ws://two/rtm", "ws://three/rtm"]);
}));

test("connectionRefused_isAnErrorSomebodyListensTo", inWorld(async (world) => {
  const rtm = (await world.page()).client();
  rtm.login().catch(() => {});
  await world.last.fail(new Error("ECONNREFUSED"));
  assert.equal(rtm.linkState, "DISCONNECTED");
}));

test("badUrl_failsTheLogin_notForATimeOnly", inWorld(async (world) => {
  const WebSocket = class {
    constructor() {
      throw new SyntaxError("not a URL");
    }
  };
  const rtm = (await world.page()).client({ WebSocket });
  await assert.rejects(rtm.login(), { errorCode: -14001, retryable: false, message: /cannot connect to ws:\/\/one\/rtm: .*not a URL/ });
  assert.equal(rtm.linkState, "FAILED");
}));

test("noWebSocket_failsTheLogin_sayingWhatToDo", inWorld(async (world) => {
  const rtm = (await world.page()).client({ WebSocket: undefined });
  await assert.rejects(rtm.login(), { errorCode: -14001, retryable: false, message: /no WebSocket here: hand one in/ });
}));

test("drainingNode_1001_reconnectsAtOnceToTheNextUrl", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn({ url: ["ws://one/rtm", "ws://two/rtm"] });
  await world.last.hangUp(1001, "draining");
  await world.time.advance(0);
  assert.equal(world.server.connections.length, 2);
  assert.equal(world.last.url, "ws://two/rtm");
  const login = await world.last.comeBack();
  assert.equal(login.resumeToken, "r1");
  assert.equal(rtm.linkState, "CONNECTED");
}));

test("lostNode_goesOnRoundTheUrls_withItsGrantAndItsPlaceInTheQueue", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn({ url: ["ws://one/rtm", "ws://two/rtm", "ws://three/rtm"] });
  const acquire = rtm.lock.acquireLock(LOCK);
  await turn();
  await world.last.grant(world.last.expect("acquireLock"), 7);
  const grant = await acquire;
  const wait = rtm.lock.acquireLock({ ...LOCK, lockName: "m", retry: true });
  await turn();
  const { id } = world.last.expect("acquireLock", { lockName: "m" });
  await world.last.hangUp(1006);
  await world.time.advance(250);
  assert.equal(world.last.url, "ws://two/rtm");
  await world.last.hangUp(1006);
  await world.time.advance(500);
  assert.equal(world.last.url, "ws://three/rtm");
  const { resumeToken } = await world.last.comeBack({ held: [{ ...LOCK, fencingToken: 7 }] });
  assert.equal(resumeToken, "r1");
  await world.last.grant(world.last.expect("acquireLock", { id, lockName: "m" }), 8);
  assert.equal((await wait).fencingToken, 8);
  assert.equal(grant.signal.aborted, false);
  rtm.debug.dropConnection();
  await world.time.advance(250);
  assert.equal(world.last.url, "ws://one/rtm", "after the last the first");
  assert.equal((await world.last.comeBack()).resumeToken, "r2");
}));

test("brokenConnection_comesBackWithFullJitter_andNeverTwiceAtOnce", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const seen = states(rtm);
  await world.last.hangUp(1006);
  const waits = [];
  for (let i = 0; i < 8; i++) {
    const connections = world.server.connections.length;
    const before = world.time.now;
    while (world.server.connections.length === connections) await world.time.advance(10);
    waits.push(world.time.now - before);
    await world.last.hangUp(1006);
  }
  // Math.random() is 0.5 here: half of 500 ms, doubling, at most 20 s.
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  assert.deepEqual(seen.slice(0, 3), ["CONNECTED>DISCONNECTED", "DISCONNECTED>CONNECTING", "CONNECTING>DISCONNECTED"]);
}));

test("overloadedNode_1013_isGivenMoreTime", inWorld(async (world) => {
  await (await world.page()).loggedIn();
  await world.last.hangUp(1013);
  await world.time.advance(3_999);
  assert.equal(world.server.connections.length, 1);
  await world.time.advance(1);
  assert.equal(world.server.connections.length, 2);
}));

for (const sign of ["online", "resume", "pageshow", "visibilitychange"]) {
  test(`waitingForTheNetwork_${sign}_connectsAtOnce`, inWorld(async (world) => {
    const page = await world.page();
    const rtm = await page.loggedIn();
    await world.last.hangUp(1006);
    page.fire(sign);
    assert.equal(world.server.connections.length, 2);
    await world.last.comeBack();
    page.fire(sign);
    assert.equal(world.server.connections.length, 2, "a connection that stands is left alone");
    assert.equal(rtm.linkState, "CONNECTED");
  }));
}

test("online_beforeLogin_orAfterLogout_connectsNothing", inWorld(async (world) => {
  const page = await world.page();
  const rtm = page.client();
  page.fire("online");
  assert.equal(world.server.connections.length, 0);
  rtm.login();
  await world.last.welcome();
  const out = rtm.logout();
  await world.last.reply(world.last.expect("logout"));
  await out;
  page.fire("online");
  assert.equal(world.server.connections.length, 1);
}));

const SIGNS = ["online", "pageshow", "resume", "visibilitychange", "pagehide"];
const listeners = ({ window }) => SIGNS.map((type) => getEventListeners(window, type).length);

test("windowListeners_areThereFromLoginToLogout_onceForEachClient", inWorld(async (world) => {
  const page = await world.page();
  const rtm = page.client();
  assert.deepEqual(listeners(page), [0, 0, 0, 0, 0]);
  for (let times = 0; times < 3; times++) {
    rtm.login();
    assert.deepEqual(listeners(page), [1, 1, 1, 1, 1]);
    await world.last.welcome();
    const out = rtm.logout();
    await world.last.reply(world.last.expect("logout"));
    await out;
    assert.deepEqual(listeners(page), [0, 0, 0, 0, 0]);
  }
}));

test("windowListeners_endWithAFailure_andARetryHasThemAgain", inWorld(async (world) => {
  const page = await world.page();
  const rtm = await page.loggedIn({ token: "old" });
  await world.last.hangUp(4401);
  assert.deepEqual(listeners(page), [0, 0, 0, 0, 1], "a reload may still take the session up");
  rtm.login({ token: "new" });
  assert.deepEqual(listeners(page), [1, 1, 1, 1, 1]);
}));

test("silence_ofOfflineAfterMs_dropsTheConnection_withoutReleasingLocks", inWorld(async (world) => {
  await (await world.page()).loggedIn();
  const first = world.last;
  await world.time.advance(10_000);
  await first.beat(1, 0);
  await world.time.advance(14_999);
  assert.equal(first.closedWith, undefined);
  await world.time.advance(1);
  assert.equal(first.closedWith, 4000, "neither 1000 nor 1001, which release locks");
  await world.time.advance(1000);
  assert.equal(world.server.connections.length, 2);
}));

test("takeover_4409_endsInFailed_andDoesNotFight", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const unanswered = assert.rejects(rtm.lock.getLock({ channel: "c" }), { errorCode: -14002 });
  await turn();
  const seen = [];
  rtm.addEventListener("linkState", (e) => seen.push(e));
  await world.last.hangUp(4409, "taken over");
  assert.equal(rtm.linkState, "FAILED");
  assert.equal(seen[0].reason, "taken over");
  await unanswered;
  await world.time.advance(60_000);
  assert.equal(world.server.connections.length, 1);
  rtm.login();
  const { resumeToken } = await world.last.welcome();
  assert.equal(resumeToken, undefined, "the next login is a session of its own");
}));

for (const code of [4400, 4403]) {
  test(`close_${code}_endsInFailed`, inWorld(async (world) => {
    const rtm = await (await world.page()).loggedIn();
    await world.last.hangUp(code);
    assert.equal(rtm.linkState, "FAILED");
    await world.time.advance(60_000);
    assert.equal(world.server.connections.length, 1);
  }));
}

for (const code of [1000, 1006, 1009, 4408, 4429]) {
  test(`close_${code}_comesBack`, inWorld(async (world) => {
    await (await world.page()).loggedIn();
    await world.last.hangUp(code);
    await world.time.advance(9000);
    assert.equal(world.server.connections.length, 2);
  }));
}

test("tokenRefused_withGetToken_asksForAnotherAndGoesOn", inWorld(async (world) => {
  let asked = 0;
  const rtm = await (await world.page()).loggedIn({ token: "old", getToken: async () => `new${++asked}` });
  await world.last.hangUp(4401, "expired");
  await world.time.advance(0);
  const { token } = await world.last.comeBack();
  assert.equal(token, "new1");
  assert.equal(rtm.linkState, "CONNECTED");
}));

test("tokenRefused_theFreshOneToo_endsInFailed", inWorld(async (world) => {
  const rtm = (await world.page()).client({ getToken: () => "bad" });
  const refused = assert.rejects(rtm.login(), { errorCode: -10009, reason: "expired" });
  await world.last.accept();
  await world.last.refuse(world.last.expect("login", { token: "bad" }), -10009, { reason: "expired" });
  await refused;
  assert.equal(rtm.linkState, "FAILED");
}));

test("tokenExpired_withoutGetToken_failsUntilALoginWithANewOne_whichResumes", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn({ token: "old" });
  await world.last.hangUp(4401);
  assert.equal(rtm.linkState, "FAILED");
  const login = rtm.login({ token: "new" });
  const frame = await world.last.comeBack();
  assert.equal(frame.token, "new");
  assert.equal(frame.resumeToken, "r1");
  assert.equal((await login).resumed, true);
}));

test("getTokenThrows_isTriedAgainLater", inWorld(async (world) => {
  let asked = 0;
  const getToken = async () => {
    if (++asked === 1) throw new Error("the shop's server is down");
    return "good";
  };
  const rtm = (await world.page()).client({ getToken });
  rtm.login().catch(() => {});
  await world.last.accept();
  await world.time.advance(1000);
  assert.equal((await world.last.welcome()).token, "good");
  assert.equal(rtm.linkState, "CONNECTED");
}));

test("tokenWillExpire_withGetToken_renews", inWorld(async (world) => {
  await (await world.page()).loggedIn({ token: "a", getToken: async () => "b" });
  await world.last.say({ event: "session", type: "TOKEN_WILL_EXPIRE" });
  await world.last.reply(world.last.expect("renewToken", { token: "b" }));
  await world.last.hangUp(1001);
  await world.time.advance(0);
  assert.equal((await world.last.comeBack()).token, "b", "a reconnect uses it too");
}));

test("tokenWillExpire_isAnEvent_andLeavesTheRestToTheApplicationWithoutGetToken", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn({ token: "a" });
  const seen = [];
  rtm.addEventListener("tokenWillExpire", (event) => seen.push(event.expiresAt));
  await world.last.say({ event: "session", type: "TOKEN_WILL_EXPIRE", expiresAt: 7, timestamp: 1 });
  assert.deepEqual(seen, [7]);
  world.last.expectNothing();
}));

/** A browser tells its page no more of a refused upgrade (403, another origin) than of a server that is away. */
test("upgradeRefused_failsTheLoginInTime_sayingWhatItMayBe_andIsLeftAtThat", inWorld(async (world) => {
  const rtm = (await world.page()).client({ connectTimeoutMs: 3000 });
  let refused;
  rtm.login().catch((error) => (refused = error));
  for (let waitedMs = 0; waitedMs < 3000; waitedMs += 100) {
    assert.equal(refused, undefined);
    await world.last.hangUp(1006);
    await world.time.advance(100);
  }
  assert.equal(refused.errorCode, -14009);
  assert.match(refused.message, /ws:\/\/one\/rtm within 3000 ms \(closed: 1006\).*reached.*http.allowedOrigins/);
  assert.equal(rtm.linkState, "FAILED");
  const { length } = world.server.connections;
  await world.time.advance(600_000);
  assert.equal(world.server.connections.length, length);
}));

test("originRefused_4403_isFinal_andSaysSo", inWorld(async (world) => {
  const rtm = (await world.page()).client();
  const refused = assert.rejects(rtm.login(), { errorCode: -14001, retryable: false, message: /origin.*http.allowedOrigins/ });
  await world.last.accept();
  await world.last.hangUp(4403);
  await refused;
  assert.equal(rtm.linkState, "FAILED");
  await world.time.advance(60_000);
  assert.equal(world.server.connections.length, 1);
}));

test("login_whileTheConnectionIsAway_rejectsInTime_andTheSessionStillComesBack", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  await world.last.hangUp(1006);
  const refused = assert.rejects(rtm.login(), { errorCode: -14009, retryable: true });
  await world.time.advance(10_000);
  await refused;
  while (world.last.readyState !== 0) await world.time.advance(500);
  await world.last.comeBack();
  assert.equal(rtm.linkState, "CONNECTED");
}));

test("renewToken_sendsIt", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn({ token: "a" });
  const renewed = rtm.renewToken("b");
  await turn();
  await world.last.reply(world.last.expect("renewToken", { token: "b" }));
  await renewed;
}));

test("renewToken_refused_isNotUsedAtTheNextLogin", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn({ token: "good" });
  const refused = assert.rejects(rtm.renewToken("garbage"), { errorCode: -10005 });
  await turn();
  await world.last.refuse(world.last.expect("renewToken", { token: "garbage" }), -10005);
  await refused;
  await world.last.hangUp(1001);
  await world.time.advance(0);
  assert.equal((await world.last.comeBack()).token, "good");
}));

test("tokenWillExpire_getTokenThrowsAtOnce_isReportedAndDisturbsNobody", inWorld(async (world) => {
  const { error } = console;
  const reported = [];
  console.error = (e) => reported.push(e.message);
  const getToken = () => {
    throw new Error("the shop's server is down");
  };
  await (await world.page()).loggedIn({ token: "a", getToken });
  await world.last.say({ event: "session", type: "TOKEN_WILL_EXPIRE" });
  console.error = error;
  assert.deepEqual(reported, ["the shop's server is down"]);
}));

test("logout_closesWith1000_andForgetsTheSession", inWorld(async (world) => {
  const page = await world.page();
  const rtm = await page.loggedIn();
  const out = rtm.logout();
  await world.last.reply(world.last.expect("logout"));
  assert.equal((await out).errorCode, 0);
  assert.equal(world.last.closedWith, 1000);
  assert.equal(rtm.linkState, "IDLE");
  assert.equal(page.storage.entries.size, 0);
  rtm.login();
  assert.equal((await world.last.welcome()).resumeToken, undefined);
}));

test("logout_withoutAnAnswer_endsAllTheSame", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const out = rtm.logout();
  await world.time.advance(2000);
  assert.equal((await standing(out)).state, "resolved");
  assert.equal(rtm.linkState, "IDLE");
}));

test("logout_notAwaited_isOverBeforeTheNextLoginBegins", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const out = rtm.logout();
  const login = rtm.login();
  await turn();
  assert.equal(world.server.connections.length, 1);
  await world.last.reply(world.last.expect("logout"));
  await out;
  assert.equal(world.server.connections.length, 2);
  assert.equal((await world.last.welcome({ sessionId: "s2" })).resumeToken, undefined);
  assert.equal((await login).sessionId, "s2");
  await world.time.advance(5000);
  world.last.expectNothing();
  assert.equal(rtm.linkState, "CONNECTED");
}));

test("logout_notAwaited_withoutConnection_neverReachesTheNextSession", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  await world.last.hangUp(1006);
  const out = rtm.logout();
  const login = rtm.login();
  await world.time.advance(2000);
  await out;
  await turn();
  await world.last.welcome({ sessionId: "s2" });
  assert.equal((await login).sessionId, "s2");
  await world.time.advance(5000);
  world.last.expectNothing();
  assert.equal(rtm.linkState, "CONNECTED");
}));

test("logout_withoutConnection_connectsToSayIt", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  await world.last.hangUp(1006);
  const out = rtm.logout();
  assert.equal(world.server.connections.length, 2);
  await world.last.comeBack();
  await world.last.reply(world.last.expect("logout"));
  await out;
}));

test("logout_twice_isOne", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const both = [rtm.logout(), rtm.logout()];
  await world.last.reply(world.last.expect("logout"));
  await Promise.all(both);
  world.last.expectNothing();
}));

test("logout_neverLoggedIn_isDoneAtOnce", inWorld(async (world) => {
  const rtm = (await world.page()).client();
  const out = rtm.logout();
  const login = rtm.login();
  assert.equal((await standing(out)).state, "resolved");
  await world.last.welcome();
  assert.equal((await login).sessionId, "s1");
  await world.time.advance(5000);
  assert.equal(rtm.linkState, "CONNECTED");
}));

test("login_logout_login_asAPageThatMountsTwice_endsLoggedIn", inWorld(async (world) => {
  const rtm = (await world.page()).client();
  const first = assert.rejects(rtm.login(), { errorCode: -14009 });
  const out = rtm.logout();
  const second = rtm.login();
  await out;
  await first;
  await turn();
  assert.equal(world.server.connections[0].closedWith, 1000);
  await world.last.welcome();
  assert.equal((await second).sessionId, "s1");
}));

test("logout_duringTheLogin_settlesBoth", inWorld(async (world) => {
  const rtm = (await world.page()).client();
  const login = rtm.login();
  const refused = assert.rejects(login);
  const out = rtm.logout();
  await world.time.advance(2000);
  await out;
  await refused;
  assert.equal(rtm.linkState, "IDLE");
}));

test("longOutage_isSuspended_requestsAreAnswered_andItStillComesBack", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const wait = rtm.lock.acquireLock({ channel: "c", lockName: "l", retry: true });
  wait.catch(() => {});
  await turn();
  world.last.expect("acquireLock");
  await world.last.hangUp(1006);
  const refused = rtm.lock.acquireLock({ channel: "c", lockName: "m", retry: true });
  refused.catch(() => {});
  while (rtm.linkState !== "SUSPENDED") {
    if (world.last.readyState === 0) await world.last.hangUp(1006);
    await world.time.advance(500);
  }
  await assert.rejects(wait, { errorCode: -14002, retryable: true });
  await assert.rejects(refused, { errorCode: -14009, retryable: true });
  await assert.rejects(rtm.ping(), { errorCode: -14009 });
  while (world.last.readyState !== 0) await world.time.advance(500);
  await world.last.comeBack();
  assert.equal(rtm.linkState, "CONNECTED");
}));

test("observer_seesEveryFrame", inWorld(async (world) => {
  const seen = [];
  const rtm = await (await world.page()).loggedIn({ onFrame: (direction, text) => seen.push([direction, JSON.parse(text)]) });
  await world.last.beat(1, 0);
  const kinds = seen.map(([direction, { op, event, id }]) => [direction, op ?? event ?? id]);
  assert.deepEqual(kinds, [["out", "login"], ["in", 1], ["in", "heartbeat"], ["out", "heartbeat"]]);
  rtm.debug.dropConnection();
  assert.equal(world.last.closedWith, 4000);
  assert.equal(rtm.linkState, "DISCONNECTED");
}));

test("loginCalledByAListenerOfEveryState_opensOneConnectionAtATime", inWorld(async (world) => {
  const rtm = (await world.page()).client();
  rtm.addEventListener("linkState", () => rtm.login().catch(() => {}));
  rtm.login();
  assert.equal(world.server.connections.length, 1);
  await world.last.welcome();
  await world.last.hangUp(1006);
  await world.time.advance(5000);
  assert.equal(world.server.connections.length, 2);
  await world.last.comeBack();
  await world.time.advance(5000);
  assert.equal(world.server.connections.length, 2);
  assert.equal(rtm.linkState, "CONNECTED");
}));

test("framesOfAnOldConnection_areNotHeard", inWorld(async (world) => {
  const rtm = await (await world.page()).loggedIn();
  const seen = [];
  rtm.addEventListener("lock", (e) => seen.push(e));
  const old = world.last;
  rtm.debug.dropConnection();
  await old.say({ event: "lock", eventType: "SET", channel: "c" });
  await old.hangUp(4409);
  assert.deepEqual(seen, []);
  assert.equal(rtm.linkState, "DISCONNECTED");
}));
