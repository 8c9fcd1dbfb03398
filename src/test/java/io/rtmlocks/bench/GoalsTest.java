// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every goal is about something that is measured: a name with a slip would stay "not measured" for ever. */
class GoalsTest {
    private final Catalogue catalogue = new Catalogue(Map.of("own", "own.jar"));

    @Test
    void every_goal_follows_from_a_complete_run() {
        Readings readings = new Readings();
        Map<Measure, Double> all = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            all.put(measure, 2.0);
        }
        for (Workload workload : catalogue.workloads()) {
            for (Target target : catalogue.targets(workload, List.of())) {
                readings.add(Reading.of(workload.name(), target.name(), 1, all));
            }
        }
        assertThat(Goals.ALL)
                .allSatisfy(goal ->
                        assertThat(goal.measured(readings)).as(goal.name()).isPresent());
    }

    @Test
    void the_best_peer_is_the_one_that_is_there() {
        Readings readings = new Readings();
        add(readings, "own", 10);
        add(readings, "redisson", 100);
        readings.add(Reading.missing("handoff-8", "etcd-3", "not present: etcd-server"));
        Goal goal = Goals.ALL.stream()
                .filter(each -> each.name().startsWith("one node / best peer"))
                .findFirst()
                .orElseThrow();

        assertThat(goal.measured(readings)).hasValue(0.1);
        add(readings, "zookeeper-3", 20);
        assertThat(goal.measured(readings)).hasValue(0.5);
        assertThat(goal.isMet(0.5)).isFalse();
    }

    @Test
    void the_table_says_what_was_not_met_and_what_is_not_there(@TempDir Path directory) throws Exception {
        Readings readings = new Readings();
        add(readings, "own", 10);
        add(readings, "floor", 5);
        readings.add(Reading.missing("handoff-8", "etcd-3", "not present: etcd-server"));

        String table = Table.write(readings, directory.resolve("table.md"));

        assertThat(table)
                .contains("| one node / floor, hand-off p50 | ≤ 1.30 | 2.00 | **no** |")
                .contains("| one node / floor, pairs/s, pipelined | ≥ 0.80 | not measured |  |")
                .contains("| handoff-8 | own | 10.00 µs p50 |")
                .contains("| handoff-8 | etcd-3 | not present: etcd-server |");
        assertThat(directory.resolve("table.md")).content().isEqualTo(table);
    }

    @Test
    void an_unknown_name_is_refused() {
        assertThatThrownBy(() -> catalogue.checkNames(List.of("pairs-65"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pairs-64");
        catalogue.checkNames(List.of("pairs-64"), List.of("own-3", "redis"));
    }

    private static void add(Readings readings, String target, double micros) {
        readings.add(Reading.of("handoff-8", target, 1, Map.of(Measure.P50_MICROS, micros)));
    }
}
