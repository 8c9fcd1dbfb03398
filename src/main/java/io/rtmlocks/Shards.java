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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;

/** The shards that are hosted on this node. */
final class Shards {

    private static final long PAUSE_MILLIS = 3_000;

    private final Vertx vertx;
    private final Config config;
    private final NodeBus bus;
    private final ShardMeters meters;
    private final List<ShardVerticle> hosted = new CopyOnWriteArrayList<>();
    private List<String> deployed = List.of();

    Shards(Vertx vertx, Config config, NodeBus bus, ShardMeters meters) {
        this.vertx = vertx;
        this.config = config;
        this.bus = bus;
        this.meters = meters;
    }

    /** Hosts these shards with these logs, and those that were hosted before no longer. */
    Future<Void> host(IntPredicate isHere, ShardLog.Factory logs) {
        List<Future<?>> ended = new ArrayList<>();
        deployed.forEach(id -> ended.add(vertx.undeploy(id)));
        bus.hostNothing();
        hosted.clear();
        return Future.join(ended).compose(v -> deploy(isHere, logs));
    }

    /** How much each of them keeps and has to do; may be asked on any context. */
    Future<List<ShardCounts>> counts() {
        return Future.all(hosted.stream().map(ShardVerticle::counts).toList()).map(CompositeFuture::list);
    }

    private Future<Void> deploy(IntPredicate isHere, ShardLog.Factory logs) {
        List<Future<String>> started = new ArrayList<>();
        for (int shard = 0; shard < config.cluster().shards(); shard++) {
            if (isHere.test(shard)) {
                ShardClock clock =
                        Sources.SYSTEM.clock(PAUSE_MILLIS, config.session().offlineAfterMs());
                ShardVerticle verticle = new ShardVerticle(shard, config.tableLimits(), clock, bus, logs, meters);
                started.add(vertx.deployVerticle(verticle).onSuccess(id -> hosted.add(verticle)));
            }
        }
        return Future.join(started).map(all -> {
            deployed = all.list();
            return null;
        });
    }
}
