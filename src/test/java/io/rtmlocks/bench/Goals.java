// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import static io.rtmlocks.bench.Goal.atLeast;
import static io.rtmlocks.bench.Goal.atMost;
import static io.rtmlocks.bench.Measure.CPU_MICROS_HOLDING;
import static io.rtmlocks.bench.Measure.CPU_PERCENT_PER_NODE;
import static io.rtmlocks.bench.Measure.HEAP_KIB_PER_LOCK;
import static io.rtmlocks.bench.Measure.KIB_PER_CONNECTION;
import static io.rtmlocks.bench.Measure.OPS_PER_SECOND;
import static io.rtmlocks.bench.Measure.P50_MICROS;
import static io.rtmlocks.bench.Measure.P99_MICROS;
import static io.rtmlocks.bench.Measure.READY_MILLIS;
import static io.rtmlocks.bench.Measure.SERVER_CPU_MICROS;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** All that is to be reached, in the order of the table. */
final class Goals {
    private static final String ONE_BY_ONE = "pairs-64";
    private static final String PIPELINED = "pairs-64x16";
    private static final String ALONE = "pairs-1";
    private static final String HANDOFF = "handoff-8";
    private static final String ACROSS = "handoff-8-across";
    private static final String FANOUT = "fanout-1000";
    private static final String HELD = "held-100000";

    static final List<Goal> ALL = Stream.of(oneNode(), threeNodes(), handOff(), rest())
            .flatMap(List::stream)
            .toList();

    private Goals() {}

    private static List<Goal> oneNode() {
        return List.of(
                atLeast(0.80, "one node / floor, pairs/s, 64 clients one at a time", rate(ONE_BY_ONE, "own", "floor")),
                atLeast(0.80, "one node / floor, pairs/s, pipelined", rate(PIPELINED, "own", "floor")),
                atLeast(1.5, "one node / Redis, pairs/s, pipelined", rate(PIPELINED, "own", "redis")),
                atLeast(5, "one node / Redisson RLock, pairs/s, pipelined", rate(PIPELINED, "own", "redisson")),
                atMost(1.2, "one node / floor, acquire p50, 1 client", ratio(ALONE, P50_MICROS, "own", "floor")));
    }

    private static List<Goal> threeNodes() {
        Stream<Goal> throughput = Stream.of(
                        pairs(0.5, "one node", "own"),
                        pairs(6, "etcd", "etcd-3"),
                        pairs(5, "ZooKeeper", "zookeeper-3"),
                        pairs(2, "Redisson RLock", "redisson"),
                        pairs(0.8, "Redis", "redis"))
                .flatMap(List::stream);
        Stream<Goal> latency = Stream.of(
                atMost(
                        1,
                        "three nodes / (floor + 2 event-bus round trips), acquire p50, 1 client",
                        Goals::withRoundTrips),
                atMost(0.5, "three nodes / etcd, acquire p50, 1 client", ratio(ALONE, P50_MICROS, "own-3", "etcd-3")),
                atMost(
                        0.5,
                        "three nodes / ZooKeeper, acquire p50, 1 client",
                        ratio(ALONE, P50_MICROS, "own-3", "zookeeper-3")));
        return Stream.concat(throughput, latency).toList();
    }

    /** What three nodes are to reach beside another, asked one at a time and pipelined. */
    private static List<Goal> pairs(double least, String theirName, String theirs) {
        String name = "three nodes / " + theirName + ", pairs/s, ";
        return List.of(
                atLeast(least, name + "64 clients one at a time", rate(ONE_BY_ONE, "own-3", theirs)),
                atLeast(least, name + "pipelined", rate(PIPELINED, "own-3", theirs)));
    }

    private static double withRoundTrips(Readings.Round round) {
        return round.value(ALONE, "own-3", P50_MICROS)
                / (round.value(ALONE, "floor", P50_MICROS) + 2 * round.value(ALONE, "bus", P50_MICROS));
    }

