// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each driver's lock, on its real server, shuts others out and is handed on, and its figures count; skipped where a server is missing. */
class DriversTest {
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);
    private static final int ANSWER_SECONDS_MAX = 30;

    @ParameterizedTest
    @CsvSource({"redis,1", "redisson,1", "redisson-fenced,1", "etcd,1", "etcd,3", "zookeeper,1", "zookeeper,3"})
    void a_lock_excludes_and_is_handed_on(String driver, int nodes) throws Exception {
        try (Peer peer = start(driver, nodes)) {
            one_waits_for_the_other(peer);
            Figures handOffs = new HandOffWindow(8, 2, ONE_SECOND).run(peer);
            Figures pairs = new PairsWindow(4, 2, ONE_SECOND).run(peer);

            for (Figures figures : new Figures[] {handOffs, pairs}) {
                assertThat(figures.operations()).isPositive();
                assertThat(figures.p50Micros()).isPositive().isLessThanOrEqualTo(figures.p99Micros());
                assertThat(figures.clientCpuMillis()).isPositive();
                assertThat(figures.errors()).isZero();
            }
            assertThat(peer.servers()).hasSize(nodes).allMatch(DriversTest::runs);
            assertThat(Stream.of(handOffs, pairs)
                            .mapToLong(Figures::serverCpuMillis)
                            .sum())
                    .isPositive();
        }
    }

    private static void one_waits_for_the_other(Peer peer) throws Exception {
        PeerLock alice = peer.lock(0, "lock");
        PeerLock bob = peer.lock(1, "lock");
        PeerLock other = peer.lock(2, "other");
        await(alice.acquire().toCompletableFuture());

        CompletableFuture<?> wait = bob.acquire().toCompletableFuture();
        for (int i = 0; i < 20; i++) {
            await(other.acquire().toCompletableFuture());
            await(other.release().toCompletableFuture());
        }
        assertThat(wait).isNotDone();

        await(alice.release().toCompletableFuture());
        await(wait);
        await(bob.release().toCompletableFuture());
    }

    private static Peer start(String driver, int nodes) throws Exception {
        try {
            return Driver.named(driver).start(nodes);
        } catch (MissingException e) {
            return abort("not installed: " + e.getMessage());
        }
    }

    private static void await(CompletableFuture<?> answer) throws Exception {
        answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    }

    private static boolean runs(long pid) {
        return ProcessHandle.of(pid).isPresent();
    }
}
