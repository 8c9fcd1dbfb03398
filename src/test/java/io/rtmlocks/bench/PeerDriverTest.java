// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a driver says is taken as it is meant; what is missing or failed makes no figure. */
class PeerDriverTest {

    @Test
    void values_areForEachOperation() throws Exception {
        Map<Measure, Double> values = PeerDriver.values(
                new JsonObject(
                        "{\"ops\":1000,\"seconds\":2.0,\"p50Micros\":210.5,"
                                + "\"p99Micros\":900,\"clientCpuMillis\":400,\"serverCpuMillis\":300,\"errors\":0,\"maxMicros\":1}"));

        assertThat(values)
                .containsEntry(Measure.OPS_PER_SECOND, 500.0)
                .containsEntry(Measure.P50_MICROS, 210.5)
                .containsEntry(Measure.SERVER_CPU_MICROS, 300.0)
                .containsEntry(Measure.CLIENT_CPU_MICROS, 400.0);
    }

    @Test
    void values_withErrorsOrOfNothing_throws() {
        String said = "{\"ops\":%d,\"seconds\":2.0,\"errors\":%d}";
        assertThatThrownBy(() -> PeerDriver.values(new JsonObject(said.formatted(5, 1))))
                .hasMessage("1 errors");
        assertThatThrownBy(() -> PeerDriver.values(new JsonObject(said.formatted(0, 0))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void check_ofWhatIsNotThere_saysWhat() {
        assertThatThrownBy(() -> PeerDriver.check("{\"missing\":\"redis-server\"}"))
                .isInstanceOf(PeerDriver.NotPresentException.class)
                .hasMessage("redis-server");
        assertThatThrownBy(() -> PeerDriver.check(null)).isInstanceOf(PeerDriver.NotPresentException.class);
        assertThatThrownBy(() -> PeerDriver.check("{\"error\":\"no port\"}"))
                .isInstanceOf(IOException.class)
                .hasMessage("no port");
    }

    @Test
    void a_driver_that_is_not_built_is_not_present() {
        assertThatThrownBy(() -> new PeerDriver(Program.javaWords(List.of("-jar", "no/such.jar"))))
                .isInstanceOf(PeerDriver.NotPresentException.class);
    }
}
