// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes die, stand still and are restarted while 20 clients add to guarded counters: no addition is lost, no lock has two
 * owners, and tokens grow.
 *
 * <p>{@code -Drtm.faults.rounds=N} does each fault so often; how long nobody was answered is printed.
 */
class FaultsIT {

    private static final int ROUNDS = Integer.getInteger("rtm.faults.rounds", 2);
    private static final int CLIENTS = 20;
    private static final int CHANNELS = 8;
    private static final long CALM_MILLIS = 1_500;
    private static final long PAUSE_MILLIS = 4_000;

    @TempDir
    private Path directory;

    private ProcessCluster cluster;
    private CounterLoad load;

    private interface Fault {
        void strike(int node) throws Exception;
    }

    @BeforeEach
    void start() throws Exception {
        cluster = new ProcessCluster(
                3, directory, Map.of("RTM_LIMITS_ACQUIRE_PER_SECOND", "0", "RTM_LIMITS_OPS_PER_SECOND", "0"));
        load = new CounterLoad(cluster, CLIENTS, CHANNELS);
        load.start();
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    void killed_nodes_lose_nothing() throws Exception {
        check("kills", node -> {
            cluster.kill(node);
            calm(CALM_MILLIS);
            cluster.restart(node);
            cluster.awaitReady(node);
        });
    }

    @Test
    void nodes_that_stand_still_lose_nothing() throws Exception {
        check("pauses", node -> {
            cluster.signal(node, "STOP");
            calm(PAUSE_MILLIS);
            cluster.signal(node, "CONT");
        });
    }

    @Test
    void nodes_that_are_restarted_one_after_the_other_lose_nothing() throws Exception {
        check("restarts", node -> {
            cluster.drain(node);
            cluster.restart(node);
            cluster.awaitReady(node);
        });
        assertThat(load.counts()).containsEntry("locks lost on the way", 0);
    }

    private void check(String what, Fault fault) throws Exception {
        List<Long> gaps = new ArrayList<>();
        calm(CALM_MILLIS);
        for (int round = 0; round < ROUNDS; round++) {
            long unused = load.takeLongestGapMillis();
            fault.strike(round % cluster.size());
            calm(CALM_MILLIS);
            gaps.add(load.takeLongestGapMillis());
        }
        int before = load.rounds();
        calm(CALM_MILLIS);
        assertThat(load.end())
                .as("%s; logs: %s %s %s", what, cluster.logText(0), cluster.logText(1), cluster.logText(2))
                .isEmpty();
        assertThat(load.rounds()).as("it goes on").isGreaterThan(before);
        gaps.sort(null);
        System.out.printf(
                "%d %s: %s; nobody answered for %d ms at most, %d ms in the median%n",
                ROUNDS, what, load.counts(), gaps.get(gaps.size() - 1), gaps.get(gaps.size() / 2));
    }

    private static void calm(long millis) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }
}
