// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows are interleaved, warm-ups are thrown away, and what fails leaves the others alone. */
class RoundsTest {
    private static final Workload WORK = new Pairs("work", 1, 1);

    private final Stage stage = new Stage();
    private final Readings readings = new Readings();
    private final List<String> windows = new ArrayList<>();
    private final Rounds rounds = new Rounds(stage, new Bench.Pace(2, 1, 1, 1, 1, 4), readings);

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void windows_ofTwoTargets_areInterleavedAfterTheirWarmUps() throws Exception {
        rounds.run(WORK, List.of(target("a", 0), target("b", 0)));

        assertThat(windows).containsExactly("a", "a", "b", "b", "a", "b", "a", "b");
        assertThat(readings.median("work", "a", Measure.P50_MICROS)).hasValue((5 + 7) / 2.0);
    }

    @Test
    void a_target_that_fails_is_void_and_the_other_goes_on() throws Exception {
        rounds.run(WORK, List.of(target("a", 6), target("b", 0)));

        assertThat(readings.missing("work", "a")).isEqualTo("void: refused");
        assertThat(readings.median("work", "b", Measure.P50_MICROS)).isPresent();
        assertThat(windows).containsExactly("a", "a", "b", "b", "a", "b", "b");
    }

    @Test
    void a_cold_server_that_refuses_is_asked_again() throws Exception {
        rounds.run(WORK, List.of(target("a", 1)));

        assertThat(readings.missing("work", "a")).isEmpty();
        assertThat(windows).hasSize(4);
    }

    @Test
    void a_target_that_gets_faster_is_broken_in_until_it_does_not() throws Exception {
        List<Double> speeds = new ArrayList<>(List.of(10.0, 20.0, 21.0));
        rounds.run(WORK, List.of(new Target() {
            @Override
            public String name() {
                return "a";
            }

            @Override
            public Workload.Work open(Stage opened, Workload workload) {
                return seconds -> {
                    windows.add(workload.name());
                    return Map.of(Measure.OPS_PER_SECOND, speeds.isEmpty() ? 1.0 : speeds.remove(0));
                };
            }
        }));

        assertThat(windows)
                .startsWith("break-in", "break-in", "break-in", "work")
                .doesNotContainSequence("work", "break-in");
    }

    /** @param failing the number of the window, of all, from which on it fails; 1: only that one; 0: none */
    private Target target(String name, int failing) {
        return new Target() {
            private boolean hasFailed;

            @Override
            public String name() {
                return name;
            }

            @Override
            public Workload.Work open(Stage opened, Workload workload) {
                return seconds -> {
                    if (failing > 0 && !hasFailed && windows.size() + 1 >= failing) {
                        hasFailed = true;
                        opened.on(() -> Future.failedFuture("refused"));
                    }
                    windows.add(name);
                    return Map.of(Measure.P50_MICROS, (double) windows.size());
                };
            }
        };
    }
}
