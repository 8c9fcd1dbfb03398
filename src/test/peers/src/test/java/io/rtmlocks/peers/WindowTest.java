// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The windows count what happens and notice a lock that is none, with no server in play. */
class WindowTest {
    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    @Test
    void a_lock_goes_round_without_errors() throws Exception {
        Semaphore semaphore = new Semaphore(1, true);

        Figures figures = new HandOffWindow(3, 1, ONE_SECOND).run(peer(() -> lockOn(semaphore)));

        assertThat(figures.operations()).isGreaterThan(3);
        assertThat(figures.errors()).isZero();
        assertThat(figures.p50Micros()).isPositive().isLessThanOrEqualTo(figures.p99Micros());
        assertThat(semaphore.availablePermits()).isEqualTo(1);
    }

    @Test
    void two_holders_at_once_are_an_error() throws Exception {
        Semaphore semaphore = new Semaphore(2, true);

        Figures figures = new HandOffWindow(3, 1, ONE_SECOND).run(peer(() -> lockOn(semaphore)));

        assertThat(figures.errors()).isPositive();
    }

    @Test
    void every_pair_is_counted_once() throws Exception {
        Semaphore semaphore = new Semaphore(0);
        PeerLock counted = new BlockingLock(() -> semaphore, () -> {
            semaphore.release();
            return semaphore;
        });

        Figures figures = new PairsWindow(1, 1, ONE_SECOND).run(peer(() -> counted));

        assertThat(figures.operations()).isPositive().isEqualTo(semaphore.availablePermits());
        assertThat(figures.seconds()).isGreaterThanOrEqualTo(1);
        assertThat(figures.errors()).isZero();
    }

    @Test
    void a_client_that_gives_up_is_an_error() throws Exception {
        PeerLock broken = new BlockingLock(
                () -> {
                    throw new IllegalStateException("gave up");
                },
                () -> "never asked");

        assertThat(new PairsWindow(2, 2, ONE_SECOND).run(peer(() -> broken)).errors())
                .isEqualTo(4);
    }

    @Test
    void a_line_that_is_not_understood_is_refused() {
        for (String line :
                List.of("", "pears", "pairs clients", "pairs clients=many", "pairs waiters=8", "handoff inflight=2")) {
            assertThatThrownBy(() -> Window.parse(line)).as(line).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Window.parse("pairs seconds=0.5 clients=64"))
                .isEqualTo(new PairsWindow(64, 1, Duration.ofMillis(500)));
    }

    private static PeerLock lockOn(Semaphore semaphore) {
        return new BlockingLock(
                () -> {
                    semaphore.acquire();
                    return semaphore;
                },
                () -> {
                    semaphore.release();
                    return semaphore;
                });
    }

    /** Each user has the same kind of lock; the server is this process. */
    private static Peer peer(Supplier<PeerLock> locks) {
        return new Peer() {
            @Override
            public PeerLock lock(int user, String name) {
                return locks.get();
            }

            @Override
            public List<Long> servers() {
                return List.of(ProcessHandle.current().pid());
            }

            @Override
            public String client() {
                return "none";
            }

            @Override
            public String server() {
                return "none";
            }

            @Override
            public void close() {}
        };
    }
}
