// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.cluster.Cluster;
import io.rtmlocks.gateway.GatewayCounts;
import io.rtmlocks.gateway.GatewayVerticle;
import io.rtmlocks.ops.Readiness;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.ShardCounts;
import io.rtmlocks.telemetry.Label;
import io.rtmlocks.telemetry.Meters;
import io.rtmlocks.telemetry.Meters.Reading;
import io.rtmlocks.telemetry.Metric;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a node that nobody counts but who can be asked: read when they are to be told, each on the context it
 * belongs to. One that cannot be had in time keeps its last value.
 */
final class NodeReadings {
    private static final int ANSWER_WITHIN_SECONDS = 2;

    private final NodeBus bus;
    private final GatewayVerticle gateway;
    private final Shards shards;
    private final Map<Metric, Reading> readings = new EnumMap<>(Metric.class);
    private final Reading online;
    private final Reading offline;
    private final Reading droppedByNode;
    private final Reading droppedByReplicas;
    private final Reading droppedReports;

    NodeReadings(Meters meters, Config config, NodeBus bus, GatewayVerticle gateway, Shards shards) {
        this.bus = bus;
        this.gateway = gateway;
        this.shards = shards;
        for (Metric metric : List.of(
                Metric.CONNECTIONS,
                Metric.SUBSCRIPTIONS,
                Metric.REQUESTS_IN_FLIGHT,
                Metric.ANONYMOUS,
                Metric.CHANNELS,
                Metric.LOCKS,
                Metric.LOCKS_HELD,
                Metric.WAITERS,
                Metric.QUEUED_COMMANDS,
                Metric.SHARDS_HOSTED,
                Metric.SHARDS_LED,
                Metric.SHARDS_WITHOUT_LEADER,
                Metric.REPLICAS_BEHIND,
                Metric.REPLICA_LAG,
                Metric.REPLICA_RESTARTS,
                Metric.QUORUM,
                Metric.NODES,
                Metric.CLUSTER_SIZE,
                Metric.READY)) {
            readings.put(metric, meters.reading(metric));
        }
        online = meters.reading(Metric.SESSIONS, Label.ONLINE);
        offline = meters.reading(Metric.SESSIONS, Label.OFFLINE);
        droppedByNode = meters.reading(Metric.MESSAGES_DROPPED, Label.NODE);
        droppedByReplicas = meters.reading(Metric.MESSAGES_DROPPED, Label.REPLICA);
        droppedReports = meters.reading(Metric.MESSAGES_DROPPED, Label.REPORT);
        set(Metric.ANONYMOUS, config.isOpenToAll() ? 1 : 0);
        set(Metric.CLUSTER_SIZE, config.cluster().size());
    }

    private void set(Metric metric, long value) {
        Reading reading = readings.get(metric);
        if (reading == null) {
            throw new IllegalArgumentException(metric + " is not read here");
        }
        reading.set(value);
    }

    /** Reads all of them; succeeds also when some could not be had. */
    Future<?> refresh(Readiness.State state, @Nullable Cluster cluster) {
        set(Metric.READY, state.serves() ? 1 : 0);
        set(Metric.QUORUM, bus.nodes().isMajority() ? 1 : 0);
        set(Metric.NODES, bus.nodes().addresses().size());
        droppedByNode.set(bus.droppedMessages());
        droppedReports.set(cluster == null ? 0 : cluster.droppedReports());
        List<Future<?>> asked = new ArrayList<>();
        asked.add(inTime(gateway.counts()).onSuccess(this::onGateway));
        asked.add(inTime(gateway.unreachableShards()).onSuccess(none -> set(Metric.SHARDS_WITHOUT_LEADER, none)));
        asked.add(inTime(shards.counts()).onSuccess(this::onShards));
        return Future.join(asked).otherwiseEmpty();
    }

    private static <T> Future<T> inTime(Future<T> asked) {
        return asked.timeout(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
    }

    private void onGateway(GatewayCounts counts) {
        set(Metric.CONNECTIONS, counts.sockets());
        set(Metric.SUBSCRIPTIONS, counts.subscriptions());
        set(Metric.REQUESTS_IN_FLIGHT, counts.unanswered());
        online.set(counts.online());
        offline.set(counts.sessions() - counts.online());
    }

    private void onShards(List<ShardCounts> all) {
        set(Metric.SHARDS_HOSTED, all.size());
        set(Metric.SHARDS_LED, sum(all, shard -> shard.leads() ? 1 : 0));
        set(Metric.CHANNELS, sum(all, shard -> shard.table().channels()));
        set(Metric.LOCKS, sum(all, shard -> shard.table().locks()));
        set(Metric.LOCKS_HELD, sum(all, shard -> shard.table().held()));
        set(Metric.WAITERS, sum(all, shard -> shard.table().waiters()));
        set(
                Metric.QUEUED_COMMANDS,
                sum(all, shard -> shard.askedCommands() + shard.log().pendingCommands()));
        set(Metric.REPLICAS_BEHIND, sum(all, shard -> shard.log().replicasBehind()));
        set(Metric.REPLICA_RESTARTS, sum(all, shard -> shard.log().restarts()));
        set(
                Metric.REPLICA_LAG,
                all.stream()
                        .mapToLong(shard -> shard.log().lagEntriesMax())
                        .max()
                        .orElse(0));
        droppedByReplicas.set(sum(all, shard -> shard.log().droppedMessages()));
    }

    private static long sum(List<ShardCounts> all, ToLongFunction<ShardCounts> part) {
        return all.stream().mapToLong(part).sum();
    }
}
