// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.shard.Leads;
import io.rtmlocks.shard.NodeMessages;
import io.rtmlocks.shard.ShardMap;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection on which nothing is heard is cut when its session is forgotten; one that was silent, and is heard again, stays. */
class SilentConnectionTest {

    private static final int HEARTBEAT_MS = 100;
    private static final int REMEMBERED_MS = 3_000;
    private static final int SHARDS = 16;

    private final RunningNode node = RunningNode.unhurried(
            "cluster.shards",
            "" + SHARDS,
            "session.heartbeatMs",
            "" + HEARTBEAT_MS,
            "session.offlineAfterMs",
            "600",
            "session.rememberedMs",
            "" + REMEMBERED_MS,
            "lock.ttlMinSeconds",
            "1",
            "lock.ttlMaxSeconds",
            "3");

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void silenceWithoutEnd_isCut() {
        try (RawClient alice = RawClient.loggedIn(node.port(), "alice")) {
            Awaitility.await()
                    .until(() -> RunningNode.await(node.node().counts()).sockets() == 0);
        }
    }

    /** Whoever leads anew knows nothing of who sees the channel: it would tell this one nothing more. */
    @Test
    void silentWhileAnotherBeganToLead_isShownTheChannelAgain() {
        TestClient bob = node.login("bob");
        try (RawClient alice = RawClient.loggedIn(node.port(), "alice")) {
            acquire(alice);
            alice.write(RawClient.text("{\"id\":3,\"op\":\"subscribe\",\"channel\":\"c\"}"));
            assertThat(alice.next().text()).contains("\"id\":3");
            assertThat(alice.next().text()).contains("\"SNAPSHOT\"");
            bob.eventually("l", lock -> !lock.getBoolean("ownerOnline"));
            String address = node.node().busAddress();
            int shard = new ShardMap(SHARDS).shardOf(new ChannelKey(ChannelType.MESSAGE, "c"));
            Leads anew = new Leads(shard, "", 2, address, List.of());
            node.node().vertx().eventBus().send(address, NodeMessages.encoded(anew));

            alice.write(RawClient.text("{\"op\":\"heartbeat\",\"n\":1}"));

            assertThat(alice.next().text()).contains("\"SNAPSHOT\"");
        }
    }

    private static void acquire(RawClient client) {
        client.write(RawClient.text(
                "{\"id\":2,\"op\":\"acquireLock\",\"channel\":\"c\",\"lockName\":\"l\",\"create\":true,\"ttl\":300}"));
        client.next();
    }

    @Test
    void silenceThatEnded_isNotCutLater() {
        TestClient bob = node.login("bob");
        try (RawClient alice = RawClient.loggedIn(node.port(), "alice")) {
            acquire(alice);
            bob.eventually("l", lock -> !lock.getBoolean("ownerOnline"));
            alice.write(RawClient.text("{\"op\":\"heartbeat\",\"n\":1}"));
            bob.eventually("l", lock -> lock.getBoolean("ownerOnline"));

            TestClient clock = node.login("clock");
            for (int n = 1; n <= 2 * REMEMBERED_MS / HEARTBEAT_MS; n++) {
                clock.heartbeat(n);
                alice.write(RawClient.text("{\"op\":\"heartbeat\",\"n\":1}"));
            }
            alice.write(RawClient.text("{\"id\":3,\"op\":\"ping\"}"));
            assertThat(alice.next().text()).contains("\"id\":3");
        }
    }
}
