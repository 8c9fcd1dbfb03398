// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.gateway.RunningCluster;
import io.rtmlocks.gateway.TestClient;
import io.rtmlocks.ops.Scrape;
import java.time.Duration;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What leaders and replicas tell of each other moves when a replica is away, comes back, or starts again. */
class ReplicaMetricsTest {
    private static final String BEHIND = "rtm_replicas_behind";
    private static final String LAG = "rtm_replica_lag_entries";
    private static final String RESTARTS = "rtm_replica_restarts_total";
    private static final int CHANGES = 50;

    private final RunningCluster cluster =
            RunningCluster.of(3, "cluster.shards", "1", "limits.opsPerSecond", "0", "limits.locksPerChannel", "1000");

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void replica_that_is_away_is_behind_by_what_was_decided_without_it_until_it_is_back() {
        TestClient alice = cluster.login(0, "alice");
        setLocks(alice, "before");
        eventually(() -> assertThat(sum(BEHIND, 0, 1, 2)).isZero());

        cluster.end(2);
        setLocks(alice, "without");

        eventually(() -> assertThat(sum(BEHIND, 0, 1)).isEqualTo(1));
        eventually(() -> assertThat(max(LAG, 0, 1)).isGreaterThanOrEqualTo(CHANGES));
        double lag = max(LAG, 0, 1);
        setLocks(alice, "more");
        eventually(() -> assertThat(max(LAG, 0, 1)).isGreaterThanOrEqualTo(lag + CHANGES));

        cluster.startAgain(2);
        eventually(() -> {
            assertThat(sum(BEHIND, 0, 1, 2)).isZero();
            assertThat(max(LAG, 0, 1, 2)).isZero();
        });
        assertThat(sum(RESTARTS, 0, 1, 2)).isZero();
    }

    @Test
    void replica_that_is_told_to_start_again_counts_on_its_node_and_catches_up() {
        TestClient alice = cluster.login(0, "alice");
        setLocks(alice, "before");

        RestartOrder.to(cluster.node(1), 0).give();

        eventually(() -> assertThat(sum(RESTARTS, 1)).isEqualTo(1));
        assertThat(sum(RESTARTS, 0, 2)).isZero();
        setLocks(alice, "after");
        eventually(() -> assertThat(sum(BEHIND, 0, 1, 2)).isZero());
    }

    private static void setLocks(TestClient alice, String name) {
        for (int i = 0; i < CHANGES; i++) {
            alice.lock("setLock", name + i);
        }
    }

    private double sum(String series, int... numbers) {
        return IntStream.of(numbers)
                .mapToDouble(number -> value(series, number))
                .sum();
    }

    private double max(String series, int... numbers) {
        return IntStream.of(numbers)
                .mapToDouble(number -> value(series, number))
                .max()
                .orElseThrow();
    }

    private double value(String series, int number) {
        return Scrape.of(cluster.node(number).managementPort()).value(series);
    }

    private static void eventually(org.awaitility.core.ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofMinutes(2)).untilAsserted(assertion);
    }
}
