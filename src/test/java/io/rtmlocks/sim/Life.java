// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.gateway.GatewaySettings;
import io.rtmlocks.gateway.GatewayVerticle;
import io.rtmlocks.gateway.OpenDoor;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.raft.RaftLogs;
import io.rtmlocks.raft.RaftSettings;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.ShardLog;
import io.rtmlocks.shard.ShardMeters;
import io.rtmlocks.shard.ShardVerticle;
import io.rtmlocks.shard.Sources;
import io.rtmlocks.telemetry.Meters;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One life of a node: the real gateway and the real shards with their real logs, on the platform of one machine. */
final class Life {

    static final int HEARTBEAT_MILLIS = 2_000;
    static final int OFFLINE_AFTER_MILLIS = 6_000;
    static final int REMEMBERED_MILLIS = 300_000;

    private static final String CHARTER = "charter";
    private static final Meters METERS = Meters.unread();
    private static final int BEAT_MILLIS = 500;
    private static final int WATCH_MILLIS = 250;
    private static final int SPREAD_MILLIS = 5_000;
    private static final int PAUSE_MILLIS = 3_000;
    private static final int HAND_OVER_MILLIS = 1_500;
    private static final int DETECTED_WITHIN_MILLIS = 5_000;
    private static final int LIMITS_COUNT = 3;
    private static final int SNAPSHOT_EVERY_BYTES = 5_000;
    private static final int UNLIMITED = 1_000_000;

    private final Simulation simulation;
    private final Platform platform;
    private final Machine machine;
    private final String incarnation;
    private final NodeBus bus;
    private final GatewayVerticle gateway;
    private final List<ShardVerticle> shards = new ArrayList<>();
    private final Map<Integer, ShardLog> logs = new TreeMap<>();
    private final Map<Integer, ShardLog.Host> hosts = new TreeMap<>();

    /** Of which other life of a node it has heard, and when. */
    private final Map<String, Heard> heard = new TreeMap<>();

    private boolean drains;

    private record Heard(String incarnation, long millis) {}

    Life(Simulation simulation, Machine machine, String incarnation, Random random) {
        this.simulation = simulation;
        this.machine = machine;
        this.incarnation = incarnation;
        this.platform = new Platform(machine, simulation::toBus);
        Sources sources = new Sources(machine::utcMillis, machine::nanos, random);
        this.bus = new NodeBus(platform.asVertx(), id(machine.name(), incarnation));
        this.gateway = new GatewayVerticle(settings(machine.name()), new OpenDoor(), bus, sources, METERS);
        RaftLogs raft = new RaftLogs(
                CHARTER,
                machine.name(),
                incarnation,
                Simulation::foundersOf,
                this::addressOf,
                raft(simulation),
                bus,
                sources);
        Limits limits = limits(id(machine.name(), incarnation));
        for (int i = 0; i < Simulation.SHARDS; i++) {
            bus.liveBy(i, CHARTER);
            if (!Simulation.nodesOf(i).contains(machine.name())) {
                continue;
            }
            shards.add(new ShardVerticle(
                    i,
                    limits,
                    sources.clock(PAUSE_MILLIS, OFFLINE_AFTER_MILLIS),
                    bus,
                    watched(raft),
                    new ShardMeters(METERS, sources.nanos())));
        }
    }

    /** As while the nodes are given other settings, one after the other: each starts with limits of its own. */
    private static Limits limits(String id) {
        int ttlMinSeconds = 10 + Math.floorMod(id.hashCode(), LIMITS_COUNT);
        return new Limits(
                ttlMinSeconds, 300, 10, 32, 1_000, 2_000, 2_000, 250_000, 16 * 1024, 2_000, 60_000, 300_000, 1_000);
    }

    private static String id(String node, String incarnation) {
        return node + "-" + incarnation;
    }

    /** The simulation sees what each replica applies before the shard does. */
    private ShardLog.Factory watched(ShardLog.Factory logsOfNode) {
        return (shard, vertx, context, clock, host) -> {
            ShardLog.Host watched = simulation.watching(shard, incarnation + "@" + machine.name(), host);
            hosts.put(shard, host);
            ShardLog log = logsOfNode.open(shard, vertx, context, clock, watched);
            logs.put(shard, log);
            return appending(shard, log);
        };
    }

