// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.shard.ShardMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Three nodes, clients that do all that clients do, and one fault after the other; in the end a judgement. */
final class FaultRun implements AutoCloseable {

    private static final int NODES = 3;
    private static final int SHARDS = 16;
    private static final long CALM_MILLIS = 1_500;
    private static final long PAUSE_MILLIS = 4_000;
    private static final long CUT_MILLIS_MIN = 6_000;
    private static final long SERVES_SECONDS_MAX = 45;
    private static final long REFUSES_SECONDS_MAX = 15;
    private static final long LOOK_MILLIS = 50;

    private final FaultPlan plan;
    private final @Nullable Cables cables;
    private final Path directory;
    private final ProcessCluster cluster;
    private final FaultNet net;
    private final FaultLoad load;
    private final FaultReport report = new FaultReport();
    private final Queue<Prober.Probe> probes = new ConcurrentLinkedQueue<>();
    private final List<Prober> probers;
    private final long beganNanos = System.nanoTime();

    FaultRun(FaultPlan plan, List<NodePlace> places, @Nullable Cables cables, Path directory) throws Exception {
        this.plan = plan;
        this.cables = cables;
        this.directory = directory;
        cluster = new ProcessCluster(
                places,
                directory,
                Map.of(
                        "RTM_LIMITS_ACQUIRE_PER_SECOND",
                        "0",
                        "RTM_LIMITS_OPS_PER_SECOND",
                        "0",
                        "RTM_CLUSTER_SECRET",
                        FaultNet.SECRET,
                        "RTM_AUTH_MODE",
                        "jwt",
                        "RTM_AUTH_HMAC_SECRET",
                        FaultNet.SECRET));
        net = new FaultNet(places);
        load = new FaultLoad(net);
        ShardMap map = new ShardMap(SHARDS);
        List<String> channels = IntStream.range(0, SHARDS)
                .mapToObj(shard -> Stream.iterate(0, i -> i + 1)
                        .map(i -> "probe" + i)
                        .filter(name -> map.shardOf(new ChannelKey(ChannelType.MESSAGE, name)) == shard)
                        .findFirst()
                        .orElseThrow())
                .toList();
        probers = IntStream.range(0, NODES)
                .mapToObj(node -> new Prober(net, node, channels, probes))
                .toList();
    }

    /** Inside a {@link Sandbox}: the plan and a directory for logs. */
    public static void main(String[] arguments) {
        Sandbox.endWithParent();
        int status = 2;
        try {
            Cables cables = new Cables(NODES);
            System.out.println(cables.timeText());
            FaultPlan plan = FaultPlan.parse(arguments[0]);
            try (FaultRun run = new FaultRun(plan, cables.places(), cables, Path.of(arguments[1]))) {
                status = run.findings().isEmpty() ? 0 : 1;
            }
        } catch (Exception | Error e) {
            e.printStackTrace();
        }
        System.out.flush();
        Runtime.getRuntime().halt(status);
    }

    /** Does it all, prints the table, and returns what must not be. */
    List<String> findings() throws Exception {
        System.out.printf("faults: %s%n", plan);
        load.start();
        probers.forEach(Prober::start);
        List<String> notServing = new ArrayList<>();
        awaitServing(all(), notServing, "in the beginning");
        int next = 0;
        for (FaultPlan.Fault fault : plan.faults()) {
            probes.clear();
            LoadClient.pause(CALM_MILLIS);
            int node = next++ % NODES;
            System.out.printf("%4d s: %s n%d%n", seconds(), fault, node);
            strike(fault, node);
            awaitServing(all(), notServing, "after " + fault + " of n" + node);
        }
        LoadClient.pause(CALM_MILLIS);
        probers.forEach(Prober::end);
        load.end();
        judge(notServing);
        return report.findings();
    }

    private void judge(List<String> notServing) throws IOException {
        Tally tally = load.tally;
        System.out.printf("%4d s: judging %d records%n", seconds(), tally.history.size());
        List<String> lost = new ArrayList<>(tally.history.unexplainedAnswers());
        lost.addAll(tally.broken);
        report.none("acknowledged changes lost, or unexplained", lost);
        report.none("double grants", tally.history.doubleGrants());
        report.none("events lost", tally.history.eventFaults());
        report.none("nodes that did not serve again", notServing);
        report.none("kills without any that was felt", unfeltKills());
        report.figures();
        report.line("guarded additions", String.valueOf(tally.rounds.get()), "");
        report.line("locks lost by online clients, in all", String.valueOf(tally.locksLost.get()), "");
        report.line("refusals (-14009, -12019) in all", String.valueOf(tally.definiteErrors.get()), "");
        System.out.println(report.table());
        report.findingsInShort().forEach(System.out::println);
        if (!report.findings().isEmpty()) {
            Path inFull = Files.write(directory.resolve("findings.txt"), report.findings());
            System.out.println("in full: " + inFull);
        }
    }

