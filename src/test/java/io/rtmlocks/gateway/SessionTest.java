// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions outlive their connections: coming back, being taken over, leaving (PROTOCOL.md §2). */
class SessionTest {

    private RunningNode node = RunningNode.unhurried("lock.ttlMinSeconds", "1", "session.leaveGraceMs", "500");

    @AfterEach
    void stop() {
        node.close();
    }

    private void restart(String... settings) {
        node.close();
        node = RunningNode.unhurried(settings);
    }

    @Test
    void login_saysWhatTheClientNeedsToKnow() {
        JsonObject reply = node.login("alice").welcome;
        assertThat(reply.fieldNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "errorCode",
                        "timestamp",
                        "userId",
                        "sessionId",
                        "resumeToken",
                        "resumed",
                        "heartbeatMs",
                        "offlineAfterMs",
                        "node");
        assertThat(reply.getString("userId")).isEqualTo("alice");
        assertThat(reply.getBoolean("resumed")).isFalse();
        assertThat(reply.getInteger("heartbeatMs")).isEqualTo(5_000);
        assertThat(reply.getInteger("offlineAfterMs")).isEqualTo(15_000);
        assertThat(reply.getString("node")).isEqualTo("node-1");
        assertThat(reply.getString("resumeToken")).isNotBlank().isNotEqualTo(reply.getString("sessionId"));
    }

    @Test
    void twoTabsOfOneUser_excludeEachOther() {
        TestClient one = node.login("alice");
        TestClient other = node.login("alice");
        assertThat(one.sessionId).isNotEqualTo(other.sessionId);
        one.lock("acquireLock", "l", "create", true);
        JsonObject busy = other.refused(-14007, other.lockRequest("acquireLock", "l"));
        assertThat(busy.getJsonObject("detail").getString("owner")).isEqualTo("alice");
        other.refused(-14006, other.lockRequest("releaseLock", "l"));
    }

    @Test
    void resume_findsWhatTheSessionHoldsAndWaitsFor() {
        TestClient bob = node.login("bob");
        bob.lock("acquireLock", "busy", "create", true);
        TestClient alice = node.login("alice");
        long token = alice.lock("acquireLock", "l", "create", true).getLong("fencingToken");
        alice.succeed("acquireLock", "channel", "d", "channelType", 2, "lockName", "m", "create", true, "retry", true);
        long waits = alice.sendLock("acquireLock", "busy", "retry", true);
        alice.sync();
        alice.cut();
        TestClient back = node.resume("alice", alice);
        assertThat(back.sessionId).isEqualTo(alice.sessionId);
        assertThat(back.resumeToken).isNotEqualTo(alice.resumeToken);
        JsonArray held = back.welcome.getJsonArray("held");
        assertThat(held).hasSize(2);
        assertThat(held)
                .contains(new JsonObject()
                        .put("channel", "c")
                        .put("channelType", "MESSAGE")
                        .put("lockName", "l")
                        .put("fencingToken", token));
        assertThat(held).anySatisfy(lock -> {
            assertThat(((JsonObject) lock).getString("channel")).isEqualTo("d");
            assertThat(((JsonObject) lock).getString("channelType")).isEqualTo("STREAM");
        });
        assertThat(back.welcome.getJsonArray("waiting"))
                .containsExactly(new JsonObject()
                        .put("channel", "c")
                        .put("channelType", "MESSAGE")
                        .put("lockName", "busy")
                        .put("requestId", waits)
                        .put("position", 1));
        bob.lock("releaseLock", "busy");
        assertThat(back.reply(waits).getString("owner")).isEqualTo("alice");
    }

    @Test
    void resumeWithNothing_isResumed() {
        TestClient alice = node.login("alice");
        alice.cut();
        TestClient back = node.resume("alice", alice);
        assertThat(back.welcome.getJsonArray("held")).isEmpty();
        assertThat(back.welcome.getJsonArray("waiting")).isEmpty();
    }

    /** The reply with the new token may be lost: the former one is good until the new one is used. */
    @Test
    void formerToken_isGoodUntilTheNewOneIsUsed() {
        TestClient alice = node.login("alice");
        TestClient second = node.resume("alice", alice);
        TestClient third = node.resume("alice", alice);
        assertThat(third.resumeToken).isNotEqualTo(second.resumeToken);
        TestClient fourth = node.resume("alice", third);
        for (TestClient outdated : new TestClient[] {alice, second}) {
            assertThat(node.connect().login("alice", outdated.resumeToken).getBoolean("resumed"))
                    .isFalse();
        }
        fourth.sync();
        node.resume("alice", fourth);
    }

