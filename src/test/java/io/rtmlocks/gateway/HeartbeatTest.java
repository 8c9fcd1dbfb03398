// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who counts as online, and by what (PROTOCOL.md §2). */
class HeartbeatTest {

    private static final int OFFLINE_AFTER_MS = 600;

    private final RunningNode node = RunningNode.unhurried(
            "session.heartbeatMs", "100", "session.offlineAfterMs", "" + OFFLINE_AFTER_MS, "lock.ttlMinSeconds", "1");

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void heartbeats_countUp_andTellWhatWasHeard() {
        TestClient alice = node.login("alice");
        for (long n = 1; n <= 3; n++) {
            JsonObject beat = alice.heartbeat(n);
            assertThat(beat.getLong("n")).isEqualTo(n);
            assertThat(beat.getLong("acked")).isLessThan(n);
            assertThat(beat.getBoolean("quorum")).isTrue();
        }
        assertThat(alice.take("an answered heartbeat", frame -> frame.getLong("acked", 0L) >= 3)
                        .getString("event"))
                .isEqualTo("heartbeat");
    }

    /** The bound that a client draws from {@code acked} must not move by what it did not answer, or made up. */
    @Test
    void acked_isTheHighestHeartbeatThatWasSentAndAnswered() {
        TestClient alice = node.connect();
        alice.ignoreHeartbeats();
        alice.login("alice");
        assertThat(alice.heartbeat(2).getLong("acked")).isZero();
        alice.sendText("{\"op\":\"heartbeat\",\"n\":1000000}");
        alice.sync();
        assertThat(alice.heartbeat(4).getLong("acked")).isZero();
        alice.sendText("{\"op\":\"heartbeat\",\"n\":2}");
        alice.sendText("{\"op\":\"heartbeat\",\"n\":1}");
        alice.sync();
        assertThat(alice.heartbeat(7).getLong("acked")).isEqualTo(2);
        assertThat(alice.received()).isEmpty();
    }

    /** A background tab answers no heartbeat; its browser answers pings all the same. */
    @Test
    void pongs_keepASessionOnline() {
        TestClient alice = node.connect();
        alice.ignoreHeartbeats();
        alice.login("alice");
        alice.lock("acquireLock", "l", "create", true, "ttl", 1);
        alice.heartbeat(20);
        assertThat(node.login("bob").view("l").getBoolean("ownerOnline")).isTrue();
    }

    @Test
    void pings_keepASessionOnline() {
        try (RawClient alice = RawClient.loggedIn(node.port(), "alice")) {
            alice.write(acquire("l"));
            alice.next();
            TestClient bob = node.login("bob");
            for (int n = 2; n <= 20; n += 2) {
                bob.heartbeat(n);
                alice.write(RawClient.frame(0x89, (byte) n));
                assertThat(bob.view("l").getBoolean("ownerOnline")).isTrue();
            }
        }
    }

    /** The connection stays; the ttl runs until something is heard again. */
    @Test
    void silence_isOffline_andAnyWordIsOnlineAgain() {
        TestClient bob = node.login("bob");
        try (RawClient alice = RawClient.loggedIn(node.port(), "alice")) {
            alice.write(acquire("l"));
            alice.next();
            bob.eventually("l", lock -> !lock.getBoolean("ownerOnline"));
            alice.write(RawClient.text("{\"op\":\"heartbeat\",\"n\":1}"));
            bob.eventually("l", lock -> lock.getBoolean("ownerOnline"));
            assertThat(bob.view("l").getString("owner")).isEqualTo("alice");
            alice.write(RawClient.text("{\"id\":5,\"op\":\"releaseLock\",\"channel\":\"c\",\"lockName\":\"l\"}"));
            bob.eventually("l", lock -> lock.getString("owner").isEmpty());
        }
    }

