// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client that does not read as fast as it is written to misses no change for good, and costs nobody anything (§5). */
class SlowConsumerTest {

    private static final int VALUE_LENGTH = 15_000;

    private final RunningNode node = RunningNode.unhurried();
    private final TestClient alice = node.login("alice");

    @AfterEach
    void stop() {
        node.close();
    }

    /** More than the network holds for a client that does not read. */
    private void manyBigEvents() {
        for (int i = 0; i < 1_500; i++) {
            alice.succeed("setChannelMetadata", "channel", "c", "data", JsonData.of("k", i + "x".repeat(VALUE_LENGTH)));
        }
    }

    @Test
    void slowSubscriber_getsAFreshSnapshot_andOthersSeeEverything() {
        TestClient slow = node.login("slow");
        TestClient quick = node.login("quick");
        slow.subscribe("withStorage", true);
        quick.subscribe("withStorage", true);
        slow.pause();
        alice.lock("setLock", "l");
        manyBigEvents();
        alice.lock("acquireLock", "l");
        long last = alice.succeed("getLock", "channel", "c").getLong("seq");
        quick.lockEvent("ACQUIRED");
        for (long revision = 1; revision <= 1_500; revision++) {
            assertThat(quick.storageEvent("UPDATE").getLong("majorRevision")).isEqualTo(revision);
        }
        slow.resume();
        JsonObject fresh = slow.lockEvent("SNAPSHOT");
        assertThat(fresh.getLong("seq")).isEqualTo(last);
        assertThat(fresh.getJsonArray("snapshot").getJsonObject(0).getString("owner"))
                .isEqualTo("alice");
        slow.storageEvent("SNAPSHOT");
        slow.take(
                "the last state",
                frame -> "storage".equals(frame.getString("event")) && frame.getLong("majorRevision") == 1_500);
        assertThat(slow.received().stream()
                        .filter(frame -> "UPDATE".equals(frame.getString("eventType")))
                        .count())
                .isLessThan(1_500);
        alice.lock("releaseLock", "l");
        assertThat(slow.lockEvent("RELEASED").getLong("seq")).isEqualTo(last + 1);
    }

    /** Replies must arrive, so they queue; over the bound the connection is cut, and the session can come back. */
    @Test
    void repliesThatNobodyReads_cutTheConnection1013() {
        alice.succeed("setChannelMetadata", "channel", "c", "data", JsonData.of("k", "x".repeat(VALUE_LENGTH)));
        TestClient slow = node.login("slow");
        slow.lock("acquireLock", "l", "create", true);
        slow.pause();
        for (int i = 0; i < 2_000; i++) {
            slow.send("getChannelMetadata", "channel", "c");
            if (i % 200 == 0) {
                alice.sync();
            }
        }
        alice.eventually("l", lock -> !lock.getBoolean("ownerOnline"));
        slow.resume();
        assertThat(slow.closeCode()).isIn(1013, 1006);
        TestClient back = node.resume("slow", slow);
        assertThat(back.welcome.getJsonArray("held")).hasSize(1);
    }

    /** Nobody waits for a client that does not read: the others' requests take as long as before. */
    @Test
    void slowSubscribers_delayNobody() {
        for (int i = 0; i < 5; i++) {
            TestClient slow = node.login("slow" + i);
            slow.subscribe("withStorage", true);
            slow.pause();
        }
        manyBigEvents();
        TestClient bob = node.login("bob");
        bob.subscribe();
        long start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            bob.lock("acquireLock", "l", "create", true);
            bob.lock("releaseLock", "l");
        }
        assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(5_000);
        for (int i = 0; i < 100; i++) {
            bob.lockEvent("ACQUIRED");
        }
    }
}