    @Test
    void tokenOfAnotherUser_orOfNobody_startsANewSession() {
        TestClient alice = node.login("alice");
        alice.lock("acquireLock", "l", "create", true);
        for (String token : new String[] {alice.resumeToken, "", "x", alice.sessionId, alice.resumeToken + " "}) {
            TestClient mallory = node.connect();
            JsonObject reply = mallory.login("mallory", token);
            assertThat(reply.getBoolean("resumed")).isFalse();
            assertThat(reply.getString("sessionId")).isNotEqualTo(alice.sessionId);
            assertThat(reply.containsKey("held")).isFalse();
        }
        alice.sync();
    }

    @Test
    void takeover_closesTheOlderConnection4409_andKeepsTheLocks() {
        TestClient alice = node.login("alice");
        alice.subscribe();
        alice.lock("acquireLock", "l", "create", true, "ttl", 1);
        TestClient back = node.resume("alice", alice);
        assertThat(alice.closeCode()).isEqualTo(4409);
        assertThat(back.welcome.getJsonArray("held")).hasSize(1);
        assertThat(back.view("l").getBoolean("ownerOnline")).isTrue();
        assertThat(back.received()).isEmpty();
        back.lock("releaseLock", "l");
    }

    @Test
    void close1000_releasesAtOnce() {
        TestClient alice = node.login("alice");
        alice.lock("acquireLock", "l", "create", true);
        TestClient bob = node.login("bob");
        bob.subscribe();
        alice.close(1000);
        JsonObject released = bob.lockEvent("RELEASED");
        assertThat(released.getString("cause")).isEqualTo("LOGOUT");
        assertThat(released.getString("previousOwner")).isEqualTo("alice");
    }

    /** The same token leads back to the session that left, which holds nothing any more. */
    @Test
    void close1000_endsWaits_andLeavesNothingToComeBackTo() {
        TestClient bob = node.login("bob");
        bob.lock("acquireLock", "l", "create", true);
        TestClient alice = node.login("alice");
        alice.lock("acquireLock", "mine", "create", true);
        alice.sendLock("acquireLock", "l", "retry", true);
        alice.sync();
        alice.close(1000);
        bob.eventually("l", lock -> lock.getInteger("waiters") == 0);
        assertThat(bob.view("mine").getString("owner")).isEmpty();
        JsonObject reply = node.connect().login("alice", alice.resumeToken);
        assertThat(reply.getJsonArray("held", new JsonArray())).isEmpty();
        assertThat(reply.getJsonArray("waiting", new JsonArray())).isEmpty();
    }

