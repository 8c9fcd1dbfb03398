// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import java.security.SecureRandom;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What a node takes from the machine it runs on; a simulation gives its own.
 *
 * @param utcMillis the time of day
 * @param nanos a monotonic time, which means nothing on another machine
 * @param random used on several threads
 */
public record Sources(LongSupplier utcMillis, LongSupplier nanos, Random random) {

    /** The machine itself. */
    public static final Sources SYSTEM = new Sources(System::currentTimeMillis, System::nanoTime, new SecureRandom());

    /** Milliseconds that go on while the process stands still. */
    public long monotonicMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong());
    }

    /** A clock for one context, which stands still while the process does; see {@link ShardClock}. */
    public ShardClock clock(long pauseMillis, long graceMillis) {
        return new ShardClock(utcMillis, nanos, pauseMillis, graceMillis);
    }
}
