// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

import io.micrometer.core.instrument.Clock;

/** The time by which metrics forget what is old, minutes later. To read the machine's clock for each value costs more than the value. */
public final class MetricsClock implements Clock {

    public static final long PERIOD_MILLIS = 1_000;

    private volatile long wallMillis = System.currentTimeMillis();

    /** To be called every {@link #PERIOD_MILLIS}. */
    public void tick() {
        wallMillis = System.currentTimeMillis();
    }

    @Override
    public long wallTime() {
        return wallMillis;
    }

    @Override
    public long monotonicTime() {
        return System.nanoTime();
    }
}
