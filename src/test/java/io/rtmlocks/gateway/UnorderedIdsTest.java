// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Ids of requests need not ascend: of one that is asked again at another node nobody says that nothing happened (PROTOCOL.md §4). */
class UnorderedIdsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long HIGH = 1_000_000;

    @Test
    void what_happened_under_a_higher_id_than_that_of_the_login_is_not_denied_while_nobody_can_decide() {
        try (RunningCluster cluster = RunningCluster.of(3, "cluster.shards", "1")) {
            TestClient alice = cluster.login(0, "alice");
            JsonObject acquire =
                    alice.lockRequest("acquireLock", "l", "create", true).put("id", HIGH);
            alice.succeed(acquire);
            alice.cut();
            TestClient back = cluster.connect(1);
            back.continueIdsOf(alice);
            back.login("alice", alice.resumeToken);
            cluster.end(0);
            cluster.end(2);
            AtomicLong fresh = new AtomicLong(HIGH);
            await().atMost(PATIENCE).until(() -> {
                JsonObject get = back.request("getLock", "channel", "c").put("id", fresh.incrementAndGet());
                return back.call(get).getInteger("errorCode") == -14009;
            });

            back.refused(-14002, acquire);
        }
    }
}
