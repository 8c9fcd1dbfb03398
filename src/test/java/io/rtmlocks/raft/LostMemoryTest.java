// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.gateway.RunningCluster;
import io.rtmlocks.gateway.TestClient;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.shard.ShardMap;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What most replicas have forgotten begins anew and is served again on every node; what they remember goes on. */
class LostMemoryTest {

    private static final int SHARDS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String FORGOTTEN = channelOf(0);
    private static final String REMEMBERED = channelOf(1);

    private final RunningCluster cluster = RunningCluster.of(3, "cluster.shards", String.valueOf(SHARDS));

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static String channelOf(int shard) {
        ShardMap map = new ShardMap(SHARDS);
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "c" + i)
                .filter(name -> map.shardOf(new ChannelKey(ChannelType.MESSAGE, name)) == shard)
                .findFirst()
                .orElseThrow();
    }

    private static JsonObject acquire(TestClient client, String channel) {
        return client.call("acquireLock", "channel", channel, "lockName", "l", "create", true);
    }

    /** @return the token of the lock, which is free once the shard is led again */
    private static long tokenOnceServed(TestClient client, String channel) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .until(() -> acquire(client, channel), reply -> reply.getInteger("errorCode") == 0)
                .getLong("fencingToken");
    }

    @Test
    void shard_of_which_most_replicas_start_again_begins_anew_and_takes_no_other_with_it() {
        TestClient alice = cluster.login(0, "alice");
        long before = tokenOnceServed(alice, FORGOTTEN);
        tokenOnceServed(cluster.login(0, "carol"), REMEMBERED);
        List<RestartOrder> orders = List.of(RestartOrder.to(cluster.node(1), 0), RestartOrder.to(cluster.node(2), 0));

        orders.forEach(RestartOrder::give);

        TestClient bob = cluster.login(1, "bob");
        assertThat(tokenOnceServed(bob, FORGOTTEN)).isGreaterThan(before);
        isTold(alice);
        JsonObject refused = acquire(bob, REMEMBERED);
        assertThat(refused.getJsonObject("detail").getString("owner"))
                .as(refused.encode())
                .isEqualTo("carol");
    }

    @Test
    void node_that_was_left_alone_serves_again_when_the_others_are_back() {
        TestClient alice = cluster.login(0, "alice");
        long before = tokenOnceServed(alice, FORGOTTEN);
        cluster.end(1);
        cluster.end(2);

        cluster.startAgain(1, 2);

        assertThat(tokenOnceServed(cluster.login(0, "bob"), FORGOTTEN)).isGreaterThan(before);
        assertThat(tokenOnceServed(cluster.login(1, "carol"), REMEMBERED)).isPositive();
        isTold(alice);
    }

    /** Its connection to a node that lives ends, and its session does not go on. */
    private void isTold(TestClient client) {
        assertThat(client.closeCode()).isEqualTo(1013);
        TestClient back = cluster.connect(0);
        assertThat(back.login("alice", client.resumeToken).getBoolean("resumed"))
                .isFalse();
    }
}
