// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** Monotonic time that runs faster, in the shape of a clock: it says nothing about the time of day. */
final class PacedClock extends Clock {

    private final LongSupplier monotonicMillis;
    private final int speed;
    private final long startMillis;

    PacedClock(LongSupplier monotonicMillis, int speed) {
        this.monotonicMillis = monotonicMillis;
        this.speed = speed;
        this.startMillis = monotonicMillis.getAsLong();
    }

    @Override
    public long millis() {
        return (monotonicMillis.getAsLong() - startMillis) * speed;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
