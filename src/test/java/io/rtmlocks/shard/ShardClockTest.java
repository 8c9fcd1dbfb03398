// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.Moment;
import org.junit.jupiter.api.Test;

/** Time that passed while this process was stopped does not run out for anybody. */
class ShardClockTest {

    private static final int PAUSE_MILLIS = 1_000;
    private static final int GRACE_MILLIS = 15_000;

    private long utcMillis = 1_000_000;
    private long nanos = -5_000_000_000L;
    private final ShardClock clock = new ShardClock(() -> utcMillis, () -> nanos, PAUSE_MILLIS, GRACE_MILLIS);

    private long after(long millis) {
        nanos += millis * 1_000_000;
        return clock.millis();
    }

    @Test
    void readRegularly_itGoesWithTheSource() {
        long start = clock.millis();
        for (int i = 1; i <= 100; i++) {
            assertThat(after(PAUSE_MILLIS)).isEqualTo(start + (long) i * PAUSE_MILLIS);
        }
    }

    /** The rest of a pause does not count, and then it stands still for the grace. */
    @Test
    void afterAPause_itStandsStillForTheGrace() {
        long start = clock.millis();
        long paused = after(60_000);
        assertThat(paused - start).isLessThanOrEqualTo(PAUSE_MILLIS);
        for (int i = 0; i < 14; i++) {
            assertThat(after(1_000)).isEqualTo(paused);
        }
        after(1_000);
        long later = after(1_000);
        assertThat(after(500)).isEqualTo(later + 500);
    }

    @Test
    void theTimeOfDay_mayJump() {
        clock.now();
        utcMillis -= 100_000;
        long later = after(1);
        assertThat(clock.now()).isEqualTo(new Moment(utcMillis, later));
    }
}
