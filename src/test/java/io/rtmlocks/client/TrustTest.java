// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A lock is trusted for its ttl after the last thing that the service has surely heard was sent, and no longer. */
class TrustTest {
    private static final Grant GRANT = new Grant(1, 10);

    private final Trust trust = new Trust(1_000);

    @Test
    void nothing_heard_is_no_trust() {
        assertThat(trust.leftMillis(GRANT, 1_000)).isNegative();
    }

    @Test
    void it_counts_from_when_it_was_sent_and_a_little_is_kept_back() {
        trust.heard(1_000);
        assertThat(trust.leftMillis(GRANT, 1_000)).isEqualTo(9_800);
        assertThat(trust.leftMillis(GRANT, 10_800)).isZero();
        trust.heard(500);
        assertThat(trust.leftMillis(GRANT, 1_000)).isEqualTo(9_800);
    }

    @Test
    void a_heartbeat_counts_when_it_is_acknowledged_and_in_its_connection_only() {
        trust.heard(0);
        trust.answered(1, 5_000);
        trust.answered(2, 10_000);
        assertThat(trust.leftMillis(GRANT, 0)).isEqualTo(9_800);
        trust.acknowledged(1);
        assertThat(trust.leftMillis(GRANT, 5_000)).isEqualTo(9_800);
        trust.connected();
        trust.acknowledged(2);
        assertThat(trust.leftMillis(GRANT, 5_000)).isEqualTo(9_800);
    }

    /** ttl 10 s: of 9.8 s the last 0.3 s are kept back, and before them what was asked for, at most half of the ttl. */
    @ParameterizedTest
    @CsvSource({"2000, 7500, 5500", "5000, 4500, 2500", "60000, 4500, 2500"})
    void it_is_ending_so_long_before_its_end_and_asks_before_that(
            long noticeMillis, long endingMillis, long lookMillis) {
        Trust trust = new Trust(noticeMillis);
        trust.heard(0);
        assertThat(trust.ending(GRANT, endingMillis - 1, "cut")).isNull();
        Loss loss = trust.ending(GRANT, endingMillis, "cut");
        assertThat(loss).isNotNull();
        assertThat(loss.leftMillis()).isEqualTo(Math.min(noticeMillis, 5_000));
        assertThat(loss.reason()).contains("cut");

        assertThat(trust.looks(GRANT, lookMillis - 1)).isFalse();
        assertThat(trust.looks(GRANT, lookMillis)).isTrue();
        assertThat(trust.looks(GRANT, lookMillis + 99)).as("not so soon again").isFalse();
        trust.looked(false);
        assertThat(trust.ending(GRANT, endingMillis, "cut")).isNotNull();
        trust.looked(true);
        assertThat(trust.ending(GRANT, endingMillis, "cut")).isNull();
        assertThat(trust.leftMillis(GRANT, lookMillis)).isEqualTo(9_800);
    }
}
