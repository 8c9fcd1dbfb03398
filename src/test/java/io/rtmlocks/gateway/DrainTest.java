// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtmlocks.ops.Scrape;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node that drains leads nothing in the end, and is given nothing until it is started anew. */
class DrainTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Longer than the other nodes take to give each what it should lead. */
    private static final Duration WHILE = Duration.ofSeconds(12);

    @Test
    void drained_node_leadsNothing_untilItStartsAnew() {
        try (RunningCluster cluster = RunningCluster.of(3)) {
            await().atMost(PATIENCE).until(() -> led(cluster, 1) > 0);

            RunningCluster.await(cluster.node(1).drain());

            assertThat(led(cluster, 1)).isZero();
            await().during(WHILE).atMost(PATIENCE).until(() -> led(cluster, 1) == 0);
            assertThat(led(cluster, 0) + led(cluster, 2)).isEqualTo(16);

            cluster.end(1);
            cluster.startAgain(1);
            await().atMost(PATIENCE).until(() -> led(cluster, 1) > 0);
        }
    }

    private static int led(RunningCluster cluster, int node) {
        return (int) Scrape.of(cluster.node(node).managementPort()).value("rtm_shards_led");
    }
}
