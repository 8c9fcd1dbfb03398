// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.cluster.Charter;
import io.rtmlocks.cluster.Cluster;
import io.rtmlocks.cluster.Member;
import io.rtmlocks.cluster.Placement;
import io.rtmlocks.shard.NodeBus;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Gives away what this node leads and another should: the first node of a shard's placement that does not drain; and when this one
 * drains, any other that does not. What nobody else can have stays. May be called on any context.
 */
final class Leadership {

    private static final int AGAIN_MILLIS = 100;

    private final Vertx vertx;
    private final NodeBus bus;
    private final Cluster cluster;

    Leadership(Vertx vertx, NodeBus bus, Cluster cluster) {
        this.vertx = vertx;
        this.bus = bus;
        this.cluster = cluster;
    }

    static Placement placement(Charter charter) {
        return new Placement(charter.founders().stream().map(Member::name).toList());
    }

    /** Tries once; the answer is how many shards this node led just then though another should, and can. */
    Future<Long> step() {
        return Future.all(bus.askEachShard(
                        shard -> true, shard -> Future.succeededFuture(shard.handOverTo(heirs(shard.shard())))))
                .map(CompositeFuture::<Boolean>list)
                .map(led -> led.stream().filter(each -> each).count());
    }

    /** This node drains: tries until there is nothing left to give, and fails when after this time there is. */
    Future<Void> giveUp(long withinMillis) {
        cluster.drain();
        return handOver(withinMillis);
    }

    private Future<Void> handOver(long withinMillis) {
        return step().compose(left -> {
            if (left == 0) {
                return Future.succeededFuture();
            }
            return withinMillis > 0
                    ? vertx.timer(AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                            .compose(v -> handOver(withinMillis - AGAIN_MILLIS))
                    : Future.failedFuture("it still leads " + left + " shards");
        });
    }

    /** @return who should lead instead of this node, the best first; nobody, when this node should */
    private List<String> heirs(int shard) {
        Charter charter = cluster.charters().get(shard);
        List<String> placement =
                charter == null ? List.of() : placement(charter).of(shard);
        List<String> able =
                placement.stream().filter(node -> !cluster.isDraining(node)).toList();
        return cluster.drains() ? able : able.subList(0, Math.min(1, able.size()));
    }
}
