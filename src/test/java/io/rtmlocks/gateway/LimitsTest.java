// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every bound, and that who reaches one is refused and nobody else (PROTOCOL.md §4.8). */
class LimitsTest {

    private RunningNode node;

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void acquires_areTenInASecond_withThatBurst() {
        node = RunningNode.with("limits.refusalsInARow", "1000000");
        TestClient alice = node.login("alice");
        alice.lock("setLock", "l");
        TestClient bob = node.login("bob");
        int allowed = allowedOf(alice, "acquireLock");
        assertThat(allowed).isBetween(10, 13);
        bob.lock("setLock", "m");
        bob.lock("acquireLock", "m");
        alice.lock("releaseLock", "l");
        JsonObject refused = alice.call(alice.lockRequest("acquireLock", "l"));
        while (refused.getInteger("errorCode") != 0) {
            TestClient.refusal(-10021, refused);
            assertThat(refused.getBoolean("retryable")).isTrue();
            refused = alice.call(alice.lockRequest("acquireLock", "l"));
        }
    }

    @Test
    void otherLockOperations_areTwentyInASecond() {
        node = RunningNode.with();
        TestClient alice = node.login("alice");
        assertThat(allowedOf(alice, "getLock")).isBetween(20, 25);
        for (String op : new String[] {"setLock", "cancelAcquire", "releaseLock", "revokeLock", "removeLock"}) {
            long id = alice.sendLock(op, "l");
            assertThat(alice.reply(id).getInteger("errorCode")).as(op).isIn(-10021, 0, -14008);
        }
        alice.lock("acquireLock", "other", "create", true);
    }

    /** Rate comes before names; what is no lock operation has no rate. */
    @Test
    void rate_isCheckedBeforeNames() {
        node = RunningNode.with("limits.acquirePerSecond", "1");
        TestClient alice = node.login("alice");
        alice.refused(-14005, alice.lockRequest("acquireLock", "_"));
        alice.refused(-10021, alice.lockRequest("acquireLock", "_"));
        for (int i = 0; i < 100; i++) {
            alice.send("ping");
            alice.send("getChannelMetadata", "channel", "c");
            alice.send("subscribe", "channel", "c");
        }
        alice.sync();
        assertThat(alice.received().stream().filter(frame -> frame.getInteger("errorCode", 0) != 0))
                .isEmpty();
    }

    private static int allowedOf(TestClient client, String op) {
        long[] ids =
                IntStream.range(0, 40).mapToLong(i -> client.sendLock(op, "l")).toArray();
        int allowed = 0;
        for (long id : ids) {
            JsonObject reply = client.reply(id);
            assertThat(reply.getInteger("errorCode")).isIn(0, -10021);
            allowed += reply.getInteger("errorCode") == 0 ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void rateIgnoredForTooLong_closes4429() {
        node = RunningNode.with("limits.refusalsInARow", "3");
        TestClient alice = node.login("alice");
        TestClient bob = node.login("bob");
        for (int i = 0; i < 90; i++) {
            alice.sendLock("acquireLock", "l");
        }
        assertThat(alice.closeCode()).isEqualTo(4429);
        bob.lock("setLock", "l");
        node.resume("alice", alice).sync();
    }

    @Test
    void locksOfAChannel_areThirtyTwo() {
        node = RunningNode.unhurried();
        TestClient alice = node.login("alice");
        for (int i = 0; i < 32; i++) {
            alice.lock("setLock", "l" + i);
        }
        for (String op : new String[] {"setLock", "acquireLock"}) {
            JsonObject refused = alice.refused(-14001, alice.lockRequest(op, "more", "create", true));
            assertThat(refused.getJsonObject("detail").getString("cause")).isEqualTo("TOO_MANY_LOCKS");
        }
        alice.lock("setLock", "l0", "ifExists", "keep");
        alice.succeed("setLock", "channel", "c", "channelType", 2, "lockName", "more");
        alice.lock("removeLock", "l0");
        alice.lock("setLock", "more");
        assertThat(alice.succeed("getLock", "channel", "c").getInteger("totalLocks"))
                .isEqualTo(32);
    }

    @Test
    void waitersOfALock_areBounded() {
        assertThat(io.rtmlocks.lock.Limits.STANDARD.waitersPerLockMax()).isEqualTo(1_000);
        node = RunningNode.unhurried("limits.waitersPerLock", "2");
        TestClient alice = node.login("alice");
        alice.lock("acquireLock", "l", "create", true);
        TestClient[] waiting = {node.login("w0"), node.login("w1")};
        for (TestClient client : waiting) {
            client.sendLock("acquireLock", "l", "retry", true);
            client.sync();
        }
        TestClient late = node.login("late");
        JsonObject refused = late.refused(-14007, late.lockRequest("acquireLock", "l", "retry", true));
        assertThat(refused.getJsonObject("detail").getString("cause")).isEqualTo("QUEUE_FULL");
        waiting[0].lock("cancelAcquire", "l");
        long waits = late.sendLock("acquireLock", "l", "retry", true);
        late.sync();
        assertThat(alice.view("l").getInteger("waiters")).isEqualTo(2);
        waiting[1].lock("cancelAcquire", "l");
        alice.lock("releaseLock", "l");
        assertThat(late.reply(waits).getString("owner")).isEqualTo("late");
    }

    @Test
    void subscriptionsOfASession_areAHundred() {
        node = RunningNode.unhurried();
        TestClient alice = node.login("alice");
        for (int i = 0; i < 100; i++) {
            alice.succeed("subscribe", "channel", "c" + i);
        }
        JsonObject refused = alice.refused(-14001, "subscribe", "channel", "more");
        assertThat(refused.getJsonObject("detail").getString("cause")).isEqualTo("TOO_MANY_SUBSCRIPTIONS");
        alice.succeed("subscribe", "channel", "c7", "withQueue", true);
        alice.succeed("unsubscribe", "channel", "c7");
        alice.succeed("subscribe", "channel", "more");
        node.login("bob").succeed("subscribe", "channel", "c");
    }

    @Test
    void requestsUnderWay_areBounded() {
        node = RunningNode.unhurried("limits.inFlightPerSession", "10", "limits.refusalsInARow", "100000");
        TestClient alice = node.login("alice");
        for (int i = 0; i < 10; i++) {
            alice.lock("acquireLock", "l" + i, "create", true);
        }
        TestClient bob = node.login("bob");
        long first = bob.sendLock("acquireLock", "l0", "retry", true);
        for (int i = 1; i < 10; i++) {
            bob.sendLock("acquireLock", "l" + i, "retry", true);
        }
        JsonObject refused = bob.refused(-10021, "getLock", "channel", "c");
        assertThat(refused.getJsonObject("detail").getString("cause")).isEqualTo("TOO_MANY_IN_FLIGHT");
        bob.sync();
        alice.lock("releaseLock", "l0");
        bob.reply(first);
        bob.succeed("getLock", "channel", "c");
    }
}
