// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a client that is refused for its rate is cut off: for going on and on, not for a moment's haste. */
class PatienceTest {

    private final Patience patience = new Patience(10);

    @Test
    void burst_isForgiven_upToTwentyTimesTheBound() {
        for (int i = 1; i < 200; i++) {
            assertThat(patience.isOver(0)).as("refusal %d", i).isFalse();
        }
        assertThat(patience.isOver(0)).isTrue();
    }

    @Test
    void runOfFiveSeconds_isEnough() {
        for (long now = 0; now < 5_000; now += 500) {
            assertThat(patience.isOver(now)).as("at %d", now).isFalse();
        }
        assertThat(patience.isOver(5_000)).isTrue();
    }

    @Test
    void rest_beginsAnew() {
        for (long now = 0; now < 60_000; now += 1_001) {
            assertThat(patience.isOver(now)).as("at %d", now).isFalse();
        }
    }
}