    /** After so many kills some were of a node that led: then it is the probes that say nothing. */
    private List<String> unfeltKills() {
        return plan.kills() >= NODES && report.failOvers.isEmpty()
                ? List.of("no shard was seen to stand still after any of " + plan.kills() + " kills")
                : List.of();
    }

    private long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNanos);
    }

    private static Set<Integer> all() {
        return IntStream.range(0, NODES).boxed().collect(Collectors.toSet());
    }

    private static Set<Integer> allBut(int node) {
        Set<Integer> others = all();
        others.remove(node);
        return others;
    }

    private void strike(FaultPlan.Fault fault, int node) throws Exception {
        switch (fault) {
            case KILL -> kill(node);
            case PAUSE -> {
                cluster.signal(node, "STOP");
                LoadClient.pause(PAUSE_MILLIS);
                cluster.signal(node, "CONT");
            }
            case FULL_CUT -> cutOff(node, () -> laid().cut(node));
            case MUTE -> cutOff(node, () -> laid().mute(node));
            case DEAFEN -> cutOff(node, () -> laid().deafen(node));
            case DEAFEN_TO_ONE -> cutForAWhile(node, () -> laid().deafenTo(node, (node + 1) % NODES));
            case CUT_FROM_CLIENTS -> cutForAWhile(node, () -> laid().cutFromClients(node));
            case ROLLING_RESTART -> restartAll();
        }
    }

    private Cables laid() {
        return Objects.requireNonNull(cables, "no cables to cut");
    }

    private void kill(int node) throws Exception {
        long struck = System.nanoTime();
        cluster.kill(node);
        awaitServing(allBut(node), new ArrayList<>(), "");
        LoadClient.pause(CALM_MILLIS);
        report.failOvers.addAll(new Outage(probes, struck).stallsMillis(allBut(node)));
        cluster.restart(node);
        cluster.awaitReady(node);
    }

    private void cutOff(int node, Runnable cut) throws InterruptedException {
        long struck = System.nanoTime();
        cut.run();
        Set<Integer> majority = allBut(node);
        await(
                SERVES_SECONDS_MAX,
                () -> outage(struck).servesAfterMillis(majority, SHARDS).isPresent());
        await(
                REFUSES_SECONDS_MAX,
                () -> outage(struck).refusesAfterMillis(Set.of(node), SHARDS).isPresent());
        long left = CUT_MILLIS_MIN - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - struck);
        LoadClient.pause(Math.max(0, left));
        laid().heal(node);
        long never = TimeUnit.SECONDS.toMillis(SERVES_SECONDS_MAX);
        report.majorityServes.add(
                outage(struck).servesAfterMillis(majority, SHARDS).orElse(never));
        report.minorityRefuses.add(
                outage(struck).refusesAfterMillis(Set.of(node), SHARDS).orElse(never));
    }

    private Outage outage(long struckNanos) {
        return new Outage(probes, struckNanos);
    }

    private void cutForAWhile(int node, Runnable cut) throws InterruptedException {
        cut.run();
        LoadClient.pause(CUT_MILLIS_MIN);
        laid().heal(node);
    }

    private void restartAll() throws Exception {
        int lost = load.tally.locksLost.get();
        int errors = load.tally.definiteErrors.get();
        for (int node = 0; node < NODES; node++) {
            cluster.drain(node);
            cluster.restart(node);
            cluster.awaitReady(node);
        }
        report.rollingLocksLost += load.tally.locksLost.get() - lost;
        report.rollingDefiniteErrors += load.tally.definiteErrors.get() - errors;
    }

    /** Each of these nodes answers for every shard, asked from now on. */
    private void awaitServing(Set<Integer> nodes, List<String> findings, String when) throws InterruptedException {
        long now = System.nanoTime();
        for (int node : nodes) {
            if (!await(
                    SERVES_SECONDS_MAX,
                    () -> outage(now).servesAfterMillis(Set.of(node), SHARDS).isPresent())) {
                findings.add("n" + node + " does not serve " + when + "; its log: " + cluster.logText(node));
            }
        }
    }

    private static boolean await(long seconds, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LoadClient.pause(LOOK_MILLIS);
        }
        return true;
    }

    @Override
    public void close() {
        net.close();
        cluster.close();
    }
}