    private static List<Goal> handOff() {
        return List.of(
                atMost(1.3, "one node / floor, hand-off p50", ratio(HANDOFF, P50_MICROS, "own", "floor")),
                atMost(0.35, "one node / best peer, hand-off p50", bestPeer(HANDOFF, "own")),
                atMost(0.35, "three nodes, all clients at one / best peer, hand-off p50", bestPeer(HANDOFF, "own-3")),
                atMost(0.6, "three nodes, across / best peer, hand-off p50", bestPeer(ACROSS, "own-3")),
                atMost(2, "one node, hand-off p99, 2,000 waiters / 1 waiter", waiters("own")),
                atMost(2, "three nodes, hand-off p99, 2,000 waiters / 1 waiter", waiters("own-3")));
    }

    private static ToDoubleFunction<Readings.Round> bestPeer(String workload, String ours) {
        return round -> round.value(workload, ours, P50_MICROS)
                / Catalogue.PEERS.stream()
                        .mapToDouble(peer -> round.value(workload, peer, P50_MICROS))
                        .filter(value -> !Double.isNaN(value))
                        .min()
                        .orElse(Double.NaN);
    }

    private static ToDoubleFunction<Readings.Round> waiters(String target) {
        return round -> round.value("handoff-2000", target, P99_MICROS) / round.value("handoff-1", target, P99_MICROS);
    }

    private static List<Goal> rest() {
        return List.of(
                atMost(
                        1.2,
                        "one node / ws, change → last of 1,000 subscribers, p50",
                        ratio(FANOUT, P50_MICROS, "own", "ws")),
                atMost(
                        0.6,
                        "one node / Socket.IO, change → last of 1,000, p50",
                        ratio(FANOUT, P50_MICROS, "own", "socketio")),
                atMost(1.2, "three nodes / ws, change → last of 1,000, p50", ratio(FANOUT, P50_MICROS, "own-3", "ws")),
                atMost(
                        0.6,
                        "three nodes / Socket.IO, change → last of 1,000, p50",
                        ratio(FANOUT, P50_MICROS, "own-3", "socketio")),
                atMost(30, "KiB resident per idle connection, 5,000", value("idle-5000", "own", KIB_PER_CONNECTION)),
                atMost(
                        1.1,
                        "CPU per operation with 100,000 held locks / empty",
                        round -> round.value(HELD, "own", CPU_MICROS_HOLDING)
                                / round.value(HELD, "own", SERVER_CPU_MICROS)),
                atMost(1.5, "KiB of heap per held lock", value(HELD, "own", HEAP_KIB_PER_LOCK)),
                atMost(
                        0.8,
                        "codec / JsonObject decode + encode",
                        ratio("codec", Measure.NANOS_PER_OP, "ours", "JsonObject")),
                atMost(
                        1.8,
                        "one node / bare Vert.x, ready",
                        round -> round.value("start", "own", READY_MILLIS)
                                / round.value("start", "bare-own", READY_MILLIS)),
                atMost(
                        1.5,
                        "three nodes in one process / bare clustered Vert.x, ready",
                        round -> round.value("start-3", "own-dev3", READY_MILLIS)
                                / round.value("start-3", "bare-own-3", READY_MILLIS)),
                atMost(3, "% of a core, each of three idle nodes", value("idle-nodes", "own-3", CPU_PERCENT_PER_NODE)));
    }

    private static ToDoubleFunction<Readings.Round> rate(String workload, String ours, String theirs) {
        return ratio(workload, OPS_PER_SECOND, ours, theirs);
    }

    private static ToDoubleFunction<Readings.Round> ratio(
            String workload, Measure measure, String ours, String theirs) {
        return round -> round.value(workload, ours, measure) / round.value(workload, theirs, measure);
    }

    private static ToDoubleFunction<Readings.Round> value(String workload, String target, Measure measure) {
        return round -> round.value(workload, target, measure);
    }
}
