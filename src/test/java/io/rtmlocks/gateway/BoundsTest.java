// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The two counters that say "too much", over time. */
class BoundsTest {

    @Test
    void strikes_areCountedWithinAMinute() {
        Strikes strikes = new Strikes(3);
        assertThat(strikes.isTooMany(0)).isFalse();
        assertThat(strikes.isTooMany(30_000)).isFalse();
        assertThat(strikes.isTooMany(60_000)).isFalse();
        assertThat(strikes.isTooMany(89_999)).isTrue();
    }

    @Test
    void strikes_thatAreRare_neverAreTooMany() {
        Strikes strikes = new Strikes(20);
        for (long now = 0; now < 10_000_000; now += 3_160) {
            assertThat(strikes.isTooMany(now)).isFalse();
        }
    }

    @Test
    void oneStrike_canBeTooMany() {
        assertThat(new Strikes(1).isTooMany(5)).isTrue();
    }

    @Test
    void rate_allowsTheBurst_thenTheAverage() {
        RateLimit limit = new RateLimit(10, 0);
        for (int i = 0; i < 10; i++) {
            assertThat(limit.allows(0)).isTrue();
        }
        assertThat(limit.allows(0)).isFalse();
        assertThat(limit.allows(99)).isFalse();
        assertThat(limit.allows(100)).isTrue();
        assertThat(limit.allows(100)).isFalse();
        int allowed = 0;
        for (long now = 101; now <= 10_100; now++) {
            allowed += limit.allows(now) ? 1 : 0;
        }
        assertThat(allowed).isEqualTo(100);
    }

    @Test
    void rate_savesUpNoMoreThanTheBurst() {
        RateLimit limit = new RateLimit(10, 0);
        int allowed = 0;
        while (limit.allows(3_600_000)) {
            allowed++;
        }
        assertThat(allowed).isEqualTo(10);
    }

    @Test
    void rateOfZero_isNoLimit() {
        RateLimit limit = new RateLimit(0, 0);
        for (int i = 0; i < 1_000; i++) {
            assertThat(limit.allows(0)).isTrue();
        }
    }
}
