// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.ReplicaMessage;
import io.rtmlocks.shard.ShardClock;
import io.rtmlocks.shard.ShardLog;
import io.rtmlocks.shard.Sources;
import io.rtmlocks.shard.Steps;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the logs of the shards that have replicas on several nodes; they speak to each other over the bus of the nodes. */
public final class RaftLogs implements ShardLog.Factory {

    private final String charter;
    private final Endpoint self;
    private final IntFunction<Map<String, String>> founders;
    private final BiFunction<String, String, @Nullable String> addresses;
    private final RaftSettings settings;
    private final NodeBus bus;
    private final Sources sources;

    /**
     * @param charter the cluster's: replicas of another one are strangers
     * @param node the name of this node
     * @param incarnation of this start of it
     * @param founders of a shard: with whom it began, incarnations by names of nodes
     * @param addresses where this life of a node is to be reached, null when it is not there
     */
    public RaftLogs(
            String charter,
            String node,
            String incarnation,
            IntFunction<Map<String, String>> founders,
            BiFunction<String, String, @Nullable String> addresses,
            RaftSettings settings,
            NodeBus bus,
            Sources sources) {
        this.charter = charter;
        this.self = new Endpoint(node, incarnation);
        this.founders = founders;
        this.addresses = addresses;
        this.settings = settings;
        this.bus = bus;
        this.sources = sources;
    }

    @Override
    public ShardLog open(int shard, Vertx vertx, Context context, ShardClock clock, ShardLog.Host host) {
        List<Endpoint> endpoints = founders.apply(shard).entrySet().stream()
                .map(each -> new Endpoint(each.getKey(), each.getValue()))
                .sorted(Endpoint.ORDER)
                .collect(Collectors.toList());
        ContextExecutor executor = new ContextExecutor(context, new Steps(vertx, clock::nanos));
        return new HostedReplica(
                shard,
                charter,
                self,
                host,
                replica -> endpoint -> new RaftLog(
                        shard,
                        endpoint,
                        endpoints,
                        settings,
                        new RaftPorts(
                                executor,
                                new Sending(shard, endpoint),
                                clock,
                                sources::monotonicMillis,
                                sources.random()),
                        replica),
                (laggard, message) -> send(shard, laggard, message));
    }

    private @Nullable String addressOf(Endpoint replica) {
        return addresses.apply(replica.node(), Incarnations.ofNode(replica.incarnation()));
    }

    private void send(int shard, Endpoint target, byte[] message) {
        String address = addressOf(target);
        if (address != null) {
            bus.send(address, new ReplicaMessage(shard, message));
        }
    }

    private final class Sending implements RaftTransport {
        private final int shard;
        private final Endpoint sender;

        Sending(int shard, Endpoint sender) {
            this.shard = shard;
            this.sender = sender;
        }

        @Override
        public void send(Endpoint target, byte[] message) {
            RaftLogs.this.send(shard, target, ReplicaEnvelope.seal(charter, sender, target, message));
        }

        @Override
        public boolean isBeside(Endpoint replica, String gateway) {
            return gateway.equals(addressOf(replica));
        }

        @Override
        public boolean isReachable(Endpoint target) {
            return addressOf(target) != null;
        }
    }
}
