// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsClockTest {

    @Test
    void time_goes_on_when_it_is_told_to_and_not_in_between() {
        long beforeMillis = System.currentTimeMillis();
        MetricsClock clock = new MetricsClock();
        long firstMillis = clock.wallTime();
        assertThat(firstMillis).isBetween(beforeMillis, System.currentTimeMillis());

        while (System.currentTimeMillis() == firstMillis) {
            Thread.onSpinWait();
        }
        assertThat(clock.wallTime()).isEqualTo(firstMillis);

        clock.tick();
        assertThat(clock.wallTime()).isGreaterThan(firstMillis);
    }
}
