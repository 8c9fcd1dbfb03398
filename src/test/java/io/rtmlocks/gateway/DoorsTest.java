// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.telemetry.Limit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes from where: at a bound all pass, beyond it the excess is refused, and another address never notices. */
class DoorsTest {

    private static final int BOUND = 40;
    private static final String CROWD = "192.0.2.1";
    private static final String OTHER = "192.0.2.2";

    private static Doors doors(int connections, int perAddress, int perSecond, int perSecondPerAddress) {
        return new Doors(
                new GatewaySettings.Doors(connections, perAddress, perSecond, perSecondPerAddress, 1_000, 8_192), 0);
    }

    @ParameterizedTest
    @CsvSource({"40, 40, 40", "60, 40, 60", "400, 40, 61"})
    void connectionsOfAnAddress(int coming, int upgraded, int listenedTo) {
        Doors doors = doors(1_000, BOUND, 0, 0);
        int opened = 0;
        int admitted = 0;
        for (int i = 0; i < coming; i++) {
            if (doors.opened(CROWD, 0) == null) {
                opened++;
                admitted += doors.handshake(CROWD, 0) == null ? 1 : 0;
            }
        }
        assertThat(opened).isEqualTo(listenedTo);
        assertThat(admitted).isEqualTo(upgraded);
        assertThat(doors.opened(OTHER, 0)).isNull();
        assertThat(doors.handshake(OTHER, 0)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"40, 40", "60, 40", "400, 40"})
    void handshakesOfAnAddress_areRefilledEachSecond(int coming, int admitted) {
        Doors doors = doors(1_000, 0, 0, BOUND);
        doors.opened(CROWD, 0);
        doors.opened(OTHER, 0);
        for (long nowMillis : new long[] {0, 1_000, 2_000}) {
            long allowed = IntStream.range(0, coming)
                    .filter(i -> doors.handshake(CROWD, nowMillis) == null)
                    .count();
            assertThat(allowed).isEqualTo(admitted);
            assertThat(doors.handshake(OTHER, nowMillis)).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 400})
    void handshakesInAll_areBounded_whereverTheyComeFrom(int coming) {
        Doors doors = doors(1_000, 0, BOUND, 0);
        int admitted = 0;
        for (int i = 0; i < coming; i++) {
            doors.opened("10.0.0." + i, 0);
            Limit refusal = doors.handshake("10.0.0." + i, 0);
            assertThat(refusal).isIn(null, Limit.HANDSHAKES_PER_SECOND);
            admitted += refusal == null ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(BOUND);
    }

    @Test
    void connectionsInAll_areBounded_andPlacesBecomeFree() {
        Doors doors = doors(8, 0, 0, 0);
        long opened = IntStream.range(0, 80)
                .filter(i -> doors.opened(CROWD, 0) == null)
                .count();
        assertThat(opened).isEqualTo(8 + 1 + 16);
        assertThat(doors.opened(OTHER, 0)).isEqualTo(Limit.CONNECTIONS);
        doors.closed(CROWD);
        assertThat(doors.opened(OTHER, 0)).isNull();
    }

    @Test
    void addressesThatAreGone_areForgotten_butNotHowFastTheyCame() {
        Doors doors = doors(1_000, 10, 0, 10);
        for (int i = 0; i < 100_000; i++) {
            doors.opened("a" + i, 0);
            doors.handshake("a" + i, 0);
            doors.closed("a" + i);
        }
        doors.sweep(0);
        assertThat(doors.addresses()).isEqualTo(100_000);
        doors.sweep(1_000);
        assertThat(doors.addresses()).isZero();
    }

    @Test
    void addressesOfOneNetwork_areOne() {
        assertThat(Doors.keyOf("2001:db8:1:2:3:4:5:6")).isEqualTo(Doors.keyOf("2001:db8:1:2:9:9:9:9"));
        assertThat(Doors.keyOf("2001:db8:1:2:3:4:5:6")).isNotEqualTo(Doors.keyOf("2001:db8:1:3:3:4:5:6"));
        assertThat(Doors.keyOf("192.0.2.1")).isEqualTo("192.0.2.1");
        assertThat(Doors.keyOf("::1")).isEqualTo("::1");
    }
}
