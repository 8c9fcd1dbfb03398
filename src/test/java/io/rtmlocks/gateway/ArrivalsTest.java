// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.telemetry.Limit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections begin a little faster than WebSockets may, and no faster; another address never notices. */
class ArrivalsTest {

    private static final int BOUND = 40;
    private static final int LISTENED_TO = BOUND + BOUND / 8 + 16;
    private static final String CROWD = "192.0.2.1";
    private static final String OTHER = "192.0.2.2";

    private static Arrivals arrivals(int perSecond, int perSecondPerAddress) {
        return new Arrivals(new GatewaySettings.Doors(1_000, 0, perSecond, perSecondPerAddress, 1_000, 8_192), 0);
    }

    @ParameterizedTest
    @CsvSource({"40, 40", "61, 61", "400, 61"})
    void ofAnAddress_areRefilledEachSecond(int coming, int listenedTo) {
        Arrivals arrivals = arrivals(0, BOUND);
        for (long nowMillis : new long[] {0, 1_000, 2_000}) {
            long begun = IntStream.range(0, coming)
                    .filter(i -> arrivals.arrived(CROWD, nowMillis) == null)
                    .count();
            assertThat(begun).isEqualTo(listenedTo);
            assertThat(arrivals.arrived(OTHER, nowMillis)).isNull();
        }
        assertThat(arrivals.arrived(CROWD, 2_000))
                .isEqualTo(coming >= LISTENED_TO ? Limit.HANDSHAKES_PER_ADDRESS : null);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 61, 400})
    void inAll_areBounded_whereverTheyComeFrom(int coming) {
        Arrivals arrivals = arrivals(BOUND, 0);
        long begun = IntStream.range(0, coming)
                .filter(i -> arrivals.arrived("10.0.0." + i, 0) == null)
                .count();
        assertThat(begun).isEqualTo(Math.min(coming, LISTENED_TO));
        assertThat(arrivals.arrived(OTHER, 0)).isEqualTo(coming < LISTENED_TO ? null : Limit.HANDSHAKES_PER_SECOND);
    }

    @Test
    void withoutABound_allBegin() {
        Arrivals arrivals = arrivals(0, 0);
        assertThat(IntStream.range(0, 10_000).filter(i -> arrivals.arrived(CROWD, 0) != null))
                .isEmpty();
    }

    @Test
    void addresses_areForgotten_whenTheyAreNotHeldBackAnyMore() {
        Arrivals arrivals = arrivals(0, BOUND);
        for (int i = 0; i < 100_000; i++) {
            arrivals.arrived("a" + i, 999);
        }
        assertThat(arrivals.addresses()).isEqualTo(100_000);
        arrivals.arrived(CROWD, 1_999);
        assertThat(arrivals.addresses()).isEqualTo(1);
    }
}