    /** Nothing is read while the shards are asked what the session holds: the farewell counts all the same. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 1001})
    void closeRightBehindAResume_isAsGoodAsLater(int code) {
        TestClient alice = node.login("alice");
        alice.lock("acquireLock", "l", "create", true, "ttl", 300);
        TestClient bob = node.login("bob");
        bob.subscribe();
        alice.cut();
        RawClient back = RawClient.upgraded(node.port());
        JsonObject login = alice.request("login", "userId", "alice", "resumeToken", alice.resumeToken);

        back.write(Buffer.buffer(RawClient.text(login.encode()))
                .appendBytes(RawClient.frame(0x88, (byte) (code >> 8), (byte) code))
                .getBytes());

        assertThat(bob.lockEvent("RELEASED").getString("cause")).isEqualTo("LOGOUT");
    }

    @Test
    void close1001_releasesAfterTheGrace() {
        TestClient alice = node.login("alice");
        alice.lock("acquireLock", "l", "create", true);
        TestClient bob = node.login("bob");
        bob.subscribe();
        long left = System.nanoTime();
        alice.close(1001);
        bob.eventually("l", lock -> !lock.getBoolean("ownerOnline"));
        assertThat(bob.view("l").getString("owner")).isEqualTo("alice");
        assertThat(bob.lockEvent("RELEASED").getString("cause")).isEqualTo("LOGOUT");
        assertThat(System.nanoTime() - left).isGreaterThan(450_000_000L);
    }

    @Test
    void close1001_andBackWithinTheGrace_keepsTheLocks() {
        TestClient alice = node.login("alice");
        alice.lock("acquireLock", "l", "create", true);
        alice.close(1001);
        TestClient back = node.resume("alice", alice);
        assertThat(back.welcome.getJsonArray("held")).hasSize(1);
        TestClient bob = node.login("bob");
        JsonObject timedOut = bob.call(bob.lockRequest("acquireLock", "l", "retry", true, "timeoutMs", 800));
        assertThat(timedOut.getJsonObject("detail").getString("cause")).isEqualTo("TIMEOUT");
        assertThat(back.view("l").getString("owner")).isEqualTo("alice");
    }

    @Test
    void anyOtherEnd_startsTheTtl() {
        TestClient bob = node.login("bob");
        bob.subscribe();
        long left = System.nanoTime();
        for (int code : new int[] {0, 1002, 1011, 3000, 4000}) {
            TestClient alice = node.login("alice");
            alice.lock("acquireLock", "l" + code, "create", true, "ttl", 1);
            if (code == 0) {
                alice.cut();
            } else {
                alice.close(code);
            }
        }
        for (int i = 0; i < 5; i++) {
            JsonObject expired = bob.lockEvent("EXPIRED");
            assertThat(expired.getString("cause")).isEqualTo("OFFLINE");
            assertThat(expired.getString("owner")).isEmpty();
            assertThat(expired.getString("previousOwner")).isEqualTo("alice");
            assertThat(System.nanoTime() - left).isGreaterThan(950_000_000L);
        }
    }

    @Test
    void logout_releasesEverything_thenAnswers_thenCloses1000() {
        TestClient bob = node.login("bob");
        bob.lock("acquireLock", "busy", "create", true);
        bob.subscribe();
        TestClient alice = node.login("alice");
        alice.subscribe();
        for (int i = 0; i < 5; i++) {
            alice.succeed("acquireLock", "channel", "c" + i, "lockName", "l", "create", true);
        }
        alice.lock("acquireLock", "mine", "create", true);
        long waits = alice.sendLock("acquireLock", "busy", "retry", true);
        long logout = alice.send("logout");
        alice.send("ping");
        JsonObject ended = TestClient.refusal(-14007, alice.reply(waits));
        assertThat(ended.getJsonObject("detail").getString("cause")).isEqualTo("LOGOUT");
        assertThat(alice.reply(logout).getInteger("errorCode")).isZero();
        assertThat(alice.closeCode()).isEqualTo(1000);
        assertThat(bob.lockEvent("RELEASED").getString("cause")).isEqualTo("LOGOUT");
        for (int i = 0; i < 5; i++) {
            JsonObject locks = bob.succeed("getLock", "channel", "c" + i);
            assertThat(locks.getJsonArray("locks").getJsonObject(0).getString("owner"))
                    .isEmpty();
        }
        assertThat(bob.view("busy").getInteger("waiters")).isZero();
        assertThat(node.connect().login("alice", alice.resumeToken).getBoolean("resumed"))
                .isFalse();
    }

    @Test
    void logoutOfNothing_isAnswered() {
        TestClient alice = node.login("alice");
        alice.succeed("logout");
        assertThat(alice.closeCode()).isEqualTo(1000);
    }

    /** A client need not wait for the reply to its login. */
    @Test
    void requestsRightBehindTheLogin_areServed_alsoWhenResuming() {
        TestClient alice = node.connect();
        long first = alice.send("login", "userId", "alice");
        long second = alice.sendLock("acquireLock", "l", "create", true);
        long third = alice.send("subscribe", "channel", "c");
        String token = alice.reply(first).getString("resumeToken");
        assertThat(alice.reply(second).getInteger("errorCode")).isZero();
        alice.reply(third);
        alice.lockEvent("SNAPSHOT");
        TestClient back = node.connect();
        JsonObject login = back.request("login", "userId", "alice", "resumeToken", token);
        JsonObject subscribe = back.request("subscribe", "channel", "c").put("id", 101);
        JsonObject release = back.lockRequest("releaseLock", "l").put("id", 102);
        back.send(login);
        back.send(subscribe);
        back.send(release);
        assertThat(back.next().getLong("id")).isEqualTo(login.getLong("id"));
        assertThat(back.next().getLong("id")).isEqualTo(101);
        assertThat(back.next().getString("eventType")).isEqualTo("SNAPSHOT");
        assertThat(back.reply(102).getInteger("errorCode")).isZero();
        assertThat(back.lockEvent("RELEASED").getString("previousOwner")).isEqualTo("alice");
    }

