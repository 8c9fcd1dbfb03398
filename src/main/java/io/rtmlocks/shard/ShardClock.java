// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Moment;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The clock by which time runs out for those who are away. It stands still while this process does.
 *
 * <p>Who could not be heard because this process was stopped (a suspended machine, a long collection) must not pay for it:
 * when more than {@code pauseMillis} pass between two readings, the rest does not count, and another
 * {@code graceMillis} follow in which nothing runs out. Something must read it regularly, or quiet time looks like a pause.
 *
 * <p>Confined to one thread.
 */
public final class ShardClock {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier utcMillis;
    private final LongSupplier nanos;
    private final long pauseMillis;
    private final long graceMillis;
    private long lastReadMillis;
    private long lagMillis;
    private long lastMillis;
    private @Nullable Moment moment;

    /**
     * @param utcMillis the time of day
     * @param nanos a monotonic source, such as {@code System::nanoTime}
     */
    public ShardClock(LongSupplier utcMillis, LongSupplier nanos, long pauseMillis, long graceMillis) {
        this.utcMillis = utcMillis;
        this.nanos = nanos;
        this.pauseMillis = pauseMillis;
        this.graceMillis = graceMillis;
        this.lastReadMillis = Math.floorDiv(nanos.getAsLong(), NANOS_PER_MILLI);
        this.lastMillis = lastReadMillis;
    }

    /** All of a millisecond are one moment. */
    public Moment now() {
        long millis = millis();
        if (moment == null || millis != moment.monotonicMillis()) {
            moment = new Moment(utcMillis.getAsLong(), millis);
        }
        return moment;
    }

    /** What goes on while this process stands still. */
    public long nanos() {
        return nanos.getAsLong();
    }

    /** Milliseconds without pauses; never goes back. */
    public long millis() {
        long read = Math.floorDiv(nanos.getAsLong(), NANOS_PER_MILLI);
        long step = read - lastReadMillis;
        lastReadMillis = read;
        if (step > pauseMillis) {
            lagMillis += step - pauseMillis + graceMillis;
        }
        lastMillis = Math.max(lastMillis, read - lagMillis);
        return lastMillis;
    }
}