    @Test
    void silentOwner_losesTheLockAfterTtl_andHearsOfItBeforeAnythingElse() {
        TestClient bob = node.login("bob");
        try (RawClient alice = RawClient.loggedIn(node.port(), "alice")) {
            alice.write(acquire("l"));
            alice.next();
            alice.write(RawClient.text("{\"id\":3,\"op\":\"subscribe\",\"channel\":\"c\"}"));
            assertThat(alice.next().text()).contains("\"id\":3");
            assertThat(alice.next().text()).contains("SNAPSHOT");
            bob.subscribe();
            bob.call(bob.lockRequest("acquireLock", "l", "retry", true));
            bob.lockEvent("EXPIRED");
            alice.write(RawClient.text("{\"id\":9,\"op\":\"ping\"}"));
            String story = "";
            while (!story.contains("SNAPSHOT")) {
                story += alice.next().text() + "\n";
            }
            assertThat(story.indexOf("LOCK_LOST")).as(story).isNotNegative();
            assertThat(story.indexOf("ACQUIRED")).as(story).isNegative();
            assertThat(story.indexOf("LOCK_LOST")).as(story).isLessThan(story.indexOf("SNAPSHOT"));
            assertThat(story.substring(story.indexOf("SNAPSHOT"))).contains("\"owner\":\"bob\"");
            bob.lock("releaseLock", "l");
            assertThat(alice.next().text()).contains("RELEASED");
        }
    }

    @Test
    void silentWaiter_isPassedOver_andKeepsItsPlace() {
        TestClient bob = node.login("bob");
        TestClient carol = node.login("carol");
        bob.lock("acquireLock", "l", "create", true, "ttl", 300);
        try (RawClient alice = RawClient.loggedIn(node.port(), "alice")) {
            alice.write(RawClient.text(
                    "{\"id\":2,\"op\":\"acquireLock\",\"channel\":\"c\",\"lockName\":\"l\",\"retry\":true}"));
            bob.eventually("l", lock -> lock.getInteger("waiters") == 1);
            bob.eventually(
                    "l", lock -> !lock.getJsonArray("queue").getJsonObject(0).getBoolean("online"));
            long waits = carol.sendLock("acquireLock", "l", "retry", true);
            carol.sync();
            bob.lock("releaseLock", "l");
            assertThat(carol.reply(waits).getString("owner")).isEqualTo("carol");
            carol.lock("releaseLock", "l");
            assertThat(bob.view("l").getString("owner")).isEmpty();
            alice.write(RawClient.frame(0x8a));
            bob.eventually("l", lock -> lock.getString("owner").equals("alice"));
            assertThat(alice.next().text()).contains("\"id\":2").contains("fencingToken");
        }
    }

    /** What a connection says that was taken over, or how long it is silent, is no word of the session's. */
    @Test
    void connectionThatWasTakenOver_doesNotSpeakForTheSession() {
        TestClient bob = node.login("bob");
        try (RawClient frozen = RawClient.upgraded(node.port())) {
            frozen.write(RawClient.text("{\"id\":1,\"op\":\"login\",\"userId\":\"alice\"}"));
            String token = new JsonObject(frozen.next().text()).getString("resumeToken");
            frozen.write(acquire("l"));
            frozen.next();
            bob.eventually("l", lock -> !lock.getBoolean("ownerOnline"));
            TestClient back = node.connect();
            back.login("alice", token);
            frozen.write(RawClient.text("{\"id\":7,\"op\":\"ping\"}"));
            frozen.write(RawClient.frame(0x89, (byte) 1));
            back.heartbeat(20);
            assertThat(bob.view("l").getBoolean("ownerOnline")).isTrue();
            assertThat(bob.view("l").getString("owner")).isEqualTo("alice");
            back.succeed(back.lockRequest("releaseLock", "l").put("id", 100));
        }
    }

    /** An owner that is heard keeps the lock however long it holds it. */
    @Test
    void onlineOwner_keepsItsLockBeyondTtl() {
        TestClient alice = node.login("alice");
        long token = alice.lock("acquireLock", "l", "create", true, "ttl", 1).getLong("fencingToken");
        alice.heartbeat(25);
        assertThat(alice.view("l").getLong("fencingToken")).isEqualTo(token);
    }

    @Test
    void strangers_getNoHeartbeats() {
        TestClient stranger = node.connect();
        TestClient alice = node.login("alice");
        alice.heartbeat(3);
        stranger.socket().writePing(Buffer.buffer());
        stranger.refused(-10002, "ping");
        assertThat(stranger.sawHeartbeat()).isFalse();
    }

    private static byte[] acquire(String lockName) {
        return RawClient.text("{\"id\":2,\"op\":\"acquireLock\",\"channel\":\"c\",\"lockName\":\"" + lockName
                + "\",\"create\":true,\"ttl\":1}");
    }
}
