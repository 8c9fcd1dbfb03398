// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A lock is trusted for its ttl after the last thing that the service has surely heard was sent, and no longer. */
class TrustTest {
    private static final Grant GRANT = new Grant(1, 10);

    private final Trust trust = new Trust();

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
        trust.heard(0);
        assertThat(trust.isEnding(GRANT, noticeMillis, endingMillis - 1)).isFalse();
        assertThat(trust.isEnding(GRANT, noticeMillis, endingMillis)).isTrue();
        assertThat(trust.needsLook(GRANT, noticeMillis, lookMillis - 1)).isFalse();
        assertThat(trust.needsLook(GRANT, noticeMillis, lookMillis)).isTrue();
        assertThat(Trust.usableMillis(GRANT, trust.leftMillis(GRANT, endingMillis)))
                .isEqualTo(Math.min(noticeMillis, 5_000));
    }
}
