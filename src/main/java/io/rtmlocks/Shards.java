// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.ShardClock;
import io.rtmlocks.shard.ShardLog;
import io.rtmlocks.shard.ShardVerticle;
import io.rtmlocks.shard.Sources;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** The shards that are hosted on this node. */
final class Shards {

    private static final long PAUSE_MILLIS = 3_000;

    private final Vertx vertx;
    private final Config config;
    private final NodeBus bus;
    private List<String> deployed = List.of();

    Shards(Vertx vertx, Config config, NodeBus bus) {
        this.vertx = vertx;
        this.config = config;
        this.bus = bus;
    }

    /** Hosts these shards with these logs, and those that were hosted before no longer. */
    Future<Void> host(IntPredicate isHere, ShardLog.Factory logs) {
        List<Future<?>> ended = new ArrayList<>();
        deployed.forEach(id -> ended.add(vertx.undeploy(id)));
        bus.hostNothing();
        return Future.join(ended).compose(v -> deploy(isHere, logs));
    }

    private Future<Void> deploy(IntPredicate isHere, ShardLog.Factory logs) {
        List<Future<String>> started = new ArrayList<>();
        for (int shard = 0; shard < config.cluster().shards(); shard++) {
            if (isHere.test(shard)) {
                ShardClock clock =
                        Sources.SYSTEM.clock(PAUSE_MILLIS, config.session().offlineAfterMs());
                started.add(vertx.deployVerticle(new ShardVerticle(shard, config.tableLimits(), clock, bus, logs)));
            }
        }
        return Future.join(started).map(all -> {
            deployed = all.list();
            return null;
        });
    }
}
