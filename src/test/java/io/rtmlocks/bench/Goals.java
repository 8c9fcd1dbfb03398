// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import static io.rtmlocks.bench.Goal.atLeast;
import static io.rtmlocks.bench.Goal.atMost;
import static io.rtmlocks.bench.Measure.OPS_PER_SECOND;
import static io.rtmlocks.bench.Measure.P50_MICROS;
import static io.rtmlocks.bench.Measure.P99_MICROS;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** All that is to be reached, in the order of the table. */
final class Goals {
    static final List<Goal> ALL = List.of(
            atLeast(0.80, "one node / floor, pairs/s, 64 clients", ratio("pairs-64", OPS_PER_SECOND, "own", "floor")),
            atLeast(0.80, "one node / floor, pairs/s, pipelined", ratio("pairs-64x16", OPS_PER_SECOND, "own", "floor")),
            atMost(1.20, "one node / floor, acquire p50, 1 client", ratio("pairs-1", P50_MICROS, "own", "floor")),
            atLeast(
                    0.50,
                    "three nodes / one node, pairs/s, 64 clients",
                    ratio("pairs-64", OPS_PER_SECOND, "own-3", "own")),
            atLeast(
                    0.50,
                    "three nodes / one node, pairs/s, pipelined",
                    ratio("pairs-64x16", OPS_PER_SECOND, "own-3", "own")),
            atMost(1.30, "one node / floor, hand-off p50", ratio("handoff-8", P50_MICROS, "own", "floor")),
            atMost(
                    2.00,
                    "hand-off p99, 2,000 waiters / 1 waiter",
                    round -> round.value("handoff-2000", "own", P99_MICROS)
                            / round.value("handoff-1", "own", P99_MICROS)));

    private Goals() {}

    private static ToDoubleFunction<Readings.Round> ratio(
            String workload, Measure measure, String ours, String theirs) {
        return round -> round.value(workload, ours, measure) / round.value(workload, theirs, measure);
    }
}
