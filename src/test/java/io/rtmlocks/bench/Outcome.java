// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What a window counted and timed. For one thread. */
final class Outcome {
    private static final int DIGITS = 3;

    final Histogram nanos = new Histogram(DIGITS);
    private final long beganNanos = System.nanoTime();
    private long endedNanos;
    private long ops;

    void done() {
        ops++;
    }

    void done(long latencyNanos) {
        ops++;
        nanos.recordValue(latencyNanos);
    }

    void end() {
        endedNanos = System.nanoTime();
    }

    /** @param serverMillis processor time of the servers meanwhile, {@code clientMillis} of the clients */
    Map<Measure, Double> values(long serverMillis, long clientMillis) {
        if (ops == 0) {
            throw new IllegalStateException("nothing was done in this window");
        }
        Map<Measure, Double> values = new EnumMap<>(Measure.class);
        values.put(Measure.OPS_PER_SECOND, ops * 1e9 / (endedNanos - beganNanos));
        values.put(Measure.SERVER_CPU_MICROS, serverMillis * 1e3 / ops);
        values.put(Measure.CLIENT_CPU_MICROS, clientMillis * 1e3 / ops);
        values.put(Measure.P50_MICROS, nanos.getValueAtPercentile(50) / 1e3);
        values.put(Measure.P99_MICROS, nanos.getValueAtPercentile(99) / 1e3);
        return values;
    }
}