    /** The simulation sees what a leader is asked to append. */
    private ShardLog appending(int shard, ShardLog log) {
        return (ShardLog) Proxy.newProxyInstance(
                ShardLog.class.getClassLoader(), new Class<?>[] {ShardLog.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("append")) {
                        simulation.watch(invariant -> invariant.onAsked(shard, (Command) arguments[1]));
                    }
                    return method.invoke(log, arguments);
                });
    }

    private static RaftSettings raft(Simulation simulation) {
        return new RaftSettings(
                4, 500, 20, 4_096, 16, simulation.snapshotEveryEntries(), SNAPSHOT_EVERY_BYTES, 2_048, 20, 6_000);
    }

    void start() {
        look();
        platform.deploy(gateway);
        shards.forEach(platform::deploy);
        gateway.listen();
        machine.every(BEAT_MILLIS, this::beat);
        machine.every(WATCH_MILLIS, () -> {
            look();
            bus.onEachShard(shard -> shard.onPresent(present()));
        });
        machine.every(
                SPREAD_MILLIS,
                () -> bus.onEachShard(shard -> {
                    if (!drains) {
                        shard.handOverTo(List.of(Simulation.homeOf(shard.shard())));
                    }
                }));
    }

    private void beat() {
        for (String other : Simulation.NODES) {
            if (!other.equals(machine.name())) {
                simulation.toLife(machine, other, life -> life.onBeat(machine.name(), incarnation));
            }
        }
    }

    private void onBeat(String node, String itsIncarnation) {
        heard.put(node, new Heard(itsIncarnation, machine.monotonicMillis()));
    }

    /** What the failure detector of this node says just now. */
    private void look() {
        heard.values().removeIf(each -> machine.monotonicMillis() - each.millis > DETECTED_WITHIN_MILLIS);
        List<String> addresses = new ArrayList<>();
        present().forEach((node, itsIncarnation) -> addresses.add(NodeBus.addressOf(id(node, itsIncarnation))));
        bus.nodes(new NodeBus.Nodes(Set.copyOf(addresses), Simulation.NODES.size() / 2 + 1));
    }

    private Map<String, String> present() {
        Map<String, String> present = new TreeMap<>();
        heard.forEach((node, each) -> present.put(node, each.incarnation));
        present.put(machine.name(), incarnation);
        return present;
    }

    private @Nullable String addressOf(String node, String itsIncarnation) {
        return itsIncarnation.equals(present().get(node)) ? NodeBus.addressOf(id(node, itsIncarnation)) : null;
    }

    /** It lets go of what it leads, then of its clients. */
    void drain() {
        drains = true;
        bus.onEachShard(shard -> shard.handOverTo(List.copyOf(heard.keySet())));
        machine.after(HAND_OVER_MILLIS, gateway::drain);
    }

    Platform platform() {
        return platform;
    }

    Machine machine() {
        return machine;
    }

    /** Whether each shard's replica here votes. */
    boolean votes() {
        return logs.values().stream().allMatch(ShardLog::votes);
    }

    /** The logs of the shards that have a replica here. */
    Map<Integer, ShardLog> logs() {
        return logs;
    }

    /** What they keep. */
    Map<Integer, ShardLog.Host> hosts() {
        return hosts;
    }

    private static GatewaySettings settings(String node) {
        return new GatewaySettings(
                node,
                "",
                0,
                List.of(),
                Simulation.SHARDS,
                65_536,
                Limits.STANDARD.metadataBytesMax(),
                HEARTBEAT_MILLIS,
                OFFLINE_AFTER_MILLIS,
                1_000,
                REMEMBERED_MILLIS,
                10_000,
                3_000,
                5_000,
                0,
                0,
                100,
                1_000,
                20,
                UNLIMITED,
                160 * 1024,
                UNLIMITED,
                UNLIMITED,
                0,
                new GatewaySettings.Doors(UNLIMITED, 0, 0, 0, 10_000, 8_192),
                "secret");
    }
}
