// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import static io.rtmlocks.bench.Measure.P50_MICROS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From readings to a verdict: medians, ratios within rounds, and what was not measured. */
class ReadingsTest {
    private final Readings readings = new Readings();
    private final Goal twice = Goal.atMost(
            2, "twice", round -> round.value("w", "own", P50_MICROS) / round.value("w", "floor", P50_MICROS));

    @Test
    void median_ofOddEvenAndNone() {
        assertThat(Readings.median(List.of(9.0, 1.0, 5.0))).hasValue(5.0);
        assertThat(Readings.median(List.of(4.0, 1.0, 3.0, 100.0))).hasValue(3.5);
        assertThat(Readings.median(List.of())).isEmpty();
    }

    @Test
    void a_ratio_is_taken_within_each_round() {
        // Round 2 was disturbed as a whole: medians of each side alone would give 40 / 10.
        add("floor", 1, 10);
        add("own", 1, 15);
        add("floor", 2, 100);
        add("own", 2, 150);
        add("floor", 3, 10);
        add("own", 3, 40);

        assertThat(twice.measured(readings)).hasValue(1.5);
        assertThat(readings.median("w", "own", P50_MICROS)).hasValue(40);
    }

    @Test
    void a_round_that_lacks_a_side_does_not_count() {
        add("floor", 1, 10);
        add("own", 1, 15);
        add("own", 2, 500);

        assertThat(twice.measured(readings)).hasValue(1.5);
        readings.forget("w");
        assertThat(twice.measured(readings)).isEmpty();
    }

    @Test
    void a_goal_is_met_on_its_side_of_the_bound_only() {
        Goal half = Goal.atLeast(0.5, "half", round -> 0);

        assertThat(twice.isMet(2)).isTrue();
        assertThat(twice.isMet(2.01)).isFalse();
        assertThat(half.isMet(0.5)).isTrue();
        assertThat(half.isMet(0.49)).isFalse();
    }

    @Test
    void save_thenLoad_givesTheSame(@TempDir Path directory) throws Exception {
        add("own", 1, 15.25);
        readings.add(Reading.missing("w", "redis", "no\tredis-server\n"));
        readings.save(directory.resolve("readings.tsv"));

        Readings loaded = Readings.load(directory.resolve("readings.tsv"));

        assertThat(loaded.median("w", "own", P50_MICROS)).hasValue(15.25);
        assertThat(loaded.missing("w", "redis")).isEqualTo("no redis-server ");
        assertThat(loaded.targets("w")).containsExactly("own", "redis");
    }

    @Test
    void parse_ofSomethingElse_throws() {
        assertThatThrownBy(() -> Reading.parse("w\town")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Reading.parse("w\town\t1\tP49_MICROS=3\t"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void values_areWhatWasDoneInTheTime() {
        Outcome outcome = new Outcome();
        for (int i = 1; i <= 100; i++) {
            outcome.done(i * 1_000L);
        }
        outcome.end();
        Map<Measure, Double> values = outcome.values(10, 5);

        assertThat(values.get(P50_MICROS)).isCloseTo(50, within(0.1));
        assertThat(values.get(Measure.P99_MICROS)).isCloseTo(99, within(0.1));
        assertThat(values.get(Measure.SERVER_CPU_MICROS)).isEqualTo(100);
        assertThat(values.get(Measure.CLIENT_CPU_MICROS)).isEqualTo(50);
        assertThat(values.get(Measure.OPS_PER_SECOND)).isPositive();
    }

    @Test
    void values_ofAWindowInWhichNothingWasDone_throws() {
        Outcome outcome = new Outcome();
        outcome.end();
        assertThatThrownBy(() -> outcome.values(1, 1)).isInstanceOf(IllegalStateException.class);
    }

    private void add(String target, int round, double micros) {
        readings.add(Reading.of("w", target, round, Map.of(P50_MICROS, micros)));
    }
}
