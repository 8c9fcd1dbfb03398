// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Counts what happens within one window, from its making to {@link #figures}; from any thread. */
final class Tally {
    private static final long LATENCY_NANOS_MAX = 100_000_000_000L;

    private final Histogram latencies = new ConcurrentHistogram(LATENCY_NANOS_MAX, 3);
    private final LongAdder operations = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final List<Long> client = List.of(ProcessHandle.current().pid());
    private final List<Long> servers;
    private final long clientCpuMillis;
    private final long serverCpuMillis;
    private final long startedAt;

    Tally(List<Long> servers) {
        this.servers = servers;
        clientCpuMillis = CpuTime.millis(client);
        serverCpuMillis = CpuTime.millis(servers);
        startedAt = System.nanoTime();
    }

    void latency(long nanos) {
        latencies.recordValue(Math.min(nanos, LATENCY_NANOS_MAX));
    }

    void operation() {
        operations.increment();
    }

    void error(Throwable failure) {
        if (errors.sum() == 0) {
            System.err.println("failed: " + failure);
        }
        errors.increment();
    }

    Figures figures() {
        return new Figures(
                operations.sum(),
                (System.nanoTime() - startedAt) / 1e9,
                latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3,
                CpuTime.millis(client) - clientCpuMillis,
                CpuTime.millis(servers) - serverCpuMillis,
                errors.sum());
    }
}
