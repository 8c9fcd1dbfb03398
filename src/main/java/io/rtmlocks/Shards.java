// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.ShardClock;
import io.rtmlocks.shard.ShardCounts;
import io.rtmlocks.shard.ShardLog;
import io.rtmlocks.shard.ShardMeters;
import io.rtmlocks.shard.ShardVerticle;
import io.rtmlocks.shard.Sources;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The shards that are hosted on this node. */
final class Shards {

    private static final long PAUSE_MILLIS = 3_000;

    private final Vertx vertx;
    private final Config config;
    private final NodeBus bus;
    private final ShardMeters meters;
    private final Map<Integer, ShardVerticle> hosted = new ConcurrentHashMap<>();
    private final Map<Integer, Future<String>> deployed = new HashMap<>();

    Shards(Vertx vertx, Config config, NodeBus bus, ShardMeters meters) {
        this.vertx = vertx;
        this.config = config;
        this.bus = bus;
        this.meters = meters;
    }

    /** Hosts those of these shards that are to be here with these logs. As they were hosted before they are no longer. */
    Future<Void> host(IntStream these, IntPredicate isHere, ShardLog.Factory logs) {
        List<Future<String>> started = new ArrayList<>();
        these.forEach(shard -> {
            Future<?> ended = end(shard);
            if (isHere.test(shard)) {
                Future<String> deploying = ended.compose(v -> deploy(shard, logs));
                deployed.put(shard, deploying);
                started.add(deploying);
            }
        });
        return Future.join(started).mapEmpty();
    }

    private Future<?> end(int shard) {
        bus.hostNoMore(shard);
        hosted.remove(shard);
        Future<String> before = deployed.remove(shard);
        return before == null
                ? Future.succeededFuture()
                : before.compose(vertx::undeploy).otherwiseEmpty();
    }

    /** How much each of them keeps and has to do; may be asked on any context. */
    Future<List<ShardCounts>> counts() {
        return Future.all(hosted.values().stream().map(ShardVerticle::counts).toList())
                .map(CompositeFuture::list);
    }

    private Future<String> deploy(int shard, ShardLog.Factory logs) {
        ShardClock clock = Sources.SYSTEM.clock(PAUSE_MILLIS, config.session().offlineAfterMs());
        ShardVerticle verticle = new ShardVerticle(shard, config.tableLimits(), clock, bus, logs, meters);
        return vertx.deployVerticle(verticle).onSuccess(id -> hosted.put(shard, verticle));
    }
}
