// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Whether the event loops of this process turn: each is handed a trivial task at each look, and how long that waits is told.
 *
 * <p>Time is counted in looks, not by a clock, so that a process that was stopped and goes on does not find all of its loops
 * stuck. {@link #look} and {@link #stuckMillis} belong to one thread.
 */
final class EventLoops {
    static final long LOOK_MILLIS = 500;

    private final List<Probe> probes = new ArrayList<>();
    private final LongSupplier nanos;
    private final LongConsumer lagNanos;

    /**
     * @param nanos a monotonic clock
     * @param lagNanos is told on the loop how long a task waited for its turn
     */
    EventLoops(Iterable<? extends Executor> loops, LongSupplier nanos, LongConsumer lagNanos) {
        this.nanos = nanos;
        this.lagNanos = lagNanos;
        loops.forEach(loop -> probes.add(new Probe(loop)));
    }

    /** To be called every {@value #LOOK_MILLIS} ms. */
    void look() {
        probes.forEach(Probe::look);
    }

    /** How long the loop that has not turned for the longest has not, 0 when all do. */
    long stuckMillis() {
        return LOOK_MILLIS
                * probes.stream().mapToLong(probe -> probe.looksInVain).max().orElse(0);
    }

    private final class Probe {
        private final Executor loop;
        private volatile boolean pending;
        private long looksInVain;

        Probe(Executor loop) {
            this.loop = loop;
        }

        void look() {
            if (pending) {
                looksInVain++;
                return;
            }
            looksInVain = 0;
            pending = true;
            long asked = nanos.getAsLong();
            loop.execute(() -> {
                lagNanos.accept(nanos.getAsLong() - asked);
                pending = false;
            });
        }
    }
}