    @Test
    void waitThatEndedWhileAway_isAnsweredAfterTheLogin() {
        TestClient bob = node.login("bob");
        bob.lock("acquireLock", "l", "create", true);
        bob.lock("acquireLock", "m", "create", true);
        TestClient alice = node.login("alice");
        long removed = alice.sendLock("acquireLock", "l", "retry", true);
        long timedOut = alice.sendLock("acquireLock", "m", "retry", true, "timeoutMs", 100);
        alice.sync();
        alice.cut();
        bob.lock("removeLock", "l");
        bob.eventually("m", lock -> lock.getInteger("waiters") == 0);
        TestClient back = node.resume("alice", alice);
        assertThat(back.welcome.getJsonArray("waiting")).isEmpty();
        JsonObject reply = TestClient.refusal(-14008, back.reply(removed));
        assertThat(reply.getJsonObject("detail").getString("cause")).isEqualTo("REMOVED");
        reply = TestClient.refusal(-14007, back.reply(timedOut));
        assertThat(reply.getJsonObject("detail").getString("cause")).isEqualTo("TIMEOUT");
    }

    @Test
    void waiterAwayLongerThanTtl_losesItsPlace() {
        TestClient bob = node.login("bob");
        bob.lock("setLock", "l", "ttl", 1);
        bob.lock("acquireLock", "l");
        TestClient alice = node.login("alice");
        long waits = alice.sendLock("acquireLock", "l", "retry", true);
        alice.sync();
        alice.cut();
        bob.eventually("l", lock -> lock.getInteger("waiters") == 0);
        TestClient back = node.resume("alice", alice);
        JsonObject reply = TestClient.refusal(-14007, back.reply(waits));
        assertThat(reply.getJsonObject("detail").getString("cause")).isEqualTo("OFFLINE");
    }

    @Test
    void locksLostWhileAway_areToldFirstThing() {
        TestClient alice = node.login("alice");
        alice.lock("setLock", "expires", "ttl", 1);
        long expired = alice.lock("acquireLock", "expires").getLong("fencingToken");
        long revoked = alice.lock("acquireLock", "revoked", "create", true).getLong("fencingToken");
        long removed = alice.lock("acquireLock", "removed", "create", true).getLong("fencingToken");
        alice.cut();
        TestClient bob = node.login("bob");
        bob.subscribe();
        bob.lock("revokeLock", "revoked");
        bob.lock("removeLock", "removed");
        bob.lockEvent("EXPIRED");
        TestClient back = node.connect();
        back.send(back.request("login", "userId", "alice", "resumeToken", alice.resumeToken));
        back.send(back.request("subscribe", "channel", "c").put("id", 100));
        assertThat(back.next().getBoolean("resumed")).isTrue();
        for (Object[] lost : new Object[][] {
            {"revoked", "REVOKED", revoked}, {"removed", "REMOVED", removed}, {"expires", "OFFLINE", expired}
        }) {
            JsonObject event = back.next();
            assertThat(event.getString("type")).isEqualTo("LOCK_LOST");
            assertThat(event.getString("channel")).isEqualTo("c");
            assertThat(event.getString("channelType")).isEqualTo("MESSAGE");
            assertThat(event.getString("lockName")).isEqualTo(lost[0]);
            assertThat(event.getString("cause")).isEqualTo(lost[1]);
            assertThat(event.getLong("fencingToken")).isEqualTo(lost[2]);
        }
        assertThat(back.next().getLong("id")).isEqualTo(100);
    }

    /** A session that nobody came back to is forgotten; nothing of it stays. */
    @Test
    void sessionAwayForLong_isForgotten() {
        restart("session.rememberedMs", "1000", "lock.ttlMinSeconds", "1", "lock.ttlMaxSeconds", "1");
        TestClient alice = node.login("alice");
        alice.lock("acquireLock", "l", "create", true);
        TestClient bob = node.login("bob");
        bob.subscribe();
        alice.cut();
        bob.lockEvent("EXPIRED");
        Awaitility.await().until(() -> RunningNode.await(node.node().counts()).sessions() == 1);
        assertThat(node.connect().login("alice", alice.resumeToken).getBoolean("resumed"))
                .isFalse();
    }

    @Test
    void subscriptions_endWithTheirConnection() {
        TestClient alice = node.login("alice");
        alice.subscribe();
        alice.cut();
        TestClient back = node.resume("alice", alice);
        back.lock("setLock", "l");
        back.sync();
        assertThat(back.received()).isEmpty();
    }
}
